import { expect, test } from 'vitest';
import { nodeCrypto } from '../../src/node/crypto.ts';

test('random bytes are given to one caller only', () => {
  const lengths = Array.from({ length: 2000 }, (_, index) => (index % 7 === 0 ? 1000 : 16 + (index % 3) * 8));
  const pieces = lengths.map((length) => nodeCrypto.randomBytes(length));
  expect(pieces.map(({ length }) => length)).toEqual(lengths);
  expect(new Set(pieces.map((piece) => Buffer.from(piece).toString('hex'))).size).toBe(pieces.length);
  const before = pieces.map((piece) => Buffer.from(piece).toString('hex'));
  pieces[1]?.fill(0);
  const changed = pieces.flatMap((piece, index) =>
    Buffer.from(piece).toString('hex') === before[index] ? [] : [index],
  );
  expect(changed).toEqual([1]);
});
