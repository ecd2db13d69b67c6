import { describe, expect, test } from 'vitest';
import { decodeArmor } from '../../../../src/core/keys/age/armor.ts';
import type { MasterKey } from '../../../../src/core/keys/master-key.ts';
import { createAgeAccess } from '../../../../src/node/keys/age/age-access.ts';
import type { MemoryHost, MemoryHostOptions } from '../memory-host.ts';
import { memoryHost } from '../memory-host.ts';
import { alice, fixture, payload } from './fixture.ts';

const env = { HOME: '/h', XDG_CONFIG_HOME: '/x', SOPS_AGE_KEY_FILE: 'id' };
const prompt = "prompt secret Enter passphrase for identity 'SOPS_AGE_KEY_FILE':";
const warning = "warn encrypted identity 'SOPS_AGE_KEY_FILE' didn't match file's recipients";

const machine = (options: MemoryHostOptions): MemoryHost =>
  memoryHost({ files: { id: fixture('alice-protected.age') }, ...options, env: { ...env, ...options.env } });

async function unwrap(host: MemoryHost, message = 'alice.message', times = 1): Promise<string> {
  const access = createAgeAccess(host);
  const key: MasterKey = { type: 'age', fields: { recipient: alice }, enc: fixture(message) };
  try {
    for (let i = 1; i < times; i++) await access.unwrap(key);
    return Buffer.from(await access.unwrap(key)).toString();
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('. Did not')[0] ?? '';
  }
}

const failed = 'failed to create reader for decrypting sops data key with age:';
const spoken = (host: MemoryHost): string[] => host.log.filter((line) => !line.startsWith('read'));

describe('a protected identity file on a terminal', () => {
  test('is opened with the passphrase, asked once for several messages', async () => {
    const host = machine({ answers: ['open sesame'] });
    expect(await unwrap(host, 'alice.message', 3)).toBe(payload);
    expect(spoken(host)).toEqual([prompt]);
  });

  test('may be binary, or have blank lines before its armour', async () => {
    const { bytes } = decodeArmor(fixture('alice-protected.age'));
    for (const id of [bytes, `\n\n${fixture('alice-protected.age')}`]) {
      expect(await unwrap(machine({ files: { id }, answers: ['open sesame'] }))).toBe(payload);
    }
  });

  test.each<[string, MemoryHostOptions, string]>([
    ['a wrong passphrase', { answers: ['guess'] }, `${failed} incorrect passphrase`],
    ['an empty passphrase', { answers: [''] }, `${failed} failed to decrypt identity file: passphrase can't be empty`],
    [
      'no terminal',
      { answers: [new Error('no tty')] },
      `${failed} failed to decrypt identity file: could not read passphrase: no tty`,
    ],
    [
      'content that is no identity, without repeating it',
      { files: { id: fixture('nonsense-protected.age') }, answers: ['open sesame'] },
      `${failed} error at line 1: unknown identity type`,
    ],
    [
      'no identity in it',
      { files: { id: fixture('empty-protected.age') }, answers: ['open sesame'] },
      `${failed} no identities found`,
    ],
    [
      'broken armour',
      { files: { id: '-----BEGIN AGE ENCRYPTED FILE-----\n' } },
      "failed to load age identities. Errors while loading age identities: failed to read 'SOPS_AGE_KEY_FILE': invalid armor: unexpected EOF",
    ],
  ])('reports %s', async (_name, options, expected) => {
    expect(await unwrap(machine(options))).toBe(expected);
  });

  test('that does not fit is warned about', async () => {
    const host = machine({ answers: ['open sesame'] });
    expect(await unwrap(host, 'bob.message')).toBe(
      `${failed} identity did not match any of the recipients: incorrect identity for recipient block`,
    );
    expect(spoken(host)).toEqual([prompt, warning]);
  });

  test('is not asked about when a native identity fits', async () => {
    const host = machine({
      env: { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305' },
    });
    expect(await unwrap(host)).toBe(payload);
    expect(spoken(host)).toEqual([]);
  });
});

describe('gpg-agent', () => {
  /** Answers every command with OK, and GET_PASSPHRASE as told. */
  const agent =
    (reply: string, heard: string[] = []): NonNullable<MemoryHostOptions['talk']> =>
    () => ({
      greeting: ['OK Pleased to meet you'],
      answer(line) {
        heard.push(line);
        return [line.startsWith('GET_PASSPHRASE') ? reply : 'OK'];
      },
    });
  const info = { GPG_AGENT_INFO: '/run/agent:0:1' };
  const hex = `OK ${Buffer.from('open sesame').toString('hex').toUpperCase()}`;
  // Base32 of the first 25 bytes of the SHA-256 of the binary file.
  const cacheId = 'SopsAgeVCUZFRLNWFXXZILZN33QT2O22XSLRDO3YPSSAE3F';

  test('is asked for the passphrase', async () => {
    const heard: string[] = [];
    const host = machine({ env: { ...info, DISPLAY: ':0', TERM: 'xterm' }, talk: agent(hex, heard) });
    expect(await unwrap(host)).toBe(payload);
    expect(spoken(host)).toEqual(['connect /run/agent', 'close']);
    expect(heard).toEqual([
      'OPTION display=:0',
      'OPTION ttyname=/dev/pts/7',
      'OPTION ttytype=xterm',
      `GET_PASSPHRASE ${cacheId} X Passphrase Enter+passphrase+for+identity+%27SOPS_AGE_KEY_FILE%27%3A`,
    ]);
  });

  test('forgets a wrong passphrase', async () => {
    const heard: string[] = [];
    const guess = `OK ${Buffer.from('guess').toString('hex')}`;
    expect(await unwrap(machine({ env: info, talk: agent(guess, heard) }))).toBe(`${failed} incorrect passphrase`);
    expect(heard.at(-1)).toBe(`CLEAR_PASSPHRASE ${cacheId}`);
  });

  test.each([
    ['ERR 83886179 Operation cancelled', 'gpgagent: Cancel'],
    ['ERR 67108922 No data', 'GPG_ERR_NO_DATA cache miss'],
    ['ERR 1 other', 'ERR 1 other'],
    ['OK xyz', 'gpgagent: malformed answer'],
  ])('that answers %j is a reason', async (reply, reason) => {
    expect(await unwrap(machine({ env: info, talk: agent(reply) }))).toBe(
      `${failed} failed to decrypt identity file: could not read passphrase: gpg-agent passphrase request errored: ${reason}`,
    );
  });

  test.each<[string, Record<string, string>, string]>([
    ['named by GPG_AGENT_INFO', info, 'connect /run/agent'],
    [
      'in the account\u2019s home',
      { SOCKET: '/home/ann/.gnupg/S.gpg-agent', XDG_RUNTIME_DIR: '/run/1' },
      'connect /home/ann/.gnupg/S.gpg-agent',
    ],
    ['in the runtime folder', { XDG_RUNTIME_DIR: '/run/1' }, 'connect /run/1/gnupg/S.gpg-agent'],
    ['in the account\u2019s home when there is no runtime folder', {}, 'connect /home/ann/.gnupg/S.gpg-agent'],
  ])('is found where it is: %s', async (_name, variables, expected) => {
    const host = machine({ env: variables, accountHome: '/home/ann', talk: agent(hex) });
    await unwrap(host);
    expect(spoken(host)[0]).toBe(expected);
  });

  test('that is not there leaves the question to the terminal', async () => {
    const host = machine({ env: info, answers: ['open sesame'] });
    expect(await unwrap(host)).toBe(payload);
    expect(spoken(host)).toEqual(['connect /run/agent', prompt]);
  });

  test('with an empty GPG_AGENT_INFO is not looked for', async () => {
    const host = machine({ env: { GPG_AGENT_INFO: '' }, accountHome: '/home/ann', answers: ['open sesame'] });
    expect(await unwrap(host)).toBe(payload);
    expect(spoken(host)).toEqual([prompt]);
  });
});
