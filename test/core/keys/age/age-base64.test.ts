import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  base64Problem,
  decodePadded,
  decodeUnpadded,
  encodeUnpadded,
} from '../../../../src/core/keys/age/age-base64.ts';
import { decodeBase64, encodeBase64 } from '../../../../src/core/tree/base64.ts';

const at = (byte: number): string => `illegal base64 data at input byte ${String(byte)}`;

describe('base64 of the age format', () => {
  /** What Go's strict decoders say of each text, with padding and without; undefined where they take it. */
  test.each([
    ['QUE!', at(3), at(3)],
    ['QUE', at(0), undefined],
    ['QU', at(0), at(0)],
    ['Q', at(0), at(0)],
    ['QUE=x', at(4), at(3)],
    ['QUE=QUE=', at(4), at(3)],
    ['QU=x', at(2), at(2)],
    ['QU=', at(3), at(2)],
    ['Q===', at(1), at(1)],
    ['=', at(0), at(0)],
    ['QUF=', at(3), at(3)],
    ['QR==', at(2), at(2)],
    ['QUFB=', at(4), at(4)],
    ['QUFBQQ', at(4), undefined],
    ['QUFBQR', at(4), at(4)],
    ['QUFBQ', at(4), at(4)],
    ['QU==', at(2), at(2)],
    ['QQ=', at(3), at(2)],
  ])('refuses what is not canonical, and says where: %j', (text, padded, unpadded) => {
    expect(decodePadded(text) === undefined ? base64Problem(text, true) : undefined).toBe(padded);
    expect(decodeUnpadded(text) === undefined ? base64Problem(text, false) : undefined).toBe(unpadded);
  });

  test('reads SSH keys with bits behind the last byte', () => {
    expect([...(decodeBase64('QR==') ?? [])]).toEqual([0x41]);
    expect(decodeBase64('QR')).toBeUndefined();
  });

  test('gives each byte sequence one text, which reads back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect([...(decodePadded(encodeBase64(bytes)) ?? [])]).toEqual([...bytes]);
        expect([...(decodeUnpadded(encodeUnpadded(bytes)) ?? [])]).toEqual([...bytes]);
      }),
    );
    const long = new Uint8Array(100_000).fill(7);
    expect(encodeBase64(long)).toBe(Buffer.from(long).toString('base64'));
  });
});
