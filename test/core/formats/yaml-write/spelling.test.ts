import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readValue } from '../../../../src/core/cipher/wire-value.ts';
import { resolvePlain } from '../../../../src/core/formats/yaml/resolve.ts';
import { sourceOf, spellingOf } from '../../../../src/core/formats/yaml/spelling.ts';
import type { Value } from '../../../../src/core/tree/node.ts';
import { Timestamp } from '../../../../src/core/tree/timestamp.ts';
import { runs } from '../../../property.ts';

/** A YAML word and the plaintext that carries it; Go's Atoi, ParseFloat, ParseBool and UnmarshalText read them as the value. */
const CARRIED: readonly (readonly [string, string])[] = [
  ['+5', '+5'],
  ['-0', '-0'],
  ['0644', '0420'],
  ['0o644', '00420'],
  ['0x1a4', '000420'],
  ['0x1A4', '0000420'],
  ['0b110100100', '00000420'],
  ['0X1a4', '000000420'],
  ['-0x1F', '-000031'],
  ['-0x1f', '-00031'],
  ['1_000_000', '00000000001000000'],
  ['00', '00'],
  ['3.0', '3.0'],
  ['1e3', '1e3'],
  ['1.50', '1.50'],
  ['.5', '.5'],
  ['5.', '5.'],
  ['0.00001', '00.00001'],
  ['1000000.5', '01000000.5'],
  ['08123', '008123'],
  ['100000000000000000000', '0100000000000000000000'],
  ['-0.0', '-0.0'],
  ['.INF', 'INF'],
  ['.Inf', 'Infinity'],
  ['+.inf', '+inf'],
  ['-.Inf', '-Infinity'],
  ['.NaN', 'nan'],
  ['.NAN', 'NAN'],
  ['True', 'T'],
  ['TRUE', 'TRUE'],
  ['False', 'F'],
  ['FALSE', 'FALSE'],
  ['2020-01-02', '2020-01-02T00:00:00.00000000030000Z'],
  ['2020-1-2', '2020-01-02T00:00:00.00000000032400Z'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14T21:59:43.10000000010020-05:00'],
  ['2001-12-14 21:59:43.1', '2001-12-14T21:59:43.10000000020010Z'],
  ['2001-12-14T21:59:43+00:00', '2001-12-14T21:59:43.00000000000001Z'],
];

/** Words that are what the canonical style writes. */
const CANONICAL = [
  '0',
  '5',
  '-5',
  '1.5',
  '1e+06',
  '1e-05',
  'true',
  'false',
  '.inf',
  '-.inf',
  '.nan',
  '2020-01-02T00:00:00Z',
];

function valueOf(word: string): Exclude<Value, string | null | Uint8Array> {
  const value = resolvePlain(word, true);
  if (value === null || typeof value === 'string' || value instanceof Uint8Array)
    throw new TypeError(`not typed: ${word}`);
  return value;
}

function typeOf(value: ReturnType<typeof valueOf>): 'int' | 'float' | 'bool' | 'time' {
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  return typeof value === 'boolean' ? 'bool' : 'time';
}

const digits = fc.stringMatching(/^\d{1,6}$/);
const words = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '+', '-'), fc.constantFrom('', '0', '0o', '0x', '0X', '0b', '00'), digits)
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom('', '+', '-'),
      digits,
      fc.constantFrom('', '.', '.0', '.50'),
      fc.constantFrom('', 'e5', 'E-3'),
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
      fc.constantFrom('', 'T1:2:3Z', 't01:02:03.50+01:00', ' 9:0:0'),
    )
    .map(([month, day, time]) => `2020-${month}-${day}${time}`),
);

describe('spellings on the wire', () => {
  it.each(CARRIED)('%s is carried as %s', (word, plaintext) => {
    expect(spellingOf(word, valueOf(word))).toBe(plaintext);
    expect(sourceOf(plaintext, valueOf(word))).toBe(word);
  });

  it.each(CANONICAL)('the canonical %s needs no spelling', (word) => {
    expect(spellingOf(word, valueOf(word))).toBeUndefined();
  });

  it.each([
    ['1', true],
    ['t', true],
    ['0x1p4', 16],
    ['infinity', Infinity],
    ['2020-01-02T00:00:00.0Z', new Timestamp('2020-01-02T00:00:00Z')],
  ])('%s, which another program may have written, is no text of YAML', (plaintext, value) => {
    expect(sourceOf(plaintext, value)).toBeUndefined();
  });

  it('what is carried is read as the same value and comes back', () => {
    fc.assert(
      fc.property(words, (word) => {
        const resolved = resolvePlain(word, true);
        fc.pre(resolved !== null && typeof resolved !== 'string');
        const value = valueOf(word);
        const plaintext = spellingOf(word, value);
        if (plaintext === undefined) return;
        expect(readValue(typeOf(value), plaintext)?.value).toEqual(value);
        expect(sourceOf(plaintext, value)).toBe(word);
      }),
      { numRuns: runs(2000) },
    );
  });
});
