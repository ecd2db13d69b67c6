import { describe, expect, test } from 'vitest';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import type { Node } from '../../../../src/core/tree/node.ts';

function nestedBlocks(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`);
  return `${lines.join('\n')} 1\n`;
}

function nestedBrackets(levels: number): string {
  return `a: ${'['.repeat(levels)}${']'.repeat(levels)}\n`;
}

function depthOf(text: string): number {
  let node: Node | undefined = readYaml(text).documents[0];
  let depth = 0;
  while (node !== undefined && node.kind !== 'leaf') {
    depth++;
    const [item]: (Node | { kind: 'entry'; value: Node } | { kind: 'comment' })[] = node.items;
    node = item === undefined || item.kind === 'comment' ? undefined : item.kind === 'entry' ? item.value : item;
  }
  return depth;
}

describe('nesting', () => {
  test('10,000 levels of blocks are read', () => {
    expect(depthOf(nestedBlocks(10_000))).toBe(10_000);
  });

  test('10,000 levels of brackets are read', () => {
    expect(depthOf(nestedBrackets(10_000))).toBe(10_001);
  });

  test('one level more is an error', () => {
    expect(() => readYaml(nestedBlocks(10_001))).toThrow(/^yaml: line 10001: exceeded max depth of 10000$/);
    expect(() => readYaml(nestedBrackets(10_001))).toThrow(/^yaml: exceeded max depth of 10000$/);
  });

  test('100,000 levels are an error', () => {
    expect(() => readYaml(nestedBrackets(100_000))).toThrow(/exceeded max depth of 10000$/);
    expect(() => readYaml(`a:\n  ${'- '.repeat(100_000)}x\n`)).toThrow(/exceeded max depth of 10000$/);
  });
});

describe('aliases', () => {
  const bomb = Array.from(
    { length: 8 },
    (_, i) =>
      `${'abcdefgh'[i] ?? ''}: &x${String(i)} [${
        i === 0
          ? 'x'
          : Array(10)
              .fill(`*x${String(i - 1)}`)
              .join(', ')
      }]\n`,
  );

  test('a bomb is refused in the first document', () => {
    expect(() => readYaml(bomb.join(''))).toThrow(/^yaml: document contains excessive aliasing$/);
  });

  test('a bomb is refused in a later document', () => {
    expect(() => readYaml(`z: 1\n---\n${bomb.join('')}`)).toThrow(
      /^Error unmarshaling input YAML: yaml: document contains excessive aliasing$/,
    );
  });

  test('comments do not multiply without limit either', () => {
    const comments = '  # c\n'.repeat(2_000);
    const aliases = Array.from({ length: 2_000 }, (_, i) => `c${String(i)}: *x\n`).join('');
    expect(() => readYaml(`a: &x\n${comments}  b: 1\n${aliases}`)).toThrow(/excessive aliasing$/);
  });

  test('many aliases of a small map are read', () => {
    const aliases = Array.from({ length: 400 }, (_, i) => `c${String(i)}: *x\n`).join('');
    expect(readYaml(`a: &x {b: 1}\n${aliases}`).documents[0]?.items).toHaveLength(401);
  });
});

test('a scalar of 20 MB on one line is read', () => {
  const value = 'x y'.repeat(7_000_000);
  expect(readYaml(`a: ${value}\n`).documents[0]?.items[0]).toMatchObject({ value: { value } });
  expect(readYaml(`a: "${value}"\n`).documents[0]?.items[0]).toMatchObject({ value: { value } });
});

test('hundreds of thousands of comments, keys and elements are read', () => {
  const count = 300_000;
  expect(readYaml(`a: 1\n${'# c\n'.repeat(count)}`).documents[0]?.items).toHaveLength(count + 1);
  expect(readYaml(`${'# c\n'.repeat(count)}\na: 1\n`).documents[0]?.items).toHaveLength(count + 1);
  const entries = Array.from({ length: count }, (_, i) => `k${String(i)}: v`);
  expect(readYaml(entries.join('\n')).documents[0]?.items).toHaveLength(count);
  expect(readYaml(`{${entries.join(', ')}}`).documents[0]?.items).toHaveLength(count);
});
