import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { portableCrypto } from '../../../src/core/cipher/portable-crypto.ts';
import { nodeCrypto } from '../../../src/node/crypto.ts';
import { runs } from '../../property.ts';

const implementations = [
  ['portable', portableCrypto],
  ['node', nodeCrypto],
] as const;

const range = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) & 255);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const plain = (bytes: Uint8Array | undefined): number[] | undefined => (bytes === undefined ? undefined : [...bytes]);

/** Spec section 23: key 00..1f, IV 20..3f. */
const leaves = [
  ['comment', ' note', ':', 'N6+ePOg=', 'cPJU+gQfuk2Cck4/gS4NwA=='],
  ['string', 'hello', 'a:b:', 'f6SdJOI=', 'TEFu+ejkdT0ijPtelDWwfg=='],
  ['int', '42', 'n:', 'I/M=', 'UzMwOWR3/DEzgoo5/g7l1A=='],
  ['float', '1.5', 'f:', 'Ju/E', 'uJBeK8Rb0IhyEwRMiZ5ZVA=='],
  ['bool', 'True', 't:', 'Q7OELQ==', '4iWWWhCEZvejl7gDSpigug=='],
  ['list item', 'x', 'l:', 'bw==', 'emsKTumWHeAc5dAMVnQ/BQ=='],
  ['time', '2020-01-01T00:00:00Z', 'd:', 'JfHDeKA/5w72YDJH1rpRz72hh/4=', 'NoNqR6KC7AfZFQSmwxJSNA=='],
] as const;

/** Test cases 1, 2, 4, 10 and 16 of the GCM submission (McGrew and Viega, appendix B), and 6 (an IV of 60 bytes). */
const gcmKey = 'feffe9928665731c6d6a8f9467308308';
const gcmPlaintext =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const gcmAad = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
const gcmVectors = [
  {
    name: '16-byte key, 12-byte IV',
    key: gcmKey,
    iv: 'cafebabefacedbaddecaf888',
    data: '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091',
    tag: '5bc94fbc3221a5db94fae95ae7121a47',
  },
  {
    name: '16-byte key, 8-byte IV',
    key: gcmKey,
    iv: 'cafebabefacedbad',
    data: '61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598',
    tag: '3612d2e79e3b0785561be14aaca2fccb',
  },
  {
    name: '16-byte key, 60-byte IV',
    key: gcmKey,
    iv: '9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b',
    data: '8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca701e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5',
    tag: '619cc5aefffe0bfa462af43c1699d050',
  },
  {
    name: '24-byte key, 12-byte IV',
    key: `${gcmKey}feffe9928665731c`,
    iv: 'cafebabefacedbaddecaf888',
    data: '3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710',
    tag: '2519498e80f1478f37ba55bd6d27618c',
  },
  {
    name: '32-byte key, 12-byte IV',
    key: gcmKey + gcmKey,
    iv: 'cafebabefacedbaddecaf888',
    data: '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
] as const;
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe.each(implementations)('%s crypto', (_name, crypto) => {
  test.each(leaves)('seals and opens the reference ciphertext of a %s', (_kind, text, aad, data, tag) => {
    const aead = crypto.aead(range(0, 32));
    const sealed = aead.seal(range(0x20, 32), utf8(text), utf8(aad));
    expect([crypto.encodeBase64(sealed.data), crypto.encodeBase64(sealed.tag)]).toEqual([data, tag]);
    expect(plain(aead.open(range(0x20, 32), sealed.data, sealed.tag, utf8(aad)))).toEqual([...utf8(text)]);
  });

  test.each(gcmVectors)('agrees with the vectors of GCM: $name', ({ key, iv, data, tag }) => {
    const aead = crypto.aead(hex(key));
    const sealed = aead.seal(hex(iv), hex(gcmPlaintext), hex(gcmAad));
    expect([plain(sealed.data), plain(sealed.tag)]).toEqual([[...hex(data)], [...hex(tag)]]);
    expect(plain(aead.open(hex(iv), hex(data), hex(tag), hex(gcmAad)))).toEqual([...hex(gcmPlaintext)]);
  });

  test('opens nothing that was changed: data, tag, additional data, IV or a shortened tag', () => {
    const aead = crypto.aead(range(0, 32));
    const iv = range(0x20, 32);
    const { data, tag } = aead.seal(iv, utf8('hello'), utf8('a:'));
    const flipped = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte, i) => (i === 0 ? byte ^ 1 : byte));
    expect([
      aead.open(iv, flipped(data), tag, utf8('a:')),
      aead.open(iv, data, flipped(tag), utf8('a:')),
      aead.open(iv, data, tag, utf8('b:')),
      aead.open(flipped(iv), data, tag, utf8('a:')),
      aead.open(iv, data, tag.subarray(0, 12), utf8('a:')),
      aead.open(new Uint8Array(0), data, tag, utf8('a:')),
      aead.open(range(0, 7), data, tag, utf8('a:')),
      aead.open(range(0, 129), data, tag, utf8('a:')),
    ]).toEqual(Array(8).fill(undefined));
  });

  test.each([0, 15, 33])('refuses a key of %d bytes in the words of Go', (length) => {
    expect(() => crypto.aead(new Uint8Array(length))).toThrow(`crypto/aes: invalid key size ${String(length)}`);
  });

  test('hashes in pieces as in one', () => {
    const hash = crypto.sha512();
    for (const piece of ['hello', '42', '1.5', 'True', 'x', 'y']) hash.update(utf8(piece));
    expect(Buffer.from(hash.digest()).toString('hex')).toBe(
      createHash('sha512').update('hello421.5Truexy').digest('hex'),
    );
  });

  test('gives random bytes of the length asked for, beyond the quota of the Web function too', () => {
    expect([0, 1, 32, 65_536, 200_000].map((length) => crypto.randomBytes(length).length)).toEqual([
      0, 1, 32, 65_536, 200_000,
    ]);
    expect(plain(crypto.randomBytes(32))).not.toEqual(plain(crypto.randomBytes(32)));
    expect(
      crypto
        .randomBytes(200_000)
        .subarray(131_072)
        .some((byte) => byte !== 0),
    ).toBe(true);
  });

  test.each([
    ['', []],
    ['aGVsbG8=', [...utf8('hello')]],
    ['aGVs\r\nbG8=\n', [...utf8('hello')]],
    ['aGVsbG8\n=', [...utf8('hello')]],
    ['aGVsb=\n=', undefined],
    ['aA=\r\n=', [...utf8('h')]],
    // Non-zero bits behind the last byte.
    ['aGVsbG9=', [...utf8('hello')]],
    ['aB==', [...utf8('h')]],
    ['/+8=', [0xff, 0xef]],
    ['_-8=', undefined],
    ['aGVsbG8', undefined],
    ['aA', undefined],
    ['a===', undefined],
    ['====', undefined],
    ['aA==aA==', undefined],
    ['aGVs bG8=', undefined],
    ['aGVs\tbG8=', undefined],
    ['aGVsbG8=x', undefined],
    ['é===', undefined],
  ])('decodes base64 as Go does: %j', (text, expected) => {
    expect(plain(crypto.decodeBase64(text))).toEqual(expected);
  });

  test('tells UTF-8 from other bytes, keeps a byte order mark, writes lone surrogates as U+FFFD', () => {
    expect(crypto.decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
    expect(crypto.decodeUtf8(Uint8Array.of(0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80))).toBe('é😀');
    expect(crypto.decodeUtf8(Uint8Array.of(0xef, 0xbf, 0xbd))).toBe('\ufffd');
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
      expect(crypto.decodeUtf8(Uint8Array.from(bytes))).toBeUndefined();
    }
    expect(plain(crypto.encodeUtf8('a\ud800b'))).toEqual([0x61, 0xef, 0xbf, 0xbd, 0x62]);
  });
});

describe('both implementations', () => {
  test('seal alike for any IV, text and additional data', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(16, 24, 32),
        fc.uint8Array({ minLength: 8, maxLength: 128 }),
        fc.uint8Array({ maxLength: 100 }),
        fc.uint8Array({ maxLength: 100 }),
        (keyLength, iv, text, aad) => {
          const [a, b] = implementations.map(([, crypto]) => crypto.aead(range(7, keyLength)).seal(iv, text, aad));
          expect([plain(a?.data), plain(a?.tag)]).toEqual([plain(b?.data), plain(b?.tag)]);
        },
      ),
      { numRuns: runs(50) },
    );
  });

  test('decode alike whatever the text, and read back what they encode', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgw9/+=\n\r-_ '), maxLength: 12 }), (text) => {
        expect(plain(portableCrypto.decodeBase64(text))).toEqual(plain(nodeCrypto.decodeBase64(text)));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = nodeCrypto.encodeBase64(bytes);
        expect(portableCrypto.encodeBase64(bytes)).toBe(text);
        expect(plain(portableCrypto.decodeBase64(text))).toEqual([...bytes]);
        expect(portableCrypto.decodeUtf8(bytes)).toBe(nodeCrypto.decodeUtf8(bytes));
      }),
    );
  });
});
