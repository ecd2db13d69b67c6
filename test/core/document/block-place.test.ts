import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { insertBlock } from '../../../src/core/document/block-place.ts';

const BLOCK = 'sops:\n  mac: x\n';

describe('a block', () => {
  it('at the end goes to the end of what was edited', () => {
    for (const edited of ['a: 2\n', 'a: 1\nb: 2\n', '# only a comment\n', 'z: 0\na: 1\n']) {
      expect(insertBlock(edited, 'a: 1\n', `a: 1\n${BLOCK}`)).toBe(edited + BLOCK);
    }
  });

  it('in front stays in front', () => {
    for (const edited of ['a: 2\n', 'a: 1\nb: 2\n', 'z: 0\na: 1\n']) {
      expect(insertBlock(edited, 'a: 1\n', `${BLOCK}a: 1\n`)).toBe(BLOCK + edited);
    }
  });

  it('between lines stays between them when those on one side did not change', () => {
    const complete = `a: 1\n${BLOCK}b: 2\nc: 3\n`;
    expect(insertBlock('a: 1\nb: 9\nc: 3\n', 'a: 1\nb: 2\nc: 3\n', complete)).toBe(`a: 1\n${BLOCK}b: 9\nc: 3\n`);
    expect(insertBlock('a: 9\nb: 2\nc: 3\n', 'a: 1\nb: 2\nc: 3\n', complete)).toBe(`a: 9\n${BLOCK}b: 2\nc: 3\n`);
  });

  it('inside of what was changed has no place', () => {
    expect(insertBlock('a: 9\nb: 9\n', 'a: 1\nb: 2\n', `a: 1\n${BLOCK}b: 2\n`)).toBeUndefined();
  });

  it('that began a line has no place behind a line without an end', () => {
    expect(insertBlock('a: 2', 'a: 1\n', `a: 1\n${BLOCK}`)).toBeUndefined();
  });

  it('at the end that does not end its line has no place', () => {
    expect(insertBlock('a: 2', 'a: 1', `a: 1\n${BLOCK.trimEnd()}`)).toBeUndefined();
  });

  it('within a line goes there again', () => {
    const former = '{"a": 1}\n';
    const complete = '{"a": 1, "sops": {}}\n';
    expect(insertBlock('{"a": 1, "b": 2}\n', former, complete)).toBe('{"a": 1, "b": 2, "sops": {}}\n');
  });
});

test('several blocks go to their documents', () => {
  const former = 'a: 1\n---\nb: 2\n---\nc: 3\n';
  const complete = `a: 1\n${BLOCK}---\nb: 2\n${BLOCK}---\nc: 3\n${BLOCK}`;
  expect(insertBlock('a: 1\n---\nb: 9\nd: 4\n---\nc: 3\n', former, complete)).toBe(
    `a: 1\n${BLOCK}---\nb: 9\nd: 4\n${BLOCK}---\nc: 3\n${BLOCK}`,
  );
});

test('a text that is not the complete one less something gives nothing', () => {
  expect(insertBlock('a: 1\n', 'a: 1\nb: 2\n', `b: 2\n${BLOCK}a: 1\n`)).toBeUndefined();
});

test('an unchanged text becomes the complete one', () => {
  const lines = fc.array(fc.constantFrom('a: 1\n', 'b: 2\n', '---\n', '\n', '  - x\n'), { maxLength: 8 });
  fc.assert(
    fc.property(lines, fc.nat(8), (before, at) => {
      const former = before.join('');
      const complete = [...before.slice(0, at), BLOCK, ...before.slice(at)].join('');
      expect(insertBlock(former, former, complete)).toBe(complete);
    }),
  );
});
