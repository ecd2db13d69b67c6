import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createAgeKeyService } from '../../../../src/core/keys/age/age-key-service.ts';
import { decodeArmor, encodeArmor } from '../../../../src/core/keys/age/armor.ts';
import { portableAge } from '../../../../src/core/keys/age/portable-age.ts';
import type { MasterKey } from '../../../../src/core/keys/master-key.ts';
import { nativeAge } from '../../../../src/node/keys/age/native-age.ts';
import type { Vector } from './cctv-vectors.ts';
import { vectors } from './cctv-vectors.ts';

const alice = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
const aliceIdentity = 'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305';
const bobIdentity = 'AGE-SECRET-KEY-1TLEMMX02WGEH82AUAPMA9EM3GVA9K3AQ2LHLEPSJAGWXDNS45WVSQZ06WU';
const pq = readFileSync(new URL('../../../conformance/keys/pq.age', import.meta.url), 'utf8');
const pqRecipient = /age1pq1\S+/.exec(pq)?.[0] ?? '';
const pqIdentity = /AGE-SECRET-KEY-PQ-1\S+/.exec(pq)?.[0] ?? '';
const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIII92sz7O/hNPm43QGGysEgaA1RmIpiWS5ac5PwNJ2m';

async function outcomeOf(vector: Vector): Promise<string> {
  const { bytes, fault } = vector.isArmored
    ? decodeArmor(Buffer.from(vector.file).toString('latin1'))
    : { bytes: vector.file, fault: undefined };
  if (fault !== undefined) return 'refused';
  try {
    const payload =
      vector.identities.length > 0
        ? await portableAge.decrypt(bytes, vector.identities)
        : await portableAge.decryptWithPassphrase(bytes, vector.passphrases[0] ?? '');
    return createHash('sha256').update(payload).digest('hex');
  } catch (error) {
    return error instanceof Error && error.name === 'AgeError' ? 'refused' : String(error);
  }
}

describe('the vectors of the age format', () => {
  test('are all there', () => {
    expect(vectors.length).toBe(143);
  });

  test.each(vectors)('$name: $expect', async (vector) => {
    expect(await outcomeOf(vector)).toBe(vector.expect === 'success' ? vector.payload : 'refused');
  });
});

describe('both implementations', () => {
  test.each([
    ['portable to native', portableAge, nativeAge],
    ['native to portable', nativeAge, portableAge],
  ])('read each other: %s', async (_name, writer, reader) => {
    for (const [recipient, identity] of [
      [alice, aliceIdentity],
      [pqRecipient, pqIdentity],
    ] as const) {
      const plaintext = Uint8Array.from({ length: 33 }, (_, i) => i);
      const file = await writer.encrypt(plaintext, recipient);
      expect([...(await reader.decrypt(file, [bobIdentity, identity]))]).toEqual([...plaintext]);
    }
  });

  test.each([
    ['portable', portableAge],
    ['native', nativeAge],
  ])('know the recipients of identities: %s', async (_name, age) => {
    expect(await age.recipientOf(aliceIdentity)).toBe(alice);
    expect(await age.recipientOf(pqIdentity)).toBe(pqRecipient);
    await expect(age.recipientOf('AGE-PLUGIN-DRAWER-1WFJKG8UPJ0U')).rejects.toThrow('known to the plugin alone');
  });

  test.each([
    ['portable', portableAge],
    ['native', nativeAge],
  ])('leave SSH and plugin keys to the key service of the process: %s', async (_name, age) => {
    const none = new Uint8Array(1);
    await expect(age.encrypt(none, ssh)).rejects.toThrow('SSH recipients are not supported here');
    await expect(age.encrypt(none, 'age1drawer1wfjkgm3f0ve')).rejects.toThrow(
      'plugin recipients are not supported here',
    );
    const file = await age.encrypt(none, alice);
    await expect(age.decrypt(file, ['AGE-PLUGIN-DRAWER-1WFJKG8UPJ0U'])).rejects.toThrow(
      'plugin identities are not supported here',
    );
  });
});

describe('the key service with given identities', () => {
  const key = (enc = ''): MasterKey => ({ type: 'age', fields: { recipient: alice }, enc });
  const plaintext = Uint8Array.from({ length: 32 }, (_, i) => i);

  test('wraps as armour of one stanza and unwraps', async () => {
    const service = createAgeKeyService(portableAge, [bobIdentity, `${aliceIdentity}\n`]);
    const enc = await service.wrap(key(), plaintext);
    const { bytes, fault } = decodeArmor(enc);
    expect([fault, encodeArmor(bytes)]).toEqual([undefined, enc]);
    expect(Buffer.from(bytes).toString('latin1').match(/^-> /gm)).toEqual(['-> ']);
    expect([...(await service.unwrap(key(enc)))]).toEqual([...plaintext]);
  });

  test('says why it cannot unwrap', async () => {
    const enc = await createAgeKeyService(portableAge, []).wrap(key(), plaintext);
    const reasonOf = async (identities: string[], text: string): Promise<unknown> =>
      createAgeKeyService(portableAge, identities)
        .unwrap(key(text))
        .catch((error: unknown) => (error instanceof Error ? error.message : error));
    const start = 'failed to create reader for decrypting sops data key with age:';
    expect([await reasonOf([], enc), await reasonOf([bobIdentity], enc), await reasonOf([aliceIdentity], '')]).toEqual([
      'failed to load age identities',
      `${start} no identity matched any of the recipients`,
      `${start} invalid armor: unexpected EOF`,
    ]);
  });

  test('refuses keys of other types', async () => {
    const service = createAgeKeyService(portableAge, [aliceIdentity]);
    await expect(service.wrap({ type: 'pgp', fields: { fp: 'A' }, enc: '' }, plaintext)).rejects.toThrow(
      'pgp keys are not supported by this key service',
    );
  });
});
