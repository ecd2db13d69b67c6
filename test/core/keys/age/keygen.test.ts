import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { generateIdentity, identityFile, recipientsOf } from '../../../../src/core/keys/age/keygen.ts';
import { portableAge } from '../../../../src/core/keys/age/portable-age.ts';
import { nativeAge } from '../../../../src/node/keys/age/native-age.ts';

const keyFile = (name: string): string =>
  readFileSync(new URL(`../../../conformance/keys/${name}`, import.meta.url), 'utf8');

describe.each([
  ['portable', portableAge],
  ['native', nativeAge],
])('key generation, %s', (_name, age) => {
  test.each([
    [false, /^AGE-SECRET-KEY-1[02-9A-Z]{58}$/, /^age1[02-9a-z]{58}$/],
    [true, /^AGE-SECRET-KEY-PQ-1[02-9A-Z]{58}$/, /^age1pq1[02-9a-z]{1952}$/],
  ])('makes a pair (post-quantum: %s) that works', async (postQuantum, identityForm, recipientForm) => {
    const pair = await generateIdentity(age, { postQuantum });
    expect(pair.identity).toMatch(identityForm);
    expect(pair.recipient).toMatch(recipientForm);
    const file = await age.encrypt(Uint8Array.of(1, 2, 3), pair.recipient);
    expect([...(await age.decrypt(file, [pair.identity]))]).toEqual([1, 2, 3]);
  });

  test('never makes the same pair twice', async () => {
    expect((await generateIdentity(age)).identity).not.toBe((await generateIdentity(age)).identity);
  });

  /** The files are age-keygen's own. */
  test.each(['alice.age', 'pq.age'])('writes files as age-keygen does, and reads its recipients: %s', async (name) => {
    const text = keyFile(name);
    const [, created = '', recipient = '', identity = ''] =
      /^# created: (.*)\n# public key: (.*)\n(.*)\n$/.exec(text) ?? [];
    expect(identityFile({ identity, recipient }, created)).toBe(text);
    expect(await recipientsOf(age, text)).toEqual([recipient]);
  });
});

describe('recipients of an identity file', () => {
  test('come in the order of the identities', async () => {
    expect(await recipientsOf(nativeAge, keyFile('bob.age') + keyFile('alice.age'))).toEqual([
      'age158tmrc2h6h5qrru83k4597nlcl7y049kvesva8l9v7dx72m9mg9qp4slz6',
      'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd',
    ]);
  });

  test.each([
    ['# nothing\n', 'failed to parse input: no identities found'],
    ['#\n\nhunter2\n', 'failed to parse input: error at line 3: unknown identity type'],
    [
      'AGE-SECRET-KEY-1QQQ\n',
      "failed to parse input: error at line 1: malformed secret key: separator '1' at invalid position: pos=15, len=19",
    ],
  ])('are not to be had from %j', async (text, message) => {
    await expect(recipientsOf(nativeAge, text)).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-key', message }),
    );
  });
});
