import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../cli/memory-host.ts';
import { MemoryHost } from '../cli/memory-host.ts';
import { describeUnless, findProgram, runBeside } from './programs.ts';
import { describeWithReference } from './reference.ts';
import { builtProgram, noTerminal, runOnTerminal, withoutEcho } from './terminal.ts';

const noKeygen = findProgram('ssh-keygen') === undefined ? 'ssh-keygen is not installed (openssh-client)' : undefined;
const plain = 'user: ann\npassword: secret\n';
const passphrase = 'open sesame';

const kinds: [string, string[]][] = [
  ['ed25519', ['-t', 'ed25519']],
  ['rsa', ['-t', 'rsa', '-b', '2048']],
  ['rsa in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
];
const protectedKinds: [string, string[]][] = [...kinds, ['ed25519 with CBC', ['-t', 'ed25519', '-Z', 'aes256-cbc']]];

/** A folder with a file, and a key that ssh-keygen makes there. */
function machine(name: string, options: string[], protection = ''): MemoryHost {
  const host = new MemoryHost({
    env: { PATH: process.env.PATH ?? '' },
    files: { 'f.yaml': plain, 'home/.ssh/none': '' },
  });
  execFileSync('ssh-keygen', ['-q', '-N', protection, '-C', 'a key', '-f', host.path(name), ...options]);
  return host;
}

const recipientOf = (host: MemoryHost, name: string): string => readFileSync(host.path(`${name}.pub`), 'utf8').trim();
const decrypted: RunResult = { status: 0, stdout: plain, stderr: '' };

describeWithReference('SSH keys', (reference) => {
  describeUnless(noKeygen, 'of ssh-keygen', () => {
    const ours = (host: MemoryHost, ...args: string[]): Promise<RunResult> => host.run(...args);
    const theirs = (host: MemoryHost, ...args: string[]): Promise<RunResult> => runBeside(host, reference, ...args);
    const directions = [
      ['ours to theirs', ours, theirs],
      ['theirs to ours', theirs, ours],
      ['ours to ours', ours, ours],
    ] as const;

    describe.each(directions)('a file goes from %s', (_name, from, to) => {
      async function passOn(host: MemoryHost, name: string): Promise<void> {
        const done = { status: 0, stdout: '', stderr: '' };
        expect(await from(host, 'encrypt', '-i', '--age', recipientOf(host, name), 'f.yaml')).toEqual(done);
        expect(host.read('f.yaml')).toMatch(/^user: ENC\[/);
        expect(await to(host, 'decrypt', 'f.yaml')).toEqual(decrypted);
      }

      test.each(kinds)('with the key of a variable: %s', async (_kind, options) => {
        const host = machine('key', options);
        host.env['SOPS_AGE_SSH_PRIVATE_KEY_FILE'] = host.path('key');
        await passOn(host, 'key');
      });

      test.each(kinds)('with the key that a command prints: %s', async (_kind, options) => {
        const host = machine('key', options);
        host.env['SOPS_AGE_SSH_PRIVATE_KEY_CMD'] = `cat '${host.path('key')}'`;
        await passOn(host, 'key');
      });

      test.each([
        ['id_ed25519', ['-t', 'ed25519']],
        ['id_rsa', ['-t', 'rsa']],
      ])('with the key of the home folder: %s', async (name, options) => {
        await passOn(machine(`home/.ssh/${name}`, options), `home/.ssh/${name}`);
      });
    });

    describeUnless(noTerminal, 'that are protected', () => {
      async function encrypted(options: string[], from: typeof ours): Promise<MemoryHost> {
        const host = machine('key', options, passphrase);
        host.env['SOPS_AGE_SSH_PRIVATE_KEY_FILE'] = host.path('key');
        expect(await from(host, 'encrypt', '-i', '--age', recipientOf(host, 'key'), 'f.yaml')).toMatchObject({
          status: 0,
        });
        return host;
      }
      const prompt = (host: MemoryHost): string => `Enter passphrase for "${host.path('key')}": `;

      test.each(protectedKinds)(
        'open with the passphrase of the terminal, which does not show it: %s',
        async (_kind, options) => {
          const host = await encrypted(options, theirs);
          const answers = [{ to: prompt(host), keys: `${passphrase}\r` }];
          const { shown, ...result } = await runOnTerminal(host, [...builtProgram, 'decrypt', 'f.yaml'], answers);
          expect(result).toEqual(decrypted);
          const expected = await runOnTerminal(host, [reference, 'decrypt', 'f.yaml'], answers);
          expect(shown).toBe(withoutEcho(expected.shown, answers));
          expect(shown).not.toContain('sesame');
        },
      );

      test.each(protectedKinds)('open what we encrypted for them: %s', async (_kind, options) => {
        const host = await encrypted(options, ours);
        const answers = [{ to: prompt(host), keys: `${passphrase}\r` }];
        expect(await runOnTerminal(host, [reference, 'decrypt', 'f.yaml'], answers)).toMatchObject(decrypted);
      });

      test.each(protectedKinds)(
        'stay closed with another passphrase, in the words of the reference: %s',
        async (_kind, options) => {
          const host = await encrypted(options, theirs);
          const answers = [{ to: prompt(host), keys: 'guess\r' }];
          const expected = await runOnTerminal(host, [reference, 'decrypt', 'f.yaml'], answers);
          expect(expected.status).toBe(128);
          expect(await runOnTerminal(host, [...builtProgram, 'decrypt', 'f.yaml'], answers)).toEqual({
            ...expected,
            shown: withoutEcho(expected.shown, answers),
          });
        },
      );
    });
  });
});
