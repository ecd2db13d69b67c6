import { describe, expect, it } from 'vitest';
import { FormatError, SopsError } from '../../../../src/core/errors.ts';
import { dotenvFormat } from '../../../../src/core/formats/dotenv/dotenv-format.ts';
import type { Entry, MapNode, Node, Tree, Value } from '../../../../src/core/tree/node.ts';
import { Timestamp } from '../../../../src/core/tree/timestamp.ts';

function items(text: string): unknown[] {
  const tree = dotenvFormat.parse(text, 'plain');
  return (tree.documents[0] as MapNode).items.map((item) => {
    if (item.kind === 'comment') return `#${item.text}`;
    return [item.key, item.value.kind === 'leaf' ? item.value.value : undefined];
  });
}

function treeOf(...entries: [string, Value | Node][]): Tree {
  const isNode = (value: Value | Node): value is Node => typeof value === 'object' && value !== null && 'kind' in value;
  return {
    documents: [
      {
        kind: 'map',
        items: entries.map(
          ([key, value]): Entry => ({ kind: 'entry', key, value: isNode(value) ? value : { kind: 'leaf', value } }),
        ),
      },
    ],
  };
}

function errorOf(run: () => unknown): SopsError {
  try {
    run();
  } catch (error) {
    return error as SopsError;
  }
  throw new Error('no error');
}

describe('reading dotenv', () => {
  // Recorded from the reference program.
  it.each<[string, unknown[]]>([
    ['', []],
    ['\n\nA=1\n\n', [['A', '1']]],
    ['A=1', [['A', '1']]],
    ['# note\n#x=1\n#\n', ['# note', '#x=1', '#']],
    ['=v\n', [['', 'v']]],
    [' # x=y\n', [[' # x', 'y']]],
    ['export A = "b"  \n', [['export A ', ' "b"  ']]],
    ['A=1\r\n#c\r\n', [['A', '1\r'], '#c\r']],
    ['A=x\\ny\\\\n\n', [['A', 'x\ny\\\n']]],
    ['A=\\t\\r\\"\n', [['A', '\\t\\r\\"']]],
    [
      'A=1\nA=2\n',
      [
        ['A', '1'],
        ['A', '2'],
      ],
    ],
    ['\ufeffA=1\n', [['\ufeffA', '1']]],
    ['A==\n', [['A', '=']]],
  ])('reads %j as the reference program does', (text, expected) => {
    expect(items(text)).toEqual(expected);
  });

  it('keeps bytes that are not UTF-8', () => {
    const bytes = Uint8Array.of(0x41, 0x3d, 0xe9, 0xff, 0x0a, 0x23, 0x80, 0x0a);
    expect(dotenvFormat.emit(dotenvFormat.parse(bytes, 'plain'), { form: 'plain' })).toEqual(bytes);
  });

  it.each([
    ['A=1\nsk_live_s3cr3t\n', 2, 'no "=" in line 2'],
    ['s3cr3t: value\n', 1, 'no "=" in line 1'],
    ['A=1\r\n\r\nB=2\r\n', 2, 'no "=" in line 2'],
    ['  \n', 1, 'no "=" in line 1'],
    ['K="s3cr3t\nabc==\nlast=x"\n', 1, 'the quoted value in line 1 goes on over several lines'],
    ["A=1\nK='s3cr3t\nabc=\nB=1\nx=y'  # end\n", 2, 'the quoted value in line 2 goes on over several lines'],
  ])('refuses %j without showing any of it', (text, line, reason) => {
    const error = errorOf(() => dotenvFormat.parse(text, 'plain'));
    expect(error).toBeInstanceOf(FormatError);
    expect([error.code, error.message, (error as FormatError).line]).toEqual([
      'unreadable-input',
      `invalid dotenv input line: ${reason}`,
      line,
    ]);
  });

  it.each([
    'A="\nB=2\n',
    'A="x\nB="y"\nC=z"\n',
    "A='tis\n# don't\nB=it's here\n",
    'A="x\\"y"\nB="\n',
    "A=it's\nB='x'\n",
  ])('takes a quote that no later line closes for a character: %j', (text) => {
    expect(dotenvFormat.emit(dotenvFormat.parse(text, 'plain'), { form: 'plain' })).toBe(text);
  });

  it('does not look for quotes in an encrypted file', () => {
    expect(dotenvFormat.parse('A="x\nB=y"\n', 'encrypted').documents[0]?.items.length).toBe(2);
  });
});

describe('writing dotenv', () => {
  it('writes scalars as the reference program does, null as an empty value', () => {
    const tree = treeOf(
      ['S', 'a\nb'],
      ['I', 42n],
      ['T', true],
      ['F', 1000000],
      ['G', 1],
      ['D', new Timestamp('2020-01-02T03:04:05.678Z')],
      ['N', null],
    );
    expect(dotenvFormat.emit(tree, { form: 'plain' })).toBe(
      'S=a\\nb\nI=42\nT=true\nF=1E+06\nG=1.0\nD=2020-01-02T03:04:05Z\nN=\n',
    );
  });

  it('drops blank lines and ends every line when an indentation is given, as the reference program does', () => {
    const tree = dotenvFormat.parse('\nA=1\n\n#c\nB=2', 'plain');
    expect(dotenvFormat.emit(tree, { form: 'plain', indent: 2 })).toBe('A=1\n#c\nB=2\n');
  });

  it.each<[Tree, string]>([
    [treeOf(['A', { kind: 'map', items: [] }]), 'cannot use complex value in dotenv file; offending key A'],
    [treeOf(['A', { kind: 'list', items: [] }]), 'cannot use complex value in dotenv file; offending key A'],
    [treeOf(['A=B', 'x']), 'cannot use a key with "=", a line break or a leading "#" in a dotenv file'],
    [treeOf(['#A', 'x']), 'cannot use a key with "=", a line break or a leading "#" in a dotenv file'],
    [treeOf(['A\nB', 'x']), 'cannot use a key with "=", a line break or a leading "#" in a dotenv file'],
    [{ documents: [] }, 'a dotenv file holds one document, not 0'],
    [{ documents: [...treeOf().documents, ...treeOf().documents] }, 'a dotenv file holds one document, not 2'],
  ])('refuses what dotenv cannot hold, when it is checked and when it is written', (tree, message) => {
    const written = errorOf(() => dotenvFormat.emit(tree, { form: 'plain' }));
    const checked = errorOf(() => {
      dotenvFormat.checkHolds(tree, 'encrypted');
    });
    expect([written.code, written.message, checked.code, checked.message]).toEqual(['dump', message, 'dump', message]);
  });

  it('refuses to encrypt null, which would come back as text', () => {
    const check = errorOf(() => {
      dotenvFormat.checkHolds(treeOf(['A', null]), 'encrypted');
    });
    expect([check.code, check.message]).toEqual(['dump', 'cannot use null in a dotenv file']);
    expect(() => {
      dotenvFormat.checkHolds(treeOf(['A', null]), 'plain');
    }).not.toThrow();
  });

  it('refuses a clear value that would be read as another in an encrypted file', () => {
    const tree = treeOf(['A', 'C:\\new']);
    expect(dotenvFormat.emit(tree, { form: 'plain' })).toBe('A=C:\\new\n');
    expect(errorOf(() => dotenvFormat.emit(tree, { form: 'encrypted' })).code).toBe('dump');
  });

  // Texts from the reference program.
  it.each<[Value, string]>([
    [1n, 'int'],
    [1, 'float64'],
    [true, 'bool'],
    [null, '<nil>'],
    [new Timestamp('2020-01-02T03:04:05Z'), 'time.Time'],
  ])('prints no single value but strings', (value, type) => {
    const error = errorOf(() => dotenvFormat.emitValue({ kind: 'leaf', value }, { form: 'plain' }));
    expect([error.code, error.message]).toEqual([
      'dump',
      `the dotenv store only supports emitting strings, got ${type}`,
    ]);
  });

  it('offers an example with the keys that the reference program has there', () => {
    const text = dotenvFormat.emit(dotenvFormat.example(), { form: 'plain' }) as string;
    expect(text.split('\n').map((line) => line.replace(/=.*/, '='))).toEqual([
      '# An example file.',
      'hello=',
      'example_key=',
      'example_multiline=',
      '',
    ]);
    expect(text).toContain('example_multiline=foo\\nbar\\nbaz\n');
  });
});

describe('keeping the layout of dotenv', () => {
  const text = '# a\n\nA=1\n\nB=2\nC=3\n\n';
  const added = (key: string): Entry => ({ kind: 'entry', key, value: { kind: 'leaf', value: 'new' } });

  it.each<[string, (root: MapNode) => void, string]>([
    ['removes a line and keeps the blank ones', (root) => root.items.splice(2, 1), '# a\n\nA=1\n\nC=3\n\n'],
    ['removes the first line', (root) => root.items.splice(0, 1), '\nA=1\n\nB=2\nC=3\n\n'],
    ['adds a line behind the last', (root) => root.items.push(added('N')), '# a\n\nA=1\n\nB=2\nC=3\nN=new\n\n'],
    [
      'adds a line in front of the first',
      (root) => root.items.unshift(added('N')),
      'N=new\n# a\n\nA=1\n\nB=2\nC=3\n\n',
    ],
    [
      'puts new metadata at the very end',
      (root) => root.items.push(added('N'), added('sops_mac'), added('sops_version')),
      '# a\n\nA=1\n\nB=2\nC=3\nN=new\n\nsops_mac=new\nsops_version=new\n',
    ],
    [
      'changes one value',
      (root) => void ((root.items[1] as Entry).value = { kind: 'leaf', value: 'x\ny' }),
      '# a\n\nA=x\\ny\n\nB=2\nC=3\n\n',
    ],
  ])('%s', (_, edit, expected) => {
    const tree = dotenvFormat.parse(text, 'plain');
    edit(tree.documents[0] as MapNode);
    expect(dotenvFormat.emit(tree, { form: 'plain' })).toBe(expected);
  });

  it('ends the last line before it adds metadata', () => {
    const tree = dotenvFormat.parse('A=1', 'plain');
    tree.documents[0]?.items.push(added('sops_mac'));
    expect(dotenvFormat.emit(tree, { form: 'encrypted' })).toBe('A=1\nsops_mac=new\n');
  });
});
