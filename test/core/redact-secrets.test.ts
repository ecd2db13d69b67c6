import { expect, test } from 'vitest';
import { FormatError, SopsError } from '../../src/core/errors.ts';
import { KeyRecoveryError } from '../../src/core/keys/recovery-error.ts';
import { redactSecrets } from '../../src/core/redact-secrets.ts';

const SECRET = 'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305';
const HYBRID = `AGE-SECRET-KEY-PQ-1${'QPZRY9X8'.repeat(8)}`;
const PLUGIN = 'AGE-PLUGIN-YUBIKEY-1QQPQZRY9X8GF2TVDW';
const BLOCK = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk+/w==\nAAAA\n-----END OPENSSH PRIVATE KEY-----';

test('a word stands for each secret key of age, in either case and whether it is whole or not', () => {
  for (const secret of [SECRET, SECRET.toLowerCase(), SECRET.slice(0, 30), `${SECRET}BIO1`]) {
    expect(redactSecrets(`open ${secret}: no such file`)).toBe('open <age secret key>: no such file');
  }
  expect(redactSecrets(`"${HYBRID}", '${SECRET}'`)).toBe(`"<age secret key>", '<age secret key>'`);
  for (const secret of [PLUGIN, PLUGIN.toLowerCase()]) {
    expect(redactSecrets(`/a/${secret}/b`)).toBe('/a/<age plugin identity>/b');
  }
});

test('a word stands for each private key block, with line breaks escaped or not, and for one without an end', () => {
  expect(redactSecrets(`open ${BLOCK}\n: x ${BLOCK}!`)).toBe('open <private key>\n: x <private key>!');
  expect(redactSecrets(`${JSON.stringify(BLOCK)} is none`)).toBe('"<private key>" is none');
  expect(redactSecrets(`open ${BLOCK.slice(0, 60)}`)).toBe('open <private key>');
  for (const kind of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'PGP PRIVATE KEY BLOCK']) {
    expect(redactSecrets(`a -----BEGIN ${kind}-----\nAAAA\n-----END ${kind}----- b`)).toBe('a <private key> b');
  }
});

test('what only speaks of secret keys stays', () => {
  for (const text of [
    'identities: AGE-SECRET-KEY-1… and AGE-SECRET-KEY-PQ-1…',
    'couldn\'t start "age-plugin-yubikey": not found',
    'no age-plugin-1password, no age-plugin-op-1password',
    'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd',
    'a PRIVATE KEY is no public key',
  ]) {
    expect(redactSecrets(text)).toBe(text);
  }
});

test('no error has a secret key in its message, its hint, its stack or its cause', () => {
  const cause = Object.assign(new Error(`ENOENT: no such file or directory, open '${SECRET}'`), { path: SECRET });
  const error = new SopsError('generic', `open ${SECRET}`, { hint: `not ${SECRET}`, cause });
  expect({ ...error, message: error.message, cause: error.cause }).toEqual({
    name: 'SopsError',
    code: 'generic',
    location: undefined,
    message: 'open <age secret key>',
    hint: 'not <age secret key>',
    cause: undefined,
  });
  expect(error.stack).not.toContain(SECRET);
  expect(new FormatError(`line ${BLOCK}`).message).toBe('line <private key>');
  const other = new Error('other');
  expect(new SopsError('generic', 'x', { cause: other }).cause).toBe(other);
});

test('the reasons of a failed recovery are without secret keys before their lines are wrapped', () => {
  const failures = [{ key: SECRET, reasons: [`open ${BLOCK}: file name too long`] }];
  const error = new KeyRecoveryError(0, [{ recovered: false, failures }]);
  expect(error.message.split('\n').slice(2, 5)).toEqual([
    'Group 0: FAILED',
    '  <age secret key>: FAILED',
    '    - | open <private key>: file name too long',
  ]);
  expect(error.groups).toEqual([
    { recovered: false, failures: [{ key: '<age secret key>', reasons: ['open <private key>: file name too long'] }] },
  ]);
});
