import { describe, expect, test } from 'vitest';
import { parseDecryptionOrder, sortByDecryptionOrder } from '../../../src/core/keys/decryption-order.ts';
import type { KeyTypeName, MasterKey } from '../../../src/core/keys/master-key.ts';

const group = (...types: KeyTypeName[]): MasterKey[] =>
  types.map((type, index) => ({ type, fields: {}, enc: String(index) }));
const order = (keys: readonly MasterKey[]): string[] => keys.map(({ type, enc }) => `${type}${enc}`);

describe('the decryption order', () => {
  test.each([
    ['', ['age', 'pgp']],
    ['pgp', ['pgp']],
    ['kms,age', ['kms', 'age']],
    ['pgp, age', ['pgp', ' age']],
    ['foo,', ['foo', '']],
  ])('reads %j without trimming or checking names', (text, expected) => {
    expect(parseDecryptionOrder(text)).toEqual(expected);
  });

  test('refuses a name that comes twice', () => {
    expect(() => parseDecryptionOrder('age,pgp,age')).toThrow(
      expect.objectContaining({ code: 'invalid-decryption-order', message: 'Duplicate decryption key type: age' }),
    );
  });

  test('puts the types that it names first and leaves the rest in the order of the file', () => {
    const keys = group('kms', 'pgp', 'age', 'hc_vault', 'pgp', 'age');
    expect(order(sortByDecryptionOrder(keys, ['age', 'pgp']))).toEqual([
      'age2',
      'age5',
      'pgp1',
      'pgp4',
      'kms0',
      'hc_vault3',
    ]);
    expect(order(sortByDecryptionOrder(keys, []))).toEqual(['kms0', 'pgp1', 'age2', 'hc_vault3', 'pgp4', 'age5']);
    expect(order(keys)).toEqual(['kms0', 'pgp1', 'age2', 'hc_vault3', 'pgp4', 'age5']);
  });
});
