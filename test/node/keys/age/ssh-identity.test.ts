import { describe, expect, test } from 'vitest';
import { parseAgeRecipient } from '../../../../src/core/keys/age/age-recipient.ts';
import { decodeArmor } from '../../../../src/core/keys/age/armor.ts';
import { encryptAgeFile, openAgeFile } from '../../../../src/node/keys/age/age-file.ts';
import { loadSshIdentity, wrapForSsh } from '../../../../src/node/keys/age/ssh-identity.ts';
import type { MemoryHost } from '../memory-host.ts';
import { memoryHost } from '../memory-host.ts';
import { fixture, payload, testKey } from './fixture.ts';

const unprotected = [
  ['ssh-ed25519', testKey('ssh-ed25519'), testKey('ssh-ed25519.pub')],
  ['ssh-rsa', testKey('ssh-rsa'), testKey('ssh-rsa.pub')],
  ['rsa-pkcs1', fixture('rsa-pkcs1'), fixture('rsa-pkcs1.pub')],
  ['rsa-pkcs8', fixture('rsa-pkcs8'), fixture('rsa-pkcs8.pub')],
] as const;
const protectedKeys = ['ed25519-ctr', 'ed25519-cbc', 'rsa-ctr', 'rsa-pem'] as const;

async function read(host: MemoryHost, message: string): Promise<string> {
  try {
    const { bytes } = decodeArmor(message);
    const open = await openAgeFile(bytes, [loadSshIdentity(host, 'k')]);
    return Buffer.from(open()).toString();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('SSH keys', () => {
  test.each(unprotected)('open what the reference program encrypted: %s', async (name, key) => {
    expect(await read(memoryHost({ files: { k: key } }), fixture(`${name}.message`))).toBe(payload);
  });

  test.each(unprotected)('open what was wrapped for them here: %s', async (_name, key, publicKey) => {
    const recipient = parseAgeRecipient(publicKey);
    if (recipient.kind !== 'ssh') throw new Error('not an SSH recipient');
    const file = await encryptAgeFile(Buffer.from('hello'), (fileKey) => wrapForSsh(recipient.key, fileKey));
    const open = await openAgeFile(file, [loadSshIdentity(memoryHost({ files: { k: key } }), 'k')]);
    expect(Buffer.from(open()).toString()).toBe('hello');
  });

  test('that do not fit leave the next one its turn', async () => {
    const host = memoryHost({ files: { k: testKey('ssh-rsa') } });
    expect(await read(host, fixture('ssh-ed25519.message'))).toBe(
      'identity did not match any of the recipients: incorrect identity for recipient block',
    );
  });

  test.each([
    ['hello', 'malformed SSH identity in "k": ssh: no key found'],
    ['-----BEGIN X-----\nAAAA\n-----END X-----\n', 'malformed SSH identity in "k": ssh: unsupported key type "X"'],
    [fixture('ecdsa'), 'malformed SSH identity in "k": unsupported SSH identity type: *ecdsa.PrivateKey'],
    [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
      'malformed SSH identity in "k": ssh: invalid openssh private key format',
    ],
  ])('of other kinds are refused: %j', async (key, message) => {
    expect(await read(memoryHost({ files: { k: key } }), fixture('ssh-rsa.message'))).toBe(message);
  });

  test('that are missing are named', async () => {
    expect(await read(memoryHost(), '')).toBe('failed to open file: open k: no such file or directory');
  });
});

describe('protected SSH keys', () => {
  test.each(protectedKeys)('open with their passphrase: %s', async (name) => {
    const files = { k: fixture(name), 'k.pub': fixture(`${name}.pub`) };
    const host = memoryHost({ files, answers: ['open sesame'] });
    expect(await read(host, fixture(`${name}.message`))).toBe(payload);
    expect(host.log.filter((line) => line.startsWith('prompt'))).toEqual(['prompt secret Enter passphrase for "k":']);
  });

  test.each(protectedKeys)('tell a wrong passphrase: %s', async (name) => {
    const files = { k: fixture(name), 'k.pub': fixture(`${name}.pub`) };
    expect(await read(memoryHost({ files, answers: ['guess'] }), fixture(`${name}.message`))).toBe(
      'failed to decrypt SSH key file: x509: decryption password incorrect',
    );
  });

  test.each(protectedKeys)('are not asked for it when the file is not theirs: %s', async (name) => {
    const host = memoryHost({ files: { k: fixture(name), 'k.pub': fixture(`${name}.pub`) } });
    expect(await read(host, fixture('ssh-ed25519.message'))).toBe(
      'identity did not match any of the recipients: incorrect identity for recipient block',
    );
    expect(host.log.filter((line) => line.startsWith('prompt'))).toEqual([]);
  });

  test('are asked for it once for several files', async () => {
    const host = memoryHost({ files: { k: fixture('ed25519-ctr') }, answers: ['open sesame'] });
    const identity = loadSshIdentity(host, 'k');
    const { bytes } = decodeArmor(fixture('ed25519-ctr.message'));
    for (let i = 0; i < 2; i++) expect(Buffer.from((await openAgeFile(bytes, [identity]))()).toString()).toBe(payload);
  });

  test('say why when there is no terminal', async () => {
    const host = memoryHost({ files: { k: fixture('ed25519-ctr') }, answers: [new Error('no tty')] });
    expect(await read(host, fixture('ed25519-ctr.message'))).toBe(
      'failed to obtain passphrase: could not read passphrase for "k": no tty',
    );
  });

  test('in PEM need the public key beside them', async () => {
    expect(await read(memoryHost({ files: { k: fixture('rsa-pem') } }), '')).toBe(
      'failed to obtain public "k.pub" key for "k" SSH key: open k.pub: no such file or directory',
    );
    expect(await read(memoryHost({ files: { k: fixture('rsa-pem'), 'k.pub': 'x' } }), '')).toBe(
      'failed to parse "k.pub": ssh: no key found',
    );
    expect(await read(memoryHost({ files: { k: fixture('rsa-pem'), 'k.pub': fixture('ecdsa.pub') } }), '')).toBe(
      'could not create encrypted SSH identity: unsupported SSH key type: ecdsa-sha2-nistp256',
    );
  });

  test('must belong to the public key beside them', async () => {
    const files = { k: fixture('rsa-pem'), 'k.pub': fixture('rsa-ctr.pub') };
    expect(await read(memoryHost({ files, answers: ['open sesame'] }), fixture('rsa-ctr.message'))).toBe(
      'mismatched private and public SSH key',
    );
  });
});
