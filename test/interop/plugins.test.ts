import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemoryHost } from '../cli/memory-host.ts';
import { describeUnless, runBeside } from './programs.ts';
import { describeWithReference } from './reference.ts';

const folder = path.resolve(import.meta.dirname, '../../build/age-plugins/pq-1.3.2-unencrypted-0.7.0');
const missing = ['age-plugin-pq', 'age-plugin-unencrypted'].every((name) => existsSync(path.join(folder, name)))
  ? undefined
  : 'the plugins are not installed (test/servers/install-plugins.sh)';

const plain = 'user: ann\npassword: secret\n';
/** What age-plugin-unencrypted prints: neither of them holds a key. */
const unencrypted = { recipient: 'age1unencrypted1k5fr0r', identity: 'AGE-PLUGIN-UNENCRYPTED-1CR7ZD5' };

function machine(env: Record<string, string> = {}): MemoryHost {
  return new MemoryHost({ env: { PATH: folder, ...env }, files: { 'f.yaml': plain } });
}

describeWithReference('age plugins', (reference) => {
  describeUnless(missing, 'real ones', () => {
    type Side = (host: MemoryHost, ...args: string[]) => Promise<{ status: number; stdout: string; stderr: string }>;
    const ours: Side = (host, ...args) => host.run(...args);
    const theirs: Side = (host, ...args) => runBeside(host, reference, ...args);

    /** Encrypts with one program and decrypts with the other. */
    async function passOn(host: MemoryHost, from: Side, to: Side, recipient: string): Promise<void> {
      expect(await from(host, 'encrypt', '-i', '--age', recipient, 'f.yaml')).toEqual(quiet(''));
      expect(host.read('f.yaml')).toMatch(/^user: ENC\[/);
      expect(await to(host, 'decrypt', 'f.yaml')).toEqual(quiet(plain));
    }

    const directions: [string, Side, Side][] = [
      ['ours to theirs', ours, theirs],
      ['theirs to ours', theirs, ours],
      ['ours to ours', ours, ours],
    ];

    describe.each(directions)('a file goes from %s', (_name, from, to) => {
      test('with a plugin that wraps and unwraps', async () => {
        await passOn(machine({ SOPS_AGE_KEY: unencrypted.identity }), from, to, unencrypted.recipient);
      });

      test('with a plugin that gives several stanzas, and labels', async () => {
        const env = { AGE_PLUGIN_STANZAS_PER_RECIPIENT: '3', AGE_PLUGIN_LABELS: 'a,b' };
        await passOn(machine({ SOPS_AGE_KEY: unencrypted.identity, ...env }), from, to, unencrypted.recipient);
      });

      test('with a post-quantum identity that a plugin holds', async () => {
        const native = postQuantumKey(reference);
        const identity = execFileSync(path.join(folder, 'age-plugin-pq'), ['-identity'], { input: native.identity });
        await passOn(machine({ SOPS_AGE_KEY: identity.toString() }), from, to, native.recipient);
      });

      test('with the plugin of one of several identities', async () => {
        const env = { SOPS_AGE_KEY: `${postQuantumKey(reference).identity}\n${unencrypted.identity}` };
        await passOn(machine(env), from, to, unencrypted.recipient);
      });
    });

    describe('fail with the texts of the reference program', () => {
      /** Both programs do the same, and nothing is left of it. */
      async function alike(host: MemoryHost, ...args: string[]): Promise<string> {
        const before = host.read('f.yaml');
        const expected = await theirs(host, ...args);
        const result = await ours(host, ...args);
        expect([result.status, result.stdout]).toEqual([expected.status, expected.stdout]);
        expect(expected.status).not.toBe(0);
        expect(unwrapped(result.stderr)).toBe(unwrapped(expected.stderr));
        expect(host.read('f.yaml')).toBe(before);
        return unwrapped(result.stderr);
      }

      test.each([
        [{ AGE_EXPLODES: 'recipient' }, 'unencrypted plugin: '],
        [{ AGE_EXPLODES: 'wrap' }, 'unencrypted plugin: '],
        [{ AGE_HALF_PLUGIN: 'identity' }, 'unencrypted plugin: '],
        [{ PATH: '/nonexistent' }, 'executable file not found in $PATH'],
      ])('when they encrypt: %j', async (env, reason) => {
        const said = await alike(machine(env), 'encrypt', '-i', '--age', unencrypted.recipient, 'f.yaml');
        expect(said).toContain(reason);
      });

      test.each([
        [{ AGE_EXPLODES: 'identity' }, 'unencrypted plugin: '],
        [{ AGE_EXPLODES: 'unwrap' }, 'unencrypted plugin: '],
        [{ AGE_HALF_PLUGIN: 'recipient' }, 'unencrypted plugin: '],
        [{ PATH: '/nonexistent' }, 'executable file not found in $PATH'],
      ])('when they decrypt: %j', async (env, reason) => {
        const host = machine({ SOPS_AGE_KEY: unencrypted.identity });
        await theirs(host, 'encrypt', '-i', '--age', unencrypted.recipient, 'f.yaml');
        Object.assign(host.env, env);
        expect(await alike(host, 'decrypt', 'f.yaml')).toContain(reason);
      });

      test('when the identity is for another file', async () => {
        const host = machine({ SOPS_AGE_KEY: unencrypted.identity });
        await theirs(host, 'encrypt', '-i', '--age', postQuantumKey(reference).recipient, 'f.yaml');
        expect(await alike(host, 'decrypt', 'f.yaml')).toContain('identity did not match any of the recipients');
      });
    });

    test('tell a user who watches what they have to say', async () => {
      const host = new MemoryHost({
        env: { PATH: folder, SOPS_AGE_KEY: unencrypted.identity },
        files: { 'f.yaml': plain },
        tty: { stderr: true },
      });
      const said = "unencrypted plugin: This plugin doesn't have any recipient-specific logic. It's unencrypted!\n";
      expect(await host.run('encrypt', '-i', '--age', unencrypted.recipient, 'f.yaml')).toEqual({
        ...quiet(''),
        stderr: said,
      });
      expect(await host.run('decrypt', 'f.yaml')).toEqual({
        ...quiet(plain),
        stderr: 'unencrypted plugin: This identity does nothing!\n',
      });
    });
  });
});

/** Without the line breaks of the report; how a plugin's end shows is a matter of chance in the reference. */
function unwrapped(stderr: string): string {
  return stderr.replace(/\n *\| /g, ' ').replace('write |1: broken pipe', 'failed to read line: EOF');
}

function quiet(stdout: string): { status: number; stdout: string; stderr: string } {
  return { status: 0, stdout, stderr: '' };
}

/** A post-quantum key of age-keygen, which is installed beside the reference. */
function postQuantumKey(reference: string): { identity: string; recipient: string } {
  const beside = path.join(path.dirname(reference), 'age-keygen');
  const text = execFileSync(existsSync(beside) ? beside : 'age-keygen', ['-pq'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const identity = /^AGE-SECRET-KEY-PQ-1\S+$/m.exec(text)?.[0];
  const recipient = /public key: (\S+)/.exec(text)?.[1];
  if (identity === undefined || recipient === undefined) throw new Error('age-keygen gave no key');
  return { identity, recipient };
}
