import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combineShares, splitSecret } from '../../../src/core/keys/shamir.ts';
import { runs } from '../../property.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
const random = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));

/** Spec section 23: 2 of 3 shares of 00 01 … 1f, made by the reference program. */
const shares = [
  'ba3bacd54c192f0482d8aa6eec7da19e8a257079748c020612fa333f523e4e3201',
  '6f7545b4943d540107b051c1d7ed4b363f79d6c7d43c3e350cc44853805bbe4502',
  'd54feb62dc217d028d61f1a4379de4a7a54db4adb4a52a2406276177ce78ee6803',
].map(bytes);
const [first = secret, second = secret, third = secret] = shares;

describe('combining', () => {
  test.each([
    ['the first two', [first, second]],
    ['the last two, in any order', [third, second]],
    ['the outer two', [first, third]],
    ['all three', shares],
  ])('gives the secret from %s of the reference shares', (_name, some) => {
    expect([...combineShares(some)]).toEqual([...secret]);
  });

  test.each([
    ['one share', [first], 'less than two parts cannot be used to reconstruct the secret'],
    ['no share', [], 'less than two parts cannot be used to reconstruct the secret'],
    ['shares of one byte', [bytes('01'), bytes('02')], 'parts must be at least two bytes'],
    ['shares of different length', [first, bytes('0102')], 'all parts must be the same length'],
    ['the same share twice', [first, first], 'duplicate part detected'],
    ['two shares at one position', [first, Uint8Array.from([...second.slice(0, -1), 1])], 'duplicate part detected'],
  ])('refuses %s', (_name, some, message) => {
    expect(() => combineShares(some)).toThrow(expect.objectContaining({ code: 'no-data-key', message }));
  });
});

describe('splitting', () => {
  test('puts the position behind the share, counted from one', () => {
    expect(splitSecret(secret, 3, 2, random).map((share) => [share.length, share.at(-1)])).toEqual([
      [33, 1],
      [33, 2],
      [33, 3],
    ]);
  });

  test.each([
    [2, 3, 'parts cannot be less than threshold'],
    [256, 2, 'parts cannot exceed 255'],
    [300, 256, 'parts cannot exceed 255'],
    [3, 1, 'threshold must be at least 2'],
    [3, 0, 'threshold must be at least 2'],
  ])('refuses %d parts with threshold %d', (parts, threshold, message) => {
    expect(() => splitSecret(secret, parts, threshold, random)).toThrow(
      expect.objectContaining({ code: 'generic', message }),
    );
  });

  test('refuses an empty secret', () => {
    expect(() => splitSecret(new Uint8Array(0), 2, 2, random)).toThrow('cannot split an empty secret');
  });

  test('any parts as many as the threshold give the secret back, fewer do not', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 40 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 2, max: 12 }),
        fc.infiniteStream(fc.nat()),
        (text, one, other, choices) => {
          const parts = Math.max(one, other);
          const threshold = Math.min(one, other);
          const all = splitSecret(text, parts, threshold, random);
          const chosen = [...all].sort(() => ((choices.next().value ?? 0) % 3) - 1).slice(0, threshold);
          expect([...combineShares(chosen)]).toEqual([...text]);
          expect([...combineShares(all)]).toEqual([...text]);
          if (threshold > 2) expect([...combineShares(chosen.slice(1))]).not.toEqual([...text]);
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('works for the most parts that there can be', () => {
    const all = splitSecret(secret, 255, 200, random);
    expect([...combineShares(all.slice(-200))]).toEqual([...secret]);
  });
});
