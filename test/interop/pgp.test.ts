import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../cli/memory-host.ts';
import { MemoryHost } from '../cli/memory-host.ts';
import { describeUnless, findProgram, runBeside } from './programs.ts';
import { describeWithReference } from './reference.ts';
import { builtProgram, noTerminal, runOnTerminal } from './terminal.ts';

const noGpg = findProgram('gpg') === undefined ? 'gpg is not installed (gnupg)' : undefined;
const plain = 'user: ann\npassword: secret\n';
const decrypted: RunResult = { status: 0, stdout: plain, stderr: '' };
const passphrase = 'open sesame';
const kinds = ['rsa', 'curve', 'locked'] as const;
const openKinds = ['rsa', 'curve'] as const;

/** Programs without gpg, which have to read the keyrings themselves. */
const withoutGpg = { SOPS_GPG_EXEC: '/nonexistent/gpg' };

describeWithReference('PGP keys', (reference) => {
  describeUnless(noGpg, 'of gpg', () => {
    let home = '';
    const fingerprints = new Map<string, string>();

    function gpg(...args: string[]): Buffer {
      return execFileSync('gpg', ['--batch', '--quiet', '--pinentry-mode', 'loopback', ...args], {
        env: { PATH: process.env.PATH, GNUPGHOME: home },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    }

    function folderOf(name: string): string {
      const folder = path.join(home, name);
      mkdirSync(folder, { mode: 0o700, recursive: true });
      return folder;
    }

    const fingerprintOf = (name: string): string => fingerprints.get(name) ?? '';

    beforeAll(() => {
      // The socket of its agent needs a short path.
      home = mkdtempSync(path.join(tmpdir(), 'g-'));
      const create = (name: string, protection: string, ...kind: string[]): void => {
        gpg('--passphrase', protection, '--quick-generate-key', `${name}@example.org`, ...kind, 'never');
        const listed = gpg('--list-keys', '--with-colons', `${name}@example.org`).toString();
        fingerprints.set(name, /^fpr:+([0-9A-F]+):$/m.exec(listed)?.[1] ?? '');
      };
      create('rsa', '', 'rsa3072', 'default');
      gpg('--passphrase', '', '--quick-add-key', fingerprintOf('rsa'), 'rsa3072', 'encr', 'never');
      create('curve', '', 'future-default', 'default');
      create('locked', passphrase, 'future-default', 'default');
      const secret = kinds.map((name) =>
        gpg('--passphrase', passphrase, '--export-secret-keys', `${name}@example.org`),
      );
      writeFileSync(path.join(folderOf('exported'), 'pubring.gpg'), gpg('--export'));
      writeFileSync(path.join(folderOf('exported'), 'secring.gpg'), Buffer.concat(secret));
      // As GnuPG 1 and 2.0 kept their keys.
      writeFileSync(path.join(folderOf('old'), 'secring.gpg'), Buffer.concat(secret));
      writeFileSync(path.join(home, 'all'), gpg('--export'));
      const ring = `gnupg-ring:${path.join(folderOf('old'), 'pubring.gpg')}`;
      gpg('--no-default-keyring', '--primary-keyring', ring, '--import', path.join(home, 'all'));
    });

    afterAll(() => {
      for (const folder of ['.', 'old', 'empty', 'exported']) {
        execFileSync('gpgconf', ['--homedir', path.resolve(home, folder), '--kill', 'all'], { stdio: 'ignore' });
      }
      rmSync(home, { recursive: true, force: true });
    });

    function machine(env: Record<string, string> = {}): MemoryHost {
      return new MemoryHost({
        env: { PATH: process.env.PATH ?? '', GNUPGHOME: home, ...env },
        files: { 'f.yaml': plain },
      });
    }

    type Side = (host: MemoryHost, ...args: string[]) => Promise<RunResult>;
    const ours: Side = (host, ...args) => host.run(...args);
    const theirs: Side = (host, ...args) => runBeside(host, reference, ...args);

    async function encrypt(host: MemoryHost, from: Side, fingerprint: string): Promise<void> {
      const result = await from(host, 'encrypt', '-i', '--pgp', fingerprint, 'f.yaml');
      expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(host.read('f.yaml')).toMatch(/^user: ENC\[/);
    }

    describe.each<[string, Side, Side]>([
      ['ours to theirs', ours, theirs],
      ['theirs to ours', theirs, ours],
      ['ours to ours', ours, ours],
    ])('a file goes from %s', (_name, from, to) => {
      test.each(openKinds)('with gpg on both sides: %s', async (name) => {
        const host = machine();
        await encrypt(host, from, fingerprintOf(name));
        expect(await to(host, 'decrypt', 'f.yaml')).toEqual(decrypted);
      });

      test.each(openKinds)('with gpg for encryption and a keyring for decryption: %s', async (name) => {
        const host = machine();
        await encrypt(host, from, fingerprintOf(name));
        Object.assign(host.env, { ...withoutGpg, GNUPGHOME: path.join(home, 'exported') });
        expect(await to(host, 'decrypt', 'f.yaml')).toEqual(decrypted);
      });

      describe.each(['exported', 'old'])('with keyrings: %s', (folder) => {
        test.each(openKinds)('for encryption, and gpg for decryption: %s', async (name) => {
          const host = machine({ ...withoutGpg, GNUPGHOME: path.join(home, folder) });
          await encrypt(host, from, fingerprintOf(name));
          Object.assign(host.env, { SOPS_GPG_EXEC: 'gpg', GNUPGHOME: home });
          expect(await to(host, 'decrypt', 'f.yaml')).toEqual(decrypted);
        });

        test.each(openKinds)('on both sides: %s', async (name) => {
          const host = machine({ ...withoutGpg, GNUPGHOME: path.join(home, folder) });
          await encrypt(host, from, fingerprintOf(name));
          expect(await to(host, 'decrypt', 'f.yaml')).toEqual(decrypted);
        });
      });
    });

    describe('fail with the text of the reference program', () => {
      const unknown = '0123456789ABCDEF0123456789ABCDEF01234567';

      async function alike(host: MemoryHost, ...args: string[]): Promise<void> {
        const expected = await theirs(host, ...args);
        expect(expected.status).not.toBe(0);
        expect(await ours(host, ...args)).toEqual(expected);
      }

      test.each([
        ['gpg does not know the key', {}],
        ['there is no gpg and no keyring', { ...withoutGpg, GNUPGHOME: '/nonexistent' }],
      ])('when they encrypt and %s', async (_name, env) => {
        await alike(machine(env), 'encrypt', '-i', '--pgp', unknown, 'f.yaml');
      });

      test('when they encrypt and the keyring does not know the key', async () => {
        const host = machine({ ...withoutGpg, GNUPGHOME: path.join(home, 'exported') });
        await alike(host, 'encrypt', '-i', '--pgp', unknown, 'f.yaml');
      });

      test.each(['empty', '/nonexistent'])('when they decrypt without the key: %s', async (folder) => {
        const host = machine();
        await encrypt(host, theirs, fingerprintOf('curve'));
        if (folder === 'empty')
          execFileSync('gpg', ['--homedir', folderOf(folder), '--list-keys'], { stdio: 'ignore' });
        host.env['GNUPGHOME'] = path.resolve(home, folder);
        await alike(host, 'decrypt', 'f.yaml');
      });

      test('when they decrypt with a keyring that has no secret key', async () => {
        const host = machine();
        await encrypt(host, theirs, fingerprintOf('curve'));
        const folder = folderOf('public');
        writeFileSync(path.join(folder, 'pubring.gpg'), gpg('--export'));
        Object.assign(host.env, { ...withoutGpg, GNUPGHOME: folder });
        await alike(host, 'decrypt', 'f.yaml');
      });
    });

    describeUnless(noTerminal, 'that are protected', () => {
      const to = 'Enter PGP key passphrase: ';

      async function encrypted(): Promise<MemoryHost> {
        const host = machine({ GPG_AGENT_INFO: '' });
        await encrypt(host, theirs, fingerprintOf('locked'));
        Object.assign(host.env, { ...withoutGpg, GNUPGHOME: path.join(home, 'exported') });
        return host;
      }

      test('open with the passphrase of the terminal, where nothing of it is shown or written', async () => {
        const answers = ['guess', '', passphrase].map((answer) => ({ to, keys: `${answer}\r` }));
        const result = await runOnTerminal(await encrypted(), [...builtProgram, 'decrypt', 'f.yaml'], answers);
        expect(result).toEqual({ ...decrypted, shown: `${to}\r\r\n\u001b[F\u001b[K`.repeat(3) });
      });

      test('open for the reference when we encrypted with a keyring', async () => {
        const host = machine({ GPG_AGENT_INFO: '', ...withoutGpg, GNUPGHOME: path.join(home, 'exported') });
        await encrypt(host, ours, fingerprintOf('locked'));
        const words = `#!/bin/sh\nexec gpg --batch --pinentry-mode loopback --passphrase '${passphrase}' "$@"\n`;
        writeFileSync(host.path('gpg'), words, { mode: 0o700 });
        Object.assign(host.env, { SOPS_GPG_EXEC: host.path('gpg'), GNUPGHOME: home });
        expect(await theirs(host, 'decrypt', 'f.yaml')).toMatchObject({ status: 0, stdout: plain });
      });
    });
  });
});
