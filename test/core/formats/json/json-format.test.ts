import { describe, expect, it } from 'vitest';
import { FormatError, SopsError } from '../../../../src/core/errors.ts';
import { jsonFormat } from '../../../../src/core/formats/json/json-format.ts';
import type { Entry, Leaf, MapNode, Node, Tree, Value } from '../../../../src/core/tree/node.ts';
import { Timestamp } from '../../../../src/core/tree/timestamp.ts';

function parse(text: string): Tree {
  return jsonFormat.parse(text, 'plain');
}

function valueOf(literal: string): Leaf {
  const entry = parse(`{"k": ${literal}}`).documents[0]?.items[0] as Entry;
  return entry.value as Leaf;
}

function errorOf(run: () => unknown): SopsError {
  try {
    run();
  } catch (error) {
    return error as SopsError;
  }
  throw new Error('no error');
}

function leaf(value: Value): Leaf {
  return { kind: 'leaf', value };
}

function treeOf(entries: Record<string, Node>): Tree {
  const items = Object.entries(entries).map(([key, value]): Entry => ({ kind: 'entry', key, value }));
  return { documents: [{ kind: 'map', items }] };
}

describe('reading JSON', () => {
  // Values from the reference program.
  it.each<[string, Value]>([
    ['0', 0n],
    ['-0', 0n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775808', 9223372036854775808],
    ['1.0', 1],
    ['1E5', 100000],
    ['-0.0', -0],
    ['1e-400', 0],
    ['"a\\ud800b"', 'a\ufffdb'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\ude00\\ud83d"', '\ufffd\ufffd'],
    ['"\\/\\b\\f\\n\\r\\t\\"\\\\"', '/\b\f\n\r\t"\\'],
    ['"\udc80"', '\ufffd'],
    ['null', null],
    ['true', true],
  ])('reads %s as the reference program does', (literal, value) => {
    expect(valueOf(literal).value).toBe(value);
  });

  it.each([
    ['1.0', '1.0'],
    ['1E5', '1E5'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.5', undefined],
    ['-0.0', undefined],
    ['100', undefined],
  ])('keeps the spelling of %s where it differs from the canonical one', (literal, spelling) => {
    expect(valueOf(literal).spelling).toBe(spelling);
  });

  it('keeps keys in file order, given twice, empty, or named like members of objects', () => {
    const keys = ['10', '9', '__proto__', '', 'a', 'a', 'constructor'];
    const tree = parse(`{${keys.map((key) => `"${key}":1`).join(',')}}`);
    expect(tree.documents[0]?.items.map((item) => item.kind === 'entry' && item.key)).toEqual(keys);
  });

  it.each([
    ['', 'EOF'],
    [
      '["s3cr3t"]',
      'SOPS only supports JSON files with a top-level object (starting with \'{\'), not arrays or other types. Got delimiter [ instead. To encrypt this file, wrap it in an object, e.g., {"data": [...]}',
    ],
    [
      '"s3cr3t"',
      "SOPS only supports JSON files with a top-level object (starting with '{'), not other JSON types. Got a value of type string instead",
    ],
    [
      'null',
      "SOPS only supports JSON files with a top-level object (starting with '{'), not other JSON types. Got a value of type <nil> instead",
    ],
    [
      '42',
      "SOPS only supports JSON files with a top-level object (starting with '{'), not other JSON types. Got a value of type int instead",
    ],
    [
      '4.2',
      "SOPS only supports JSON files with a top-level object (starting with '{'), not other JSON types. Got a value of type float64 instead",
    ],
    ['{"a": 1} s3cr3t', 'invalid character after top-level value at line 1, column 10'],
    ['{"a": 1}\n{"b": 2}', 'invalid character after top-level value at line 2, column 1'],
    ['{"a": ["x", "y"', 'unexpected end of JSON input at line 1, column 16'],
    ['{"a":', 'unexpected end of JSON input at line 1, column 6'],
    ['{"a": 1,}', 'invalid character looking for beginning of object key string at line 1, column 9'],
    ['{"a": [1,]}', 'invalid character looking for beginning of value at line 1, column 10'],
    ['{"a" 1}', 'invalid character after object key at line 1, column 6'],
    ['{"a": 1 "b"}', 'invalid character after object key:value pair at line 1, column 9'],
    ['{"a": 1e400}', 'number out of range at line 1, column 7'],
    ['{"a": 01}', 'invalid character after object key:value pair at line 1, column 8'],
    ['{"a": -}', 'invalid character in numeric literal at line 1, column 7'],
    ['{"a": NaN}', 'invalid character looking for beginning of value at line 1, column 7'],
    ['{"a": "one\ntwo"}', 'invalid character in string literal at line 1, column 11'],
    ['{"a": "\\x"}', 'invalid character in string escape code at line 1, column 9'],
    ['{"a": "\\u12g4"}', 'invalid character in \\u hexadecimal character escape at line 1, column 10'],
    ['\ufeff{}', 'invalid character looking for beginning of value at line 1, column 1'],
    ['{// x\n}', 'invalid character looking for beginning of object key string at line 1, column 2'],
  ])('refuses %j without showing any of it', (text, reason) => {
    const error = errorOf(() => parse(text));
    expect(error).toBeInstanceOf(FormatError);
    expect([error.code, error.message]).toEqual(['unreadable-input', `Could not unmarshal input data: ${reason}`]);
  });

  it('reads nesting of any depth', () => {
    const text = `{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}`;
    expect(parse(text).documents.length).toBe(1);
  });
});

describe('writing JSON', () => {
  it('escapes strings and keys as the reference program does', () => {
    const texts = [
      '',
      'a<b>&c',
      '\u2028\u2029',
      'tab\t nl\n cr\r bs\b ff\f',
      '\u0000\u001f\u007f',
      '"\\/',
      'é😀\ufffd',
      '\udc80\udcff x',
      '\ufeff',
    ];
    const tree = treeOf(Object.fromEntries(texts.map((text) => [text, leaf(text)])));
    // Recorded from the reference program.
    expect(jsonFormat.emit(tree, { form: 'plain' })).toBe(
      '{\n\t"": "",\n\t"a\\u003cb\\u003e\\u0026c": "a\\u003cb\\u003e\\u0026c",\n\t"\\u2028\\u2029": "\\u2028\\u2029",\n' +
        '\t"tab\\t nl\\n cr\\r bs\\b ff\\f": "tab\\t nl\\n cr\\r bs\\b ff\\f",\n\t"\\u0000\\u001f\u007f": "\\u0000\\u001f\u007f",\n' +
        '\t"\\"\\\\/": "\\"\\\\/",\n\t"é😀\ufffd": "é😀\ufffd",\n\t"\\ufffd\\ufffd x": "\\ufffd\\ufffd x",\n\t"\ufeff": "\ufeff"\n}\n',
    );
  });

  const values = treeOf({
    t: leaf(new Timestamp('2001-12-14T21:59:43.1+02:00')),
    e: { kind: 'map', items: [{ kind: 'comment', text: 'x', inline: false }] },
    l: {
      kind: 'list',
      items: [
        { kind: 'comment', text: 'x', inline: false },
        leaf(-0),
        leaf(1e21),
        leaf(1e-7),
        leaf(true),
        leaf(null),
        leaf(5n),
      ],
    },
  });

  // Recorded from the reference program.
  it.each([
    [
      3,
      '{\n   "t": "2001-12-14T21:59:43.1+02:00",\n   "e": {},\n   "l": [\n      -0,\n      1e+21,\n      1e-7,\n      true,\n      null,\n      5\n   ]\n}\n',
    ],
    [0, '{\n"t": "2001-12-14T21:59:43.1+02:00",\n"e": {},\n"l": [\n-0,\n1e+21,\n1e-7,\ntrue,\nnull,\n5\n]\n}\n'],
  ])('writes every type with an indentation of %i as the reference program does', (indent, text) => {
    expect(jsonFormat.emit(values, { form: 'plain', indent })).toBe(text);
  });

  it('writes a tree with the indentation of the settings where it has no layout', () => {
    expect(jsonFormat.emit(treeOf({ a: leaf(1n) }), { form: 'plain', defaultIndent: 1 })).toBe('{\n "a": 1\n}\n');
  });

  it('writes the whole text anew when an indentation is given', () => {
    expect(jsonFormat.emit(parse('{"a" : 1.0,"b":"<"}'), { form: 'plain', indent: 2 })).toBe(
      '{\n  "a": 1,\n  "b": "\\u003c"\n}\n',
    );
  });

  it('never rounds an integer beyond int64', () => {
    expect(jsonFormat.emit(parse('{"a": 12345678901234567890}'), { form: 'plain', indent: 2 })).toBe(
      '{\n  "a": 12345678901234567890\n}\n',
    );
  });

  it('writes a list comment that was encrypted as its ciphertext, and no comment in plain text', () => {
    const tree = treeOf({
      l: { kind: 'list', items: [{ kind: 'comment', text: 'note', inline: false, ciphertext: 'ENC[x]' }, leaf(1n)] },
    });
    expect(jsonFormat.emit(tree, { form: 'encrypted' })).toBe('{\n\t"l": [\n\t\t"ENC[x]",\n\t\t1\n\t]\n}\n');
    expect(jsonFormat.emit(tree, { form: 'plain' })).toBe('{\n\t"l": [\n\t\t1\n\t]\n}\n');
  });

  it.each<[Tree, string]>([
    [
      treeOf({
        a: { kind: 'map', items: [{ kind: 'entry', key: 'b', value: { kind: 'list', items: [leaf(Number.NaN)] } }] },
      }),
      'Error marshaling to json: Error encoding value : Error encoding value : json: unsupported value: NaN',
    ],
    [
      treeOf({ a: leaf(Number.POSITIVE_INFINITY) }),
      'Error marshaling to json: Error encoding value : json: unsupported value: +Inf',
    ],
    [{ documents: [] }, 'Error marshaling to json: a JSON file holds one document, not 0'],
    [
      {
        documents: [
          { kind: 'map', items: [] },
          { kind: 'map', items: [] },
        ],
      },
      'Error marshaling to json: a JSON file holds one document, not 2',
    ],
  ])('refuses what JSON cannot hold, when it is checked and when it is written', (tree, message) => {
    const written = errorOf(() => jsonFormat.emit(tree, { form: 'encrypted' }));
    const checked = errorOf(() => {
      jsonFormat.checkHolds(tree, 'encrypted');
    });
    expect([written.code, written.message, checked.code, checked.message]).toEqual(['dump', message, 'dump', message]);
  });

  it('writes the first of several documents in clear', () => {
    const tree: Tree = { documents: [...parse('{"a":1}').documents, ...parse('{"b":2}').documents] };
    expect(jsonFormat.emit(tree, { form: 'plain' })).toBe('{\n\t"a": 1\n}\n');
  });

  it('refuses an indentation below -1', () => {
    const error = errorOf(() => jsonFormat.emit(parse('{}'), { form: 'plain', indent: -2 }));
    expect([error.code, error.message]).toEqual([
      'dump',
      'Error marshaling to json: JSON Indentation parameter smaller than -1 is not accepted',
    ]);
  });

  it.each([undefined, 0])('writes ten thousand levels and no more (indentation %s)', (indent) => {
    const nested = (levels: number): Tree => parse(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    expect((jsonFormat.emit(nested(9_999), { form: 'plain', indent }) as string).length).toBeGreaterThan(19_998);
    expect(errorOf(() => jsonFormat.emit(nested(10_000), { form: 'plain', indent })).message).toBe(
      'Error marshaling to json: exceeded max depth',
    );
  });

  it.each<[Leaf | { kind: 'list'; items: Node[] }, string]>([
    [leaf(7n), '7'],
    [leaf(1.5), '1.5'],
    [leaf(true), 'true'],
    [leaf(null), 'null'],
    [leaf(new Timestamp('2001-12-14T21:59:43.1+02:00')), '"2001-12-14T21:59:43.1+02:00"'],
    [
      { kind: 'list', items: [leaf(1n), { kind: 'list', items: [] }, { kind: 'map', items: [] }] },
      '[\n  1,\n  [],\n  {}\n]',
    ],
  ])('prints one value without a line break at its end', (node, text) => {
    expect(jsonFormat.emitValue(node, { form: 'plain', indent: 2 })).toBe(text);
  });

  it('offers an example with the keys that the reference program has there', () => {
    expect(jsonFormat.emit(jsonFormat.example(), { form: 'plain' })).toBe(
      '{\n\t"hello": "Welcome! Change this file as you like.",\n\t"example_key": "example_value",\n\t"example_array": [\n\t\t"example_value1",\n' +
        '\t\t"example_value2"\n\t],\n\t"example_number": 1234.56789,\n\t"example_booleans": [\n\t\ttrue,\n\t\tfalse\n\t]\n}\n',
    );
  });
});

describe('keeping the layout of JSON', () => {
  const sops: Entry = {
    kind: 'entry',
    key: 'sops',
    value: { kind: 'map', items: [{ kind: 'entry', key: 'mac', value: leaf('m') }] },
  };

  it.each([
    ['{"a":1}', '{"a":1,"sops":{"mac":"m"}}'],
    ['{"a": 1}', '{"a": 1, "sops": {"mac": "m"}}'],
    ['{ "a": 1, "b": 2 }\n', '{ "a": 1, "b": 2, "sops": {"mac": "m"} }\n'],
    ['{}', '{\n\t"sops": {\n\t\t"mac": "m"\n\t}\n}'],
    ['{ }', '{"sops": {"mac": "m"} }'],
    ['{\r\n  "a": 1\r\n}\r\n', '{\r\n  "a": 1,\r\n  "sops": {\r\n    "mac": "m"\r\n  }\r\n}\r\n'],
    ['{\n"a": 1\n}', '{\n"a": 1,\n"sops": {\n"mac": "m"\n}\n}'],
    ['{ "a" : 1,\n\n  "b": [1]}', '{ "a" : 1,\n\n  "b": [1],\n  "sops" : {\n    "mac" : "m"\n  }}'],
  ])('appends the metadata to %j in its own style', (text, expected) => {
    const tree = parse(text);
    tree.documents[0]?.items.push(sops);
    expect(jsonFormat.emit(tree, { form: 'encrypted' })).toBe(expected);
  });

  const document = '{\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": { "d": true },\n  "e": {}\n}\n';
  it.each<[string, (root: MapNode) => void, string]>([
    [
      'removes the first entry',
      (root) => root.items.splice(0, 1),
      '{\n  "b": [1, 2, 3],\n\n  "c": { "d": true },\n  "e": {}\n}\n',
    ],
    ['removes entries in the middle', (root) => root.items.splice(1, 2), '{\n  "a": 1,\n  "e": {}\n}\n'],
    [
      'removes the last entry',
      (root) => root.items.splice(3, 1),
      '{\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": { "d": true }\n}\n',
    ],
    ['removes all entries', (root) => root.items.splice(0), '{}\n'],
    [
      'removes an only entry',
      (root) => itemsOf(root, 2).pop(),
      '{\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": {},\n  "e": {}\n}\n',
    ],
    [
      'removes an element',
      (root) => itemsOf(root, 1).splice(1, 1),
      '{\n  "a": 1,\n  "b": [1, 3],\n\n  "c": { "d": true },\n  "e": {}\n}\n',
    ],
    [
      'replaces an element',
      (root) => itemsOf(root, 1).splice(1, 1, leaf('x')),
      '{\n  "a": 1,\n  "b": [1, "x", 3],\n\n  "c": { "d": true },\n  "e": {}\n}\n',
    ],
    [
      'appends an element',
      (root) => itemsOf(root, 1).push(leaf(4n)),
      '{\n  "a": 1,\n  "b": [1, 2, 3, 4],\n\n  "c": { "d": true },\n  "e": {}\n}\n',
    ],
    [
      'adds to an object on one line',
      (root) =>
        itemsOf(root, 2).push({ kind: 'entry', key: 'n', value: { kind: 'list', items: [leaf(1n), leaf(2n)] } }),
      '{\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": { "d": true, "n": [1, 2] },\n  "e": {}\n}\n',
    ],
    [
      'adds to an empty object',
      (root) => itemsOf(root, 3).push({ kind: 'entry', key: 'n', value: leaf('<') }),
      '{\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": { "d": true },\n  "e": {\n    "n": "\\u003c"\n  }\n}\n',
    ],
    [
      'adds at the end of the root',
      (root) => root.items.push({ kind: 'entry', key: 'n', value: { kind: 'list', items: [leaf(1n)] } }),
      '{\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": { "d": true },\n  "e": {},\n  "n": [\n    1\n  ]\n}\n',
    ],
    [
      'adds at the start of the root',
      (root) => root.items.unshift({ kind: 'entry', key: 'n', value: leaf(1n) }),
      '{\n  "n": 1,\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": { "d": true },\n  "e": {}\n}\n',
    ],
    [
      'replaces an object by a scalar',
      (root) => void ((root.items[2] as Entry).value = leaf('s')),
      '{\n  "a": 1,\n  "b": [1, 2, 3],\n\n  "c": "s",\n  "e": {}\n}\n',
    ],
    [
      'renames a key',
      (root) => void ((root.items[0] as Entry).key = 'z'),
      '{\n  "z": 1,\n  "b": [1, 2, 3],\n\n  "c": { "d": true },\n  "e": {}\n}\n',
    ],
  ])('%s', (_, edit, expected) => {
    const tree = parse(document);
    edit(tree.documents[0] as MapNode);
    expect(jsonFormat.emit(tree, { form: 'plain' })).toBe(expected);
  });

  function itemsOf(root: MapNode, index: number): (Entry | Leaf)[] {
    return ((root.items[index] as Entry).value as MapNode).items as Entry[];
  }

  it.each([
    ['"caf\\u00e9"', ' ~a'],
    ['"a\\/b"', ' ~s'],
    ['"<&>"', ' ~h'],
    ['"<\\u00C9\\/"', ' ~hsA'],
    ['"\\u0061b\\u0063"', ' ~x0l2l'],
    ['"plain é"', ''],
    ['0.0000001', ' ~d'],
    ['1.0', ''],
  ])('marks the spelling of %s behind its ciphertext as %j', (literal, note) => {
    const tree = parse(`{"k":${literal}}`);
    ((tree.documents[0]?.items[0] as Entry).value as Leaf).ciphertext = 'ENC[x]';
    expect(jsonFormat.emit(tree, { form: 'encrypted' })).toBe(`{"k":"ENC[x]${note}"}`);
  });
});
