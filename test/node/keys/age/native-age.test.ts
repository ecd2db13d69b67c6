import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AgeError } from '../../../../src/core/keys/age/age-error.ts';
import { decodeArmor } from '../../../../src/core/keys/age/armor.ts';
import { openAgeFile } from '../../../../src/node/keys/age/age-file.ts';
import { createNativeIdentity, nativeAge } from '../../../../src/node/keys/age/native-age.ts';
import { createScryptIdentity } from '../../../../src/node/keys/age/native-identities.ts';
import type { Vector } from '../../../core/keys/age/cctv-vectors.ts';
import { vectors } from '../../../core/keys/age/cctv-vectors.ts';
import { alice, aliceIdentity, fixture, payload, testKey } from './fixture.ts';

/** The hash of the payload, or the layer that refused, in the words of the vectors. */
async function outcomeOf(vector: Vector): Promise<string> {
  const { bytes, fault } = vector.isArmored
    ? decodeArmor(Buffer.from(vector.file).toString('latin1'))
    : { bytes: vector.file, fault: undefined };
  const [passphrase] = vector.passphrases;
  const identities = vector.identities.map(createNativeIdentity);
  if (passphrase !== undefined) identities.push(createScryptIdentity(() => passphrase));
  let read: () => Uint8Array;
  try {
    read = await openAgeFile(bytes, identities, fault);
  } catch (error) {
    return layerOf(error, 'header failure');
  }
  try {
    return createHash('sha256').update(read()).digest('hex');
  } catch (error) {
    return layerOf(error, 'payload failure');
  }
}

function layerOf(error: unknown, layer: string): string {
  if (!(error instanceof AgeError)) throw error;
  if (/invalid armor/.test(error.message)) return 'armor failure';
  if (error.message === 'bad header MAC') return 'HMAC failure';
  return /no identity matched|did not match|no identities/.test(error.message) ? 'no match' : layer;
}

describe('the vectors of the age format', () => {
  test('are all there, of every kind', () => {
    const counts = new Map<string, number>();
    for (const vector of vectors) counts.set(vector.expect, (counts.get(vector.expect) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      success: 26,
      'armor failure': 22,
      'header failure': 62,
      'payload failure': 19,
      'no match': 13,
      'HMAC failure': 1,
    });
  });

  test.each(vectors)('$name: $expect', async (vector) => {
    expect(await outcomeOf(vector)).toBe(vector.expect === 'success' ? vector.payload : vector.expect);
  });
});

describe('files', () => {
  test.each([0, 1, 32, 33, 65_535, 65_536, 65_537, 200_000])('of %d bytes come back', async (length) => {
    const plaintext = Uint8Array.from({ length }, (_, i) => i * 7);
    const file = await nativeAge.encrypt(plaintext, alice);
    expect(Buffer.from(await nativeAge.decrypt(file, [aliceIdentity])).equals(plaintext)).toBe(true);
  });

  test.each([
    ['alice.message', 'alice.age'],
    ['bob.message', 'bob.age'],
    ['pq.message', 'pq.age'],
    ['several.message', 'alice.age'],
  ])('of the reference program are read: %s', async (message, key) => {
    const identity = /AGE-SECRET-KEY-\S+/.exec(testKey(key))?.[0] ?? '';
    const { bytes } = decodeArmor(fixture(message));
    expect(Buffer.from(await nativeAge.decrypt(bytes, [identity])).toString()).toBe(payload);
  });

  test('under a passphrase are read, and a wrong one is told from a broken file', async () => {
    const { bytes } = decodeArmor(fixture('alice-protected.age'));
    expect(Buffer.from(await nativeAge.decryptWithPassphrase(bytes, 'open sesame')).toString()).toBe(
      testKey('alice.age'),
    );
    await expect(nativeAge.decryptWithPassphrase(bytes, 'guess')).rejects.toThrow(
      'identity did not match any of the recipients: incorrect identity for recipient block: incorrect passphrase',
    );
    await expect(nativeAge.decryptWithPassphrase(bytes, '')).rejects.toThrow("passphrase can't be empty");
  });
});

/** Made by the reference program for alice, payload "hello"; the texts are what that program says of it when damaged. */
const message = `-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSA0MThieGNQMXlnSEtkL3pD
UUIzZVRYOHZVRnJVOWdkNTZZdlpXNk1MNnlvCmFvVzZQNGtZd0dzV1NZYmJRQVgw
dHJhcGYxSzl6OGpybVJhUUNVL0RGMFkKLS0tIEMvenJsZW8wS2lpdG4wbkVXUDQx
cDhOV2Y0blRiOWRpRnJZZHBUVCtIZ2MKhHPH4iBliwQzhSfJWf4TITnClqKKP0V2
lPmRiB676U+Pbw3E6w==
-----END AGE ENCRYPTED FILE-----
`;
const lines = message.split('\n');
const withLine = (index: number, line: string): string => lines.with(index, line).join('\n');
const upTo = (end: number): string => `${lines.slice(0, end).join('\n')}\n`;
const intro = 'failed to read header: parsing age header: failed to read intro: invalid armor:';
const stanza = 'failed to read header: failed to parse header: failed to read line: invalid armor:';

describe('armour', () => {
  test.each([
    ['whole', message],
    ['without the last line feed', message.trimEnd()],
    ['with CR LF', message.replaceAll('\n', '\r\n')],
    ['with blank lines around', `\n \n${message}\n\t\n`],
  ])('%s is read', async (_name, text) => {
    expect(await contentOf(text)).toBe('hello');
  });

  test.each([
    ['nothing', '', `${intro} unexpected EOF`],
    ['text before', `x\n${message}`, `${intro} invalid first line: "x"`],
    ['a binary file', 'age-encryption.org/v1\n-> X25519 abc\n', `${intro} invalid first line: "age-encryption.org/v1"`],
    ['a line too long', withLine(1, `${lines[1] ?? ''}AAAA`), `${intro} column limit exceeded`],
    ['an empty line', withLine(1, ''), `${intro} empty line in armored data`],
    ['a short line', withLine(1, (lines[1] ?? '').slice(0, 60)), `${intro} invalid closing line: "${lines[2] ?? ''}"`],
    ['too many blank lines', '\n'.repeat(2000) + message, `${intro} too much leading whitespace`],
    [
      'no content',
      `${lines[0] ?? ''}\n${lines[6] ?? ''}\n`,
      'failed to read header: parsing age header: file is empty',
    ],
    ['the header cut', upTo(2), `${stanza} unexpected EOF`],
    ['the header cut later', upTo(3), `${stanza} unexpected EOF`],
    ['a bad letter', withLine(2, `!${(lines[2] ?? '').slice(1)}`), `${stanza} illegal base64 data at input byte 0`],
    ['text behind', `${message}x\n`, 'payload: invalid armor: trailing data after armored file'],
    [
      'too many blank lines behind',
      message + '\n'.repeat(2000),
      'payload: invalid armor: too much trailing whitespace',
    ],
    ['the last line missing', upTo(6), 'payload: invalid armor: unexpected EOF'],
    ['the payload cut', upTo(5), 'payload: invalid armor: unexpected EOF'],
    [
      'a bad letter at the end',
      withLine(5, `!${(lines[5] ?? '').slice(1)}`),
      'payload: invalid armor: illegal base64 data at input byte 0',
    ],
  ])('with %s is refused where the reference program meets it', async (_name, text, expected) => {
    expect(await contentOf(text)).toBe(expected);
  });

  async function contentOf(text: string): Promise<string> {
    const { bytes, fault } = decodeArmor(text);
    let where = '';
    try {
      const read = await openAgeFile(bytes, [createNativeIdentity(aliceIdentity)], fault);
      where = 'payload: ';
      return Buffer.from(read()).toString();
    } catch (error) {
      return where + (error instanceof AgeError ? error.message : String(error));
    }
  }
});
