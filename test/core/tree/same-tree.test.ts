import { describe, expect, it } from 'vitest';
import type { Entry, Leaf, MapNode, Tree, Value } from '../../../src/core/tree/node.ts';
import { isSameTree, isSameValue } from '../../../src/core/tree/same-tree.ts';
import { Timestamp } from '../../../src/core/tree/timestamp.ts';

function entry(key: string, value: Entry['value']): Entry {
  return { kind: 'entry', key, value };
}

function leaf(value: Value, more: Partial<Leaf> = {}): Leaf {
  return { kind: 'leaf', value, ...more };
}

function tree(...items: MapNode['items']): Tree {
  return { documents: [{ kind: 'map', items }] };
}

describe('two trees', () => {
  it('are the same whatever their origins and ciphertexts', () => {
    const list = (origin: unknown): Entry['value'] => ({
      kind: 'list',
      items: [leaf(1n, { origin }), leaf(true)],
      origin,
    });
    const one = tree(entry('a', list(1)), { kind: 'comment', text: ' c', inline: false, ciphertext: 'ENC' });
    const other = tree(entry('a', list(2)), { kind: 'comment', text: ' c', inline: false });
    expect(isSameTree(one, other)).toBe(true);
  });

  it('differ by keys, order, values, spellings, comments, length and number of documents', () => {
    const base = tree(entry('a', leaf(1)), entry('b', leaf('x')));
    const others = [
      tree(entry('b', leaf('x')), entry('a', leaf(1))),
      tree(entry('a', leaf(1n)), entry('b', leaf('x'))),
      tree(entry('a', leaf(1, { spelling: '1.0' })), entry('b', leaf('x'))),
      tree(entry('a', leaf(1)), entry('b', { kind: 'map', items: [] })),
      tree(entry('a', leaf(1)), { kind: 'comment', text: 'x', inline: false }),
      tree(entry('a', leaf(1))),
      tree(entry('a', leaf(1)), entry('b', leaf('x')), entry('c', leaf(null))),
      { documents: [...base.documents, ...base.documents] },
    ];
    expect(others.map((other) => isSameTree(base, other))).toEqual(others.map(() => false));
  });

  it('may be nested a hundred thousand levels deep', () => {
    const deep = (): Tree => {
      let node: Entry['value'] = leaf('x');
      for (let level = 0; level < 100_000; level++) node = { kind: 'list', items: [node] };
      return tree(entry('a', node));
    };
    expect(isSameTree(deep(), deep())).toBe(true);
  });
});

describe('two values', () => {
  it('are the same when type and content are', () => {
    const bytes = new Uint8Array([1, 255]);
    expect(isSameValue(Number.NaN, Number.NaN)).toBe(true);
    expect(isSameValue(bytes, new Uint8Array([1, 255]))).toBe(true);
    expect(isSameValue(new Timestamp('2020-01-01T00:00:00Z'), new Timestamp('2020-01-01T00:00:00Z'))).toBe(true);
    const pairs: [Value, Value][] = [
      [0, -0],
      [1, 1n],
      ['1', 1n],
      [null, ''],
      [bytes, new Uint8Array([1])],
      [bytes, 'x'],
      [new Timestamp('2020-01-01T00:00:00Z'), '2020-01-01T00:00:00Z'],
    ];
    expect(pairs.map(([one, other]) => isSameValue(one, other))).toEqual(pairs.map(() => false));
  });
});
