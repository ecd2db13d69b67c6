import { describe, expect, test } from 'vitest';
import { formatCiphertext, parseCiphertext } from '../../../src/core/cipher/ciphertext.ts';
import { createLeafCipher, ivOf } from '../../../src/core/cipher/leaf-cipher.ts';
import { createMac } from '../../../src/core/cipher/mac.ts';
import { portableCrypto } from '../../../src/core/cipher/portable-crypto.ts';
import type { WireType } from '../../../src/core/cipher/wire-value.ts';
import type { Value } from '../../../src/core/tree/node.ts';
import { Timestamp } from '../../../src/core/tree/timestamp.ts';
import { nodeCrypto } from '../../../src/node/crypto.ts';

const key = Uint8Array.from({ length: 32 }, (_, index) => index);
const iv = Uint8Array.from({ length: 32 }, (_, index) => 32 + index);
const IV = 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=';

// Made with node:crypto and read back by the original cipher code.
const VECTORS: [string, WireType, Value, string, string, string][] = [
  [' note', 'comment', ' note', ':', 'N6+ePOg=', 'cPJU+gQfuk2Cck4/gS4NwA=='],
  ['hello', 'str', 'hello', 'a:b:', 'f6SdJOI=', 'TEFu+ejkdT0ijPtelDWwfg=='],
  ['42', 'int', 42n, 'n:', 'I/M=', 'UzMwOWR3/DEzgoo5/g7l1A=='],
  ['1.5', 'float', 1.5, 'f:', 'Ju/E', 'uJBeK8Rb0IhyEwRMiZ5ZVA=='],
  ['True', 'bool', true, 't:', 'Q7OELQ==', '4iWWWhCEZvejl7gDSpigug=='],
  ['x', 'str', 'x', 'l:', 'bw==', 'emsKTumWHeAc5dAMVnQ/BQ=='],
  ['y', 'str', 'y', 'l:', 'bg==', 'euD/61t6yrkzYP3Y3bqoKw=='],
  // A key of the bytes 41 ff.
  ['x', 'str', 'x', 'A\udcff:', 'bw==', 'GqmsRf79STW+8sgI4vqymQ=='],
  [
    '2020-01-01T00:00:00Z',
    'time',
    new Timestamp('2020-01-01T00:00:00Z'),
    'd:',
    'JfHDeKA/5w72YDJH1rpRz72hh/4=',
    'NoNqR6KC7AfZFQSmwxJSNA==',
  ],
];

const text = (plain: string): Uint8Array => new TextEncoder().encode(plain);

describe.each([
  ['portable', portableCrypto],
  ['node', nodeCrypto],
])('with %s crypto', (_name, crypto) => {
  const cipher = createLeafCipher(crypto, key);

  test.each(VECTORS)('seals and opens %j as %s', (plain, type, value, path, data, tag) => {
    const ciphertext = formatCiphertext(data, IV, tag, type);
    expect(cipher.seal(text(plain), type, path, iv)).toBe(ciphertext);
    expect(cipher.open(ciphertext, path)).toEqual({
      value,
      spelling: undefined,
      isComment: type === 'comment',
      bytes: crypto.encodeUtf8(plain),
    });
  });

  test('a new IV has 32 bytes and is never used twice', () => {
    const first = cipher.seal(text('x'), 'str', 'a:');
    const second = cipher.seal(text('x'), 'str', 'a:');
    expect(ivOf(crypto, first)?.length).toBe(32);
    expect(first).not.toBe(second);
  });

  test('another path does not open a ciphertext', () => {
    const sealed = cipher.seal(text('x'), 'str', 'a:');
    expect(() => cipher.open(sealed, 'b:')).toThrowError(
      'Could not decrypt with AES_GCM: cipher: message authentication failed',
    );
  });

  test.each([12, 4, 0])('a tag cut to %i bytes is refused', (length) => {
    const parts = parseCiphertext(cipher.seal(text('some text'), 'str', 'a:'));
    if (!parts) throw new Error('not a ciphertext');
    const cut = crypto.encodeBase64((crypto.decodeBase64(parts.tag) ?? new Uint8Array()).slice(0, length));
    const changed = formatCiphertext(parts.data, parts.iv, cut === '' ? '====' : cut, 'str');
    expect(() => cipher.open(changed, 'a:')).toThrow();
  });

  test('bytes moved between data and tag make no difference, since both are joined', () => {
    const parts = parseCiphertext(cipher.seal(text('some text'), 'str', 'a:'));
    if (!parts) throw new Error('not a ciphertext');
    const data = crypto.decodeBase64(parts.data) ?? new Uint8Array();
    const tag = crypto.decodeBase64(parts.tag) ?? new Uint8Array();
    const moved = formatCiphertext(
      crypto.encodeBase64(Uint8Array.of(...data, ...tag.slice(0, 3))),
      parts.iv,
      crypto.encodeBase64(tag.slice(3)),
      'str',
    );
    expect(cipher.open(moved, 'a:').value).toBe('some text');
  });

  test('a spelling that the type allows is kept, and one that it does not allow is not printed', () => {
    expect(cipher.open(cipher.seal(text('3.0'), 'float', 'a:'), 'a:')).toMatchObject({ value: 3, spelling: '3.0' });
    expect(cipher.open(cipher.seal(text('TRUE'), 'bool', 'a:'), 'a:')).toMatchObject({ value: true, spelling: 'TRUE' });
    expect(() => cipher.open(cipher.seal(text('hunter2'), 'int', 'a:'), 'a:')).toThrowError(
      'the decrypted text is no value of type int',
    );
  });

  test('the MAC of the example document', () => {
    const leaves = ['hello', '42', '1.5', 'True', 'x', 'y'];
    const mac = createMac(crypto, false);
    for (const leaf of leaves) mac.update(text(leaf));
    expect(mac.digest()).toBe(
      '648D7F9D963C72451FF79657DF087FFF725A49A6A6FA66622ED972B2FE3EE07E5F59A2C5C00C30FD4001437F758F45423D85CE706682DFB8CE834970237AE7A9',
    );
    const onlyEncrypted = createMac(crypto, true);
    for (const leaf of leaves) onlyEncrypted.update(text(leaf));
    expect(onlyEncrypted.digest()).toBe(
      '592FA695679E343CF42B7E28D68A634180CB893DA26F4857C68AB26177D57F2A083B245A5A1BDE839CC4EE67A2BF229BF31C4C3AF2FB7511F9A7589F3E0081EF',
    );
  });

  test('the MAC does not depend on how the bytes come in', () => {
    const long = new Uint8Array(200_000).fill(7);
    const whole = createMac(crypto, false);
    whole.update(long);
    const pieces = createMac(crypto, false);
    for (let at = 0; at < long.length; at += 999) pieces.update(long.subarray(at, at + 999));
    expect(pieces.digest()).toBe(whole.digest());
  });
});

describe('a ciphertext', () => {
  test('text behind its last bracket is not part of it', () => {
    expect(parseCiphertext('ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str] note')).toEqual({
      data: 'AA==',
      iv: 'BB==',
      tag: 'CC==',
      type: 'str',
      length: 51,
    });
  });

  test.each([
    '',
    'x',
    ' ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str]',
    'ENC[AES256_GCM,data:,iv:BB==,tag:CC==,type:str]',
    'ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:]',
    'ENC[AES256_GCM,data:AA==,iv:BB==,tag:CC==,type:str',
    'ENC[AES256_GCM,data:AA==,iv:BB==\n,tag:CC==,type:str]',
  ])('%j is none', (other) => {
    expect(parseCiphertext(other)).toBeUndefined();
  });
});
