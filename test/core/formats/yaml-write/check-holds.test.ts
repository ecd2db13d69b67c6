import { describe, expect, it } from 'vitest';
import { yamlFormat } from '../../../../src/core/formats/yaml/yaml-format.ts';
import type { Comment, Entry, MapNode, Node, Tree } from '../../../../src/core/tree/node.ts';

function entry(key: string, value: Node = { kind: 'leaf', value: 'x' }): Entry {
  return { kind: 'entry', key, value };
}

function tree(...items: (Entry | Comment)[]): Tree {
  return { documents: [{ kind: 'map', items }] };
}

function nested(depth: number): MapNode {
  let map: MapNode = { kind: 'map', items: [entry('a')] };
  for (let i = 1; i < depth; i++) map = { kind: 'map', items: [entry('a', map)] };
  return map;
}

describe('what YAML can hold', () => {
  it.each([
    ['keys that are not the same', tree(entry('a'), entry('b'))],
    ['the same key in two maps', tree(entry('a', nested(1)), entry('b', nested(1)))],
    ['strings of any characters', tree(entry('\u0000\n', { kind: 'leaf', value: '\u0000\u2028\t' }))],
    ['comments', tree({ kind: 'comment', text: ' é\t🎉', inline: false }, entry('a'))],
    ['ten thousand levels', { documents: [nested(10_000)] }],
  ])('it holds %s', (_, held) => {
    expect(() => {
      yamlFormat.checkHolds(held, 'encrypted');
    }).not.toThrow();
  });

  it.each([
    ['a key twice', tree(entry('a'), entry('b'), entry('a')), 'a map has a key twice', []],
    [
      'a key twice in a list',
      tree(entry('l', { kind: 'list', items: [{ kind: 'map', items: [entry('s'), entry('s')] }] })),
      'a map has a key twice',
      ['l', 0],
    ],
    [
      'a comment with a control character',
      tree({ kind: 'comment', text: 'a\u0001', inline: false }),
      'a comment has characters that YAML does not allow',
      [],
    ],
    [
      'an integer that is a uint64 to go-yaml',
      tree(entry('a'), entry('b', { kind: 'leaf', value: 2 ** 64, spelling: '18446744073709551615' })),
      'an integer from 2^63 to 2^64 - 1 cannot be encrypted',
      ['b'],
    ],
    ['more levels', { documents: [nested(10_001)] }, 'a document nests too deep', ['a']],
    ['far more levels', { documents: [nested(100_000)] }, 'a document nests too deep', ['a']],
  ])('it does not hold %s', (_, held, problem, location) => {
    expect(() => {
      yamlFormat.checkHolds(held, 'encrypted');
    }).toThrow(expect.objectContaining({ code: 'dump', message: `Error marshaling to YAML: ${problem}`, location }));
  });
});
