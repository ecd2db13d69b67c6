import { describe, expect, test } from 'vitest';
import type { MasterKey } from '../../../../src/core/keys/master-key.ts';
import { createPgpAccess } from '../../../../src/node/keys/pgp/pgp-access.ts';
import type { MemoryHost, MemoryHostOptions } from '../memory-host.ts';
import { memoryHost } from '../memory-host.ts';

const fingerprint = '362CE734239C4586F24338E66FD7AFC939F2D290';
const key = (enc = '', fp = fingerprint): MasterKey => ({ type: 'pgp', fields: { fp }, enc });
const dataKey = Uint8Array.of(1, 2, 3);
const machine = (run: MemoryHostOptions['run'], more: MemoryHostOptions = {}): MemoryHost =>
  memoryHost({ env: { GNUPGHOME: '/g' }, ...(run === undefined ? {} : { run }), ...more });
const reasonOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('gpg', () => {
  test.each([
    [fingerprint, '6FD7AFC939F2D290'],
    [`${fingerprint}!`, '6FD7AFC939F2D290!'],
    ['ABC', 'ABC'],
    ['', ''],
  ])('gets the arguments of the reference program: %s', async (fp, short) => {
    const calls: unknown[] = [];
    const host = machine((command, args, { input }) => {
      calls.push([command, ...args, [...(input ?? [])]]);
      return { stdout: '\n-----BEGIN\nx\n-----END\n\n' };
    });
    expect(await createPgpAccess(host).wrap(key('', fp), dataKey)).toBe('-----BEGIN\nx\n-----END');
    expect(calls).toEqual([
      [
        'gpg',
        '--no-default-recipient',
        '--yes',
        '--encrypt',
        '-a',
        '-r',
        fp,
        '--trusted-key',
        short,
        '--no-encrypt-to',
        [1, 2, 3],
      ],
    ]);
  });

  test('gets the message on its input, and its output is taken as it is', async () => {
    const calls: unknown[] = [];
    const host = machine((command, args, { input }) => {
      calls.push([command, ...args, Buffer.from(input ?? []).toString()]);
      return { stdout: 'data key\n' };
    });
    expect(Buffer.from(await createPgpAccess(host).unwrap(key('SEALED'))).toString()).toBe('data key\n');
    expect(calls).toEqual([['gpg', '-d', 'SEALED']]);
  });

  test.each([
    ['/opt/my gpg', '/opt/my gpg'],
    ['', 'gpg'],
  ])('is the program of SOPS_GPG_EXEC, one path, if that is not empty: %j', async (value, program) => {
    const host = machine(() => ({ stdout: 'x' }), { env: { SOPS_GPG_EXEC: value } });
    await createPgpAccess(host).unwrap(key('SEALED'));
    expect(host.log).toEqual([`run ${program} -d`]);
  });
});

/** The texts of the reference program. */
describe('when gpg fails', () => {
  const ring = `key with fingerprint '${fingerprint}' is not available in keyring`;
  const encrypting = `could not encrypt data key with PGP key: github.com/ProtonMail/go-crypto/openpgp error: ${ring}; GnuPG binary error: failed to encrypt sops data key with pgp:`;
  const noRing = 'could not load secring: open /g/pubring.gpg: no such file or directory';
  const decrypting = `could not decrypt data key with PGP key: github.com/ProtonMail/go-crypto/openpgp error: ${noRing}; GnuPG binary error: failed to decrypt sops data key with pgp:`;

  test('its words are told, and that there is no keyring to read in process', async () => {
    const access = createPgpAccess(machine(() => ({ status: 2, stderr: ' gpg: no luck\ntoday \n' })));
    expect(await reasonOf(access.wrap(key(), dataKey))).toBe(`${encrypting} gpg: no luck\ntoday`);
    expect(await reasonOf(access.unwrap(key('SEALED')))).toBe(`${decrypting} gpg: no luck\ntoday`);
  });

  test('to start, it has no words', async () => {
    const access = createPgpAccess(machine(undefined));
    expect(await reasonOf(access.wrap(key(), dataKey))).toBe(`${encrypting} `);
    expect(await reasonOf(access.unwrap(key('SEALED')))).toBe(`${decrypting} `);
  });

  test('with nothing in its output and no error, that is said', async () => {
    const access = createPgpAccess(machine(() => ({ status: 0 })));
    expect(await reasonOf(access.unwrap(key('SEALED')))).toBe(`${decrypting} zero bytes returned`);
  });

  test.each<[string, MemoryHostOptions, string]>([
    ['GNUPGHOME', { env: { GNUPGHOME: '/g' } }, '/g'],
    ['the home of the account', { env: { HOME: '/h' }, accountHome: '/a' }, '/a/.gnupg'],
    ['HOME without an account', { env: { HOME: '/h' } }, '/h/.gnupg'],
  ])('the keyring is looked for in %s', async (_name, options, folder) => {
    const host = machine(() => ({ status: 2 }), options);
    await reasonOf(createPgpAccess(host).unwrap(key('SEALED')));
    expect(host.log.filter((line) => line.startsWith('read'))).toEqual([
      `read ${folder}/secring.gpg`,
      `read ${folder}/pubring.gpg`,
    ]);
  });

  test('a keyring that cannot be opened is the reason', async () => {
    const files = { '/g/secring.gpg': { code: 'EACCES' } };
    const access = createPgpAccess(machine(() => ({ status: 2 }), { files }));
    expect(await reasonOf(access.unwrap(key('SEALED')))).toContain(
      'could not load secring: open /g/secring.gpg: permission denied; ',
    );
  });

  test('keys in process take over', async () => {
    const access = createPgpAccess(
      machine(() => ({ status: 2 })),
      {
        encrypt: async (fp, plaintext) => `${fp} ${plaintext.join()}`,
        decrypt: async (message) => new TextEncoder().encode(message),
      },
    );
    expect(await access.wrap(key(), dataKey)).toBe(`${fingerprint} 1,2,3`);
    expect(Buffer.from(await access.unwrap(key('SEALED'))).toString()).toBe('SEALED');
  });
});
