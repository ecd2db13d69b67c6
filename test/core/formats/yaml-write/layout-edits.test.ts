import { describe, expect, it } from 'vitest';
import { yamlFormat } from '../../../../src/core/formats/yaml/yaml-format.ts';
import type { KeyPath } from '../../../../src/core/tree/key-path.ts';
import type { Entry, Node, Tree, Value } from '../../../../src/core/tree/node.ts';
import { setValue } from '../../../../src/core/tree/set.ts';
import { unsetValue } from '../../../../src/core/tree/unset.ts';
import { decrypt, encrypt, shown } from './toy-cipher.ts';

type Data = Value | Data[] | { [key: string]: Data };

function node(data: Data): Node {
  if (Array.isArray(data)) return { kind: 'list', items: data.map(node) };
  if (data !== null && typeof data === 'object' && Object.getPrototypeOf(data) === Object.prototype) {
    const entries = Object.entries(data as Record<string, Data>);
    return { kind: 'map', items: entries.map(([key, value]): Entry => ({ kind: 'entry', key, value: node(value) })) };
  }
  return { kind: 'leaf', value: data as Value };
}

function setting(path: KeyPath, data: Data): (tree: Tree) => void {
  return (tree) => {
    const [document] = tree.documents;
    if (document) setValue(document, path, node(data));
  };
}

function unsetting(...paths: KeyPath[]): (tree: Tree) => void {
  return (tree) => {
    const [document] = tree.documents;
    for (const path of paths) if (document) unsetValue(document, path);
  };
}

/** A text, what is set where, and the text after that: each of a plain text, and of the plain text of an encrypted one. */
const SET: readonly (readonly [rule: string, before: string, path: KeyPath, data: Data, after: string])[] = [
  ['a value keeps its quotes', 'a: "x"  # c\nb: 1\n', ['a'], 'new', 'a: "new"  # c\nb: 1\n'],
  ['and gets those that it needs', 'a: x\n', ['a'], '1', 'a: "1"\n'],
  ['a value of several lines', 'a: x # c\nb: 1\n', ['a'], 'p\nq\n', 'a: | # c\n    p\n    q\nb: 1\n'],
  ['a block for a block stays in its column', 'a: |\n  x\n  z\nb: 1\n', ['a'], 'p\nq\n', 'a: |\n  p\n  q\nb: 1\n'],
  ['a number', "a: 'x'\n", ['a'], 5n, 'a: 5\n'],
  ['a value for null', 'a:\nb: ~\n', ['a'], 'x', 'a: x\nb: ~\n'],
  ['null for a value', 'a: x\n', ['a'], null, 'a: null\n'],
  ['a map for a value', 'a: x # c\nb: 1\n', ['a'], { k: 'v' }, 'a: # c\n    k: v\nb: 1\n'],
  ['a value for a map', 'a: # c\n  k: v\n  # d\nb: 1\n', ['a'], 'x', 'a: x # c\nb: 1\n'],
  ['a list for a map', 'a:\n  k: v\nb: 1\n', ['a'], ['x', ['z']], 'a:\n    - x\n    - - z\nb: 1\n'],
  ['an empty map', 'a: x\n', ['a'], {}, 'a: {}\n'],
  ['a new key behind the last one', 'a: x\n# c\n', ['b'], 'w', 'a: x\n# c\nb: w\n'],
  [
    'a new key in a map, in its column',
    'a:\n  b: x\n  # c\nd: 1\n',
    ['a', 'e'],
    'w',
    'a:\n  b: x\n  # c\n  e: w\nd: 1\n',
  ],
  ['a new key where the last line has no break', 'a: x', ['b'], 'w', 'a: x\nb: w'],
  ['a new map', 'a:\n  b: x\n', ['a', 'e', 'f'], 'w', 'a:\n  b: x\n  e:\n      f: w\n'],
  ['a new key in a flow map', 'a: {b: x} # c\n', ['a', 'e'], 'w', 'a: {b: x, e: w} # c\n'],
  ['a new key in an empty flow map', 'a: { }\n', ['a', 'e'], '1', 'a: {e: "1" }\n'],
  ['a new key in a root in flow style', '{a: x}\n', ['b'], ['w'], '{a: x, b: [w]}\n'],
  ['an element', 'l:\n- x\n- "z" # c\n', ['l', 2], 'w', 'l:\n- x\n- "w" # c\n'],
  ['a map for an element', 'l:\n  - x # c\n  - z\n', ['l', 1], { k: 1n, m: 2n }, 'l:\n  - k: 1 # c\n    m: 2\n  - z\n'],
  ['a new element', 'l:\n- x # c\nb: 1\n', ['l', 2], 'w', 'l:\n- x # c\n- w\nb: 1\n'],
  ['a new element in a flow list', 'l: [x]\n', ['l', 1], 'w: z', "l: [x, 'w: z']\n"],
  ['a value in a map that is an element', 'l:\n  - a: x\n    b: z\n', ['l', 0, 'b'], 'w', 'l:\n  - a: x\n    b: w\n'],
  ['a key in a map that is an element', 'l:\n  -  a: x\n', ['l', 0, 'b'], 'w', 'l:\n  -  a: x\n     b: w\n'],
  ['CR LF', 'a: x\r\nb:\r\n  c: 1\r\n', ['b', 'd'], { k: 'p' }, 'a: x\r\nb:\r\n  c: 1\r\n  d:\r\n      k: p\r\n'],
  ['a value in flow', '{"a":"x","b":1}\n', ['b'], 'w', '{"a":"x","b":w}\n'],
];

const UNSET: readonly (readonly [rule: string, before: string, paths: KeyPath[], after: string])[] = [
  ['an entry', 'a: x\nb: z\n', [['a']], 'b: z\n'],
  ['the last entry', 'a: x\n\nb: z\n# c\n', [['b']], 'a: x\n\n# c\n'],
  ['the last entry without a line break', 'a: x\nb: z', [['b']], 'a: x'],
  ['an entry whose comments stay', 'a: x\n# c\nb: z # d\nc: 1\n', [['b']], 'a: x\n# c\n# d\nc: 1\n'],
  ['a map with its comments', 'a:\n  # c\n  b: x\n  # d\n# e\nf: 1\n', [['a']], '# e\nf: 1\n'],
  ['a block', 'a: |\n  # x\n\n  z\nb: 1\n', [['a']], 'b: 1\n'],
  ['what stands behind a block that keeps its breaks', 'a: >+\n  x\n  z\nb: w\n\n\n', [['b']], 'a: >+\n  x\n  z\n'],
  ['the first entry behind a dash', 'l:\n  - a: x\n    b: z\n', [['l', 0, 'a']], 'l:\n  - b: z\n'],
  ['an element', 'l:\n- x\n- z # c\n- w\n', [['l', 0]], 'l:\n- z # c\n- w\n'],
  ['a map as an element', 'l:\n- a: x\n  b: z\n- w\n', [['l', 0]], 'l:\n- w\n'],
  [
    'all entries of a map',
    'a:\n  b: x\n  c: z\nd: 1\n',
    [
      ['a', 'b'],
      ['a', 'c'],
    ],
    'a: {}\nd: 1\n',
  ],
  ['all elements of a list', 'a: # c\n- x\nd: 1\n', [['a', 0]], 'a: [] # c\nd: 1\n'],
  ['all entries behind a dash', 'l:\n- a: x\n- w\n', [['l', 0, 'a']], 'l:\n- {}\n- w\n'],
  ['everything', 'a: x\nb: z\n', [['a'], ['b']], '{}\n'],
  ['in flow: the first', 'a: {b: x, c: z}\n', [['a', 'b']], 'a: {c: z}\n'],
  ['in flow: the last', 'a: [x, z , w ]\n', [['a', 2]], 'a: [x, z  ]\n'],
  [
    'in flow: all',
    'a: [ x, z ]\n',
    [
      ['a', 1],
      ['a', 0],
    ],
    'a: [  ]\n',
  ],
];

describe('changes of a text', () => {
  it.each(SET)('set: %s', (_, before, path, data, after) => {
    const tree = yamlFormat.parse(before, 'plain');
    setting(path, data)(tree);
    expect(yamlFormat.emit(tree, { form: 'plain' })).toBe(after);
  });

  it.each(SET)('set while it is encrypted: %s', (_, before, path, data, after) => {
    expect(decrypt(encrypt(before, setting(path, data)))).toBe(after);
    expect(decrypt(encrypt(before), setting(path, data))).toBe(after);
  });

  it.each(UNSET)('unset: %s', (_, before, paths, after) => {
    const tree = yamlFormat.parse(before, 'plain');
    unsetting(...paths)(tree);
    expect(yamlFormat.emit(tree, { form: 'plain' })).toBe(after);
  });

  it.each(UNSET)('unset while it is encrypted: %s', (_, before, paths, after) => {
    expect(decrypt(encrypt(before, unsetting(...paths)))).toBe(after);
    expect(decrypt(encrypt(before), unsetting(...paths))).toBe(after);
  });

  it('one line for a block gets no block', () => {
    const tree = yamlFormat.parse('a: |\n  x\n  z\nb: 1\n', 'plain');
    setting(['a'], 'p')(tree);
    expect(yamlFormat.emit(tree, { form: 'plain' })).toBe('a: p\nb: 1\n');
  });

  it('an alias is written out where its anchor, or what it stands for, has changed', () => {
    const before = 'a: &x {k: 1}\nb: *x\nc: *x\n';
    const change = setting(['b', 'k'], 2n);
    expect(decrypt(encrypt(before), change)).toBe('a: &x {k: 1}\nb:\n    k: 2\nc: *x\n');
    const changed = encrypt(before, setting(['a', 'k'], 3n));
    expect(decrypt(changed)).toBe('a: &x {k: 3}\nb:\n    k: 1\nc:\n    k: 1\n');
  });

  it('an alias is written out where its anchor is gone', () => {
    const tree = yamlFormat.parse('a: &x [1]\nb: *x\n', 'plain');
    unsetting(['a'])(tree);
    expect(yamlFormat.emit(tree, { form: 'plain' })).toBe('b:\n    - 1\n');
  });

  it('a ciphertext that did not change stays where it is, note and all', () => {
    const text = encrypt('a: yes\nb: x\n');
    const tree = yamlFormat.parse(text, 'encrypted');
    const [document] = tree.documents;
    const entry = document?.items[1];
    if (entry?.kind !== 'entry' || entry.value.kind !== 'leaf') throw new TypeError('no leaf');
    entry.value = { ...entry.value, value: 'new', ciphertext: 'ENC[AES256_GCM,data:bmV3,iv:aXY=,tag:dGFn,type:str]' };
    expect(shown(String(yamlFormat.emit(tree, { form: 'encrypted' })))).toBe('a: ENC(str:yes) ~p\nb: ENC(str:new)\n');
  });

  it('a ciphertext that was made again keeps the note', () => {
    const tree = yamlFormat.parse(encrypt('a: yes\n'), 'encrypted');
    const [entry] = tree.documents[0]?.items ?? [];
    if (entry?.kind !== 'entry' || entry.value.kind !== 'leaf') throw new TypeError('no leaf');
    entry.value.ciphertext = 'ENC[AES256_GCM,data:eWVz,iv:aXY=,tag:dGFn,type:str]';
    expect(shown(String(yamlFormat.emit(tree, { form: 'encrypted' })))).toBe('a: ENC(str:yes) ~p\n');
  });

  it('a comment that is an element of an encrypted list stays one when something new comes', () => {
    const comment = 'ENC[AES256_GCM,data:Yw==,iv:aXY=,tag:dGFn,type:comment]';
    const text = `l:\n  - ${comment}\n  - ENC[AES256_GCM,data:eA==,iv:aXY=,tag:dGFn,type:str]\nb: 1\n`;
    const tree = yamlFormat.parse(text, 'encrypted');
    const list = tree.documents[0]?.items.find((item) => item.kind === 'entry')?.value;
    if (list?.kind !== 'list') throw new TypeError('no list');
    list.items[0] = { kind: 'comment', text: 'c', inline: false, ciphertext: comment, origin: list.items[0]?.origin };
    setting(['d'], 'w')(tree);
    expect(yamlFormat.emit(tree, { form: 'encrypted' })).toBe(`${text}d: w\n`);
  });

  it('items in another order are written in that order', () => {
    const tree = yamlFormat.parse('# c\na: "x"\nb: z\nc: w\n', 'plain');
    const [comment, a, b, c] = tree.documents[0]?.items ?? [];
    if (!tree.documents[0] || !comment || !a || !b || !c) throw new TypeError('too few items');
    tree.documents[0].items = [comment, b, c, a];
    expect(yamlFormat.emit(tree, { form: 'plain' })).toBe('# c\nb: z\nc: w\na: x\n');
  });

  it('a new comment gets a line of its own', () => {
    const tree = yamlFormat.parse('a: x\nb: z\n', 'plain');
    tree.documents[0]?.items.splice(1, 0, { kind: 'comment', text: ' c', inline: false });
    expect(yamlFormat.emit(tree, { form: 'plain' })).toBe('a: x\n# c\nb: z\n');
  });

  it('a document more is no reason to lose data', () => {
    const tree = yamlFormat.parse('a: x\n', 'plain');
    tree.documents.push({ kind: 'map', items: [] });
    expect(yamlFormat.emit(tree, { form: 'plain' })).toBe('a: x\n---\n{}\n');
  });
});
