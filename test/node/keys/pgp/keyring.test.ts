import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { createKeyringAccess } from '../../../../src/node/keys/pgp/keyring.ts';
import type { KeyringAccess } from '../../../../src/node/keys/pgp/pgp-access.ts';
import type { MemoryHost, MemoryHostOptions } from '../memory-host.ts';
import { memoryHost } from '../memory-host.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const message = (name: string): string => fixture(`${name}.message`).toString();
const payload = 'the data key fits';
const key = {
  open: '40DB831A6BCD36B18E2D53707E680D4C9E365AEA',
  locked: 'EA4461B0654EE0BB415230938E8D22A1640E071C',
  signing: 'D0804721493207C173896C643FA12883BE304979',
  expired: 'AC5F924BF2E6CE108991D3277F2E69FA9E2C0C3D',
  old: 'C7B4CBEA61B0BA2793B821A94743A5D01DDE45CA',
};

const rings = { '/g/pubring.gpg': fixture('pubring.gpg'), '/g/secring.gpg': fixture('secring.gpg') };
const machine = (options: MemoryHostOptions = {}): MemoryHost =>
  memoryHost({ files: rings, ...options, env: { GNUPGHOME: '/g', ...options.env } });

async function decrypt(access: KeyringAccess, text: string): Promise<string> {
  try {
    return Buffer.from(await access.decrypt(text)).toString();
  } catch (error) {
    return (error as Error).message;
  }
}

async function encrypt(access: KeyringAccess, fingerprint: string): Promise<string> {
  try {
    return await access.encrypt(fingerprint, Buffer.from(payload));
  } catch (error) {
    return (error as Error).message;
  }
}

const spoken = (host: MemoryHost): string[] => host.log.filter((line) => !line.startsWith('read'));

/** The texts are those of the reference program, if nothing else is said. */
describe('encrypting with pubring.gpg', () => {
  test.each(['open', 'old'] as const)('gives a message that the secret key opens: %s', async (name) => {
    const access = createKeyringAccess(machine());
    const sealed = await encrypt(access, key[name]);
    expect(sealed).toMatch(/^-----BEGIN PGP MESSAGE-----\n\n[^:]+\n-----END PGP MESSAGE-----$/);
    expect(await decrypt(access, sealed)).toBe(payload);
  });

  test.each([
    ['in lower case', key.open.toLowerCase()],
    ['its last half', key.open.slice(-16)],
    ['of a subkey', '8C4229D5AF7B9EEF44FFBB80BA39AAB7FEE8CFAE'],
    ['of exactly that key', `${key.open}!`],
    ['empty', ''],
  ])('wants the whole fingerprint of a primary key: not %s', async (_name, fingerprint) => {
    expect(await encrypt(createKeyringAccess(machine()), fingerprint)).toBe(
      `key with fingerprint '${fingerprint}' is not available in keyring`,
    );
  });

  test.each([
    ['signing', '3fa12883be304979'],
    ['expired', '7f2e69fa9e2c0c3d'],
  ] as const)('refuses a key that cannot encrypt: %s', async (name, id) => {
    expect(await encrypt(createKeyringAccess(machine()), key[name])).toBe(
      `openpgp: invalid argument: cannot encrypt a message to key id ${id} because it has no valid encryption keys`,
    );
  });

  test.each([
    ['there is none', {}],
    ['it is empty', { '/g/pubring.gpg': '' }],
    ['it is no keyring', { '/g/pubring.gpg': 'hello world' }],
  ])('fails when %s', async (_name, files) => {
    expect(await encrypt(createKeyringAccess(machine({ files })), key.open)).toBe(
      `key with fingerprint '${key.open}' is not available in keyring`,
    );
  });

  test('passes over a key that it does not know', async () => {
    // A public key of version 9, and its name.
    const strange = Uint8Array.of(0x98, 6, 9, 0, 0, 0, 0, 1, 0xb4, 1, 0x78);
    const files = { ...rings, '/g/pubring.gpg': Buffer.concat([strange, rings['/g/pubring.gpg'], strange]) };
    const access = createKeyringAccess(machine({ files }));
    expect(await decrypt(access, await encrypt(access, key.open))).toBe(payload);
  });
});

describe('decrypting with secring.gpg', () => {
  test.each(['open', 'old'])('reads what gpg encrypted: %s', async (name) => {
    const host = machine();
    expect(await decrypt(createKeyringAccess(host), message(name))).toBe(payload);
    expect(spoken(host)).toEqual([]);
  });

  test('finds the key of a message that does not name it', async () => {
    const host = machine({ answers: ['open sesame'] });
    expect(await decrypt(createKeyringAccess(host), message('hidden'))).toBe(payload);
    expect(spoken(host)).toEqual([]);
  });

  test('takes CRLF, and blank lines around the armour', async () => {
    const access = createKeyringAccess(machine());
    expect(await decrypt(access, message('open').replaceAll('\n', '\r\n'))).toBe(payload);
    expect(await decrypt(access, `\n\n${message('open')}\n\n`)).toBe(payload);
  });

  test('takes pubring.gpg when there is no secring.gpg', async () => {
    const files = { '/g/pubring.gpg': rings['/g/secring.gpg'] };
    expect(await decrypt(createKeyringAccess(machine({ files })), message('open'))).toBe(payload);
  });

  test.each([
    [
      'without a secret key',
      { '/g/pubring.gpg': rings['/g/pubring.gpg'] },
      'reading PGP message failed: openpgp: incorrect key',
    ],
    ['with an empty ring', { '/g/secring.gpg': '' }, 'reading PGP message failed: openpgp: incorrect key'],
    ['without a ring', {}, 'could not load secring: open /g/pubring.gpg: no such file or directory'],
  ])('fails %s', async (_name, files, reason) => {
    expect(await decrypt(createKeyringAccess(machine({ files })), message('open'))).toBe(reason);
  });

  test('fails with a reason of the library when secring.gpg is no ring', async () => {
    const files = { '/g/secring.gpg': 'hello world' };
    expect(await decrypt(createKeyringAccess(machine({ files })), message('open'))).toMatch(
      /^could not load secring: [^\n]+$/,
    );
  });

  test.each([
    ['no armour', 'secret words', 'armor decoding failed: EOF'],
    ['nothing', '', 'armor decoding failed: EOF'],
    [
      'something else in the armour, which is not repeated',
      message('open').replace(/\n\n[^]*\n-/, '\n\nbm90aGluZw==\n-'),
      'reading PGP message failed: malformed message',
    ],
    [
      'a changed session key',
      message('open').replace(/^(h[^]{30})./m, '$1A'),
      'the key could not be decrypted with any of the PGP entries',
    ],
    [
      'changed content',
      message('open').replace(/..\n=/, 'AA\n='),
      'the key could not be decrypted with any of the PGP entries',
    ],
  ])('fails on a damaged message: %s', async (_name, text, reason) => {
    expect(text).not.toBe(message('open'));
    expect(await decrypt(createKeyringAccess(machine()), text)).toBe(reason);
  });
});

describe('a protected key', () => {
  const onTerminal = 'prompt secret Enter PGP key passphrase:';

  test('is opened with the passphrase of the terminal, asked once for several messages', async () => {
    const host = machine({ answers: ['open sesame'] });
    const access = createKeyringAccess(host);
    for (let i = 0; i < 3; i++) expect(await decrypt(access, message('locked'))).toBe(payload);
    expect(spoken(host)).toEqual([onTerminal]);
  });

  test('may be asked for three times', async () => {
    const host = machine({ answers: ['guess', '', 'open sesame'] });
    expect(await decrypt(createKeyringAccess(host), message('locked'))).toBe(payload);
    expect(spoken(host)).toEqual([onTerminal, onTerminal, onTerminal]);
  });

  test('is not asked for a fourth time', async () => {
    const host = machine({ answers: ['1', '2', '3', 'open sesame'] });
    expect(await decrypt(createKeyringAccess(host), message('locked'))).toBe(
      'reading PGP message failed: incorrect passphrase',
    );
    expect(spoken(host)).toHaveLength(3);
  });

  test('is not asked for when the message is for another key', async () => {
    const host = machine({ answers: ['open sesame'] });
    await decrypt(createKeyringAccess(host), message('open'));
    expect(spoken(host)).toEqual([]);
  });

  test('stays locked without a terminal', async () => {
    const host = machine({ answers: [new Error('no tty')] });
    expect(await decrypt(createKeyringAccess(host), message('locked'))).toBe('reading PGP message failed: no tty');
  });

  test('is opened with the passphrase of gpg-agent, which forgets a wrong one', async () => {
    const passphrases = ['guess', 'open sesame'];
    const said: string[] = [];
    const answer = (line: string): string[] => {
      said.push(line);
      if (!line.startsWith('GET_PASSPHRASE')) return ['OK'];
      return [`OK ${Buffer.from(passphrases.shift() ?? '').toString('hex')}`];
    };
    const host = machine({ env: { GPG_AGENT_INFO: '/a:1:1' }, talk: () => ({ greeting: ['OK ready'], answer }) });
    expect(await decrypt(createKeyringAccess(host), message('locked'))).toBe(payload);
    const question = 'GET_PASSPHRASE ADFA9780 X Passphrase Unlock+key+ADFA9780+to+decrypt+sops%27s+key';
    expect(said.filter((line) => !line.startsWith('OPTION'))).toEqual([
      question,
      'CLEAR_PASSPHRASE ADFA9780',
      question,
    ]);
    expect(spoken(host)).not.toContain(onTerminal);
  });
});

test('the library for OpenPGP is loaded only for a keyring that exists', async () => {
  vi.resetModules();
  const loaded: string[] = [];
  vi.doMock('openpgp', async (original) => {
    loaded.push('openpgp');
    return original();
  });
  try {
    const { createPgpAccess } = await import('../../../../src/node/keys/pgp/pgp-access.ts');
    const access = (options: MemoryHostOptions): Promise<unknown> =>
      createPgpAccess(machine(options))
        .unwrap({ type: 'pgp', fields: { fp: key.open }, enc: message('open') })
        .catch(() => undefined);
    await access({ run: () => ({ stdout: 'x' }) });
    await access({ run: () => ({ status: 2 }), files: {} });
    await access({ files: {} });
    expect(loaded).toEqual([]);
    expect(Buffer.from((await access({})) as Uint8Array).toString()).toBe(payload);
    expect(loaded).toEqual(['openpgp']);
  } finally {
    vi.doUnmock('openpgp');
  }
});
