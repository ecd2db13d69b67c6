import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBech32, encodeBech32 } from '../../../../src/core/keys/age/bech32.ts';
import { runs } from '../../../property.ts';

const problemOf = (text: string): string => {
  try {
    decodeBech32(text);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('Bech32', () => {
  /** The valid and invalid strings of BIP 173; the length limit does not count here. */
  test.each([
    'A12UEL5L',
    'a12uel5l',
    'an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs',
    'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw',
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
    '?1ezyfcl',
  ])('takes %s', (text) => {
    expect(problemOf(text)).toBe('none');
  });

  test.each([
    ['\x201nwldj5', 'invalid character human-readable part: s[0]=32'],
    ['\x7f1axkwrx', 'invalid character human-readable part: s[0]=127'],
    ['pzry9x0s0muk', "separator '1' at invalid position: pos=-1, len=12"],
    ['1pzry9x0s0muk', "separator '1' at invalid position: pos=0, len=13"],
    ['x1b4n0q5v', 'invalid character data part: s[0]=98'],
    ['li1dgmt3', "separator '1' at invalid position: pos=2, len=8"],
    ['A1G7SGD8', 'invalid checksum'],
    ['10a06t8', "separator '1' at invalid position: pos=0, len=7"],
    ['age1Ms667', 'mixed case'],
  ])('refuses %j', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  test('keeps the case of the prefix and gives the bytes', () => {
    expect(decodeBech32('AGE-PLUGIN-DRAWER-1WFJKG8UPJ0U')).toEqual({
      prefix: 'AGE-PLUGIN-DRAWER-',
      bytes: Uint8Array.from(Buffer.from('red')),
    });
  });

  test('reads back what it writes, however long', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1300 }), (bytes) => {
        expect(decodeBech32(encodeBech32('age1pq', bytes))).toEqual({ prefix: 'age1pq', bytes });
      }),
      { numRuns: runs(30) },
    );
  });
});
