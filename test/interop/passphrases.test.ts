import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunResult } from '../cli/memory-host.ts';
import { MemoryHost } from '../cli/memory-host.ts';
import { describeUnless, findProgram, runBeside } from './programs.ts';
import { describeWithReference, newAgeKey } from './reference.ts';
import { builtProgram, noTerminal, runOnTerminal, withoutEcho } from './terminal.ts';

const passphrase = 'open sesame';
const plain = 'user: ann\npassword: secret\n';
const decrypted: RunResult = { status: 0, stdout: plain, stderr: '' };
const noAgent = findProgram('gpg-agent') === undefined ? 'gpg-agent is not installed (gnupg)' : undefined;

describeWithReference('identity files that a passphrase protects', (reference) => {
  const folder = path.dirname(reference);

  /** A folder with a file, encrypted by the reference, and the protected identity that it is for; age protects it. */
  async function machine(options: { armour: boolean } = { armour: true }): Promise<MemoryHost> {
    const { identity, recipient } = newAgeKey();
    const host = new MemoryHost({ files: { 'f.yaml': plain, 'home/none': '' } });
    const args = ['-e', ...(options.armour ? ['-a'] : []), '-j', 'batchpass', '-o', host.path('identity')];
    execFileSync(path.join(folder, 'age'), args, {
      input: `${identity}\n`,
      env: { PATH: folder, AGE_PASSPHRASE: passphrase, AGE_PASSPHRASE_WORK_FACTOR: '10' },
    });
    host.env['SOPS_AGE_KEY_FILE'] = host.path('identity');
    Object.assign(host.env, { GPG_AGENT_INFO: '', TERM: 'xterm' });
    expect(await runBeside(host, reference, 'encrypt', '-i', '--age', recipient, 'f.yaml')).toMatchObject({
      status: 0,
    });
    return host;
  }

  describeUnless(noTerminal, 'on a terminal', () => {
    const to = "Enter passphrase for identity 'SOPS_AGE_KEY_FILE': ";

    test.each([{ armour: true }, { armour: false }])('open as with the reference: %j', async (options) => {
      const host = await machine(options);
      const answers = [{ to, keys: `${passphrase}\r` }];
      const { shown, ...result } = await runOnTerminal(host, [...builtProgram, 'decrypt', 'f.yaml'], answers);
      expect(result).toEqual(decrypted);
      const expected = await runOnTerminal(host, [reference, 'decrypt', 'f.yaml'], answers);
      expect(shown).toBe(withoutEcho(expected.shown, answers));
    });

    test.each(['guess\r', '\r'])('stay closed as with the reference: %j', async (keys) => {
      const host = await machine();
      const expected = await runOnTerminal(host, [reference, 'decrypt', 'f.yaml'], [{ to, keys }]);
      expect(expected.status).toBe(128);
      expect(await runOnTerminal(host, [...builtProgram, 'decrypt', 'f.yaml'], [{ to, keys }])).toEqual({
        ...expected,
        shown: withoutEcho(expected.shown, [{ to, keys }]),
      });
    });

    test('open for a command that starts another program', async () => {
      const host = await machine();
      const answers = [{ to, keys: `${passphrase}\r` }];
      const command = [...builtProgram, 'exec-env', 'f.yaml', 'echo $user $password'];
      expect(await runOnTerminal(host, command, answers)).toMatchObject({ status: 0, stdout: 'ann secret\n' });
    });
  });

  describeUnless(noAgent, 'with a gpg-agent', () => {
    /** A real agent, whose questions a program answers: with each passphrase in turn, or not at all. */
    async function startAgent(host: MemoryHost, answers: string[]): Promise<void> {
      mkdirSync(host.path('g'), { mode: 0o700 });
      const lines = answers.map((answer, index) => `${String(index + 1)}) echo "D ${answer}"; echo OK ;;`);
      const pinentry = `#!/bin/sh
echo OK ready
while read -r command rest; do
  case $command in
    SETDESC) echo "$rest" >>'${host.path('asked')}'; echo OK ;;
    GETPIN) case $(wc -l <'${host.path('asked')}' | tr -d ' ') in ${lines.join(' ')} *) echo 'ERR 83886179 cancelled' ;; esac ;;
    BYE) echo OK; exit ;;
    *) echo OK ;;
  esac
done
`;
      writeFileSync(host.path('pinentry'), pinentry, { mode: 0o700 });
      const home = ['--homedir', host.path('g')];
      const agent = spawn(
        'gpg-agent',
        [...home, '--pinentry-program', host.path('pinentry'), '--daemon', 'sleep', '600'],
        {
          env: { PATH: process.env.PATH },
          stdio: 'ignore',
          detached: true,
        },
      );
      onTestFinished(() => {
        execFileSync('gpgconf', [...home, '--kill', 'gpg-agent']);
        process.kill(-(agent.pid ?? 0), 'SIGTERM');
      });
      const options = { encoding: 'utf8', env: { PATH: process.env.PATH } } as const;
      const socket = execFileSync('gpgconf', [...home, '--list-dirs', 'agent-socket'], options).trim();
      host.env['GPG_AGENT_INFO'] = `${decodeURIComponent(socket)}:0:1`;
      // The agent is there when it answers.
      execFileSync('gpg-connect-agent', [...home, '--no-autostart', 'GETINFO pid', '/bye'], options);
    }

    const asked = (host: MemoryHost): string[] => decodeURIComponent(host.read('asked')).split('\n').slice(0, -1);
    const question = "Enter passphrase for identity 'SOPS_AGE_KEY_FILE':";

    test('open with what the agent knows, whichever program asked first', async () => {
      const host = await machine();
      await startAgent(host, [passphrase]);
      expect(await host.run('decrypt', 'f.yaml')).toEqual(decrypted);
      expect(await runBeside(host, reference, 'decrypt', 'f.yaml')).toEqual(decrypted);
      expect(await host.run('decrypt', 'f.yaml')).toEqual(decrypted);
      expect(asked(host)).toEqual([question]);
    });

    test('open without the TERM that the reference needs', async () => {
      const host = await machine();
      delete host.env['TERM'];
      await startAgent(host, [passphrase]);
      expect((await runBeside(host, reference, 'decrypt', 'f.yaml')).status).toBe(128);
      expect(await host.run('decrypt', 'f.yaml')).toEqual(decrypted);
    });

    test('open with what the reference had the agent ask', async () => {
      const host = await machine();
      await startAgent(host, [passphrase]);
      expect(await runBeside(host, reference, 'decrypt', 'f.yaml')).toEqual(decrypted);
      expect(await host.run('decrypt', 'f.yaml')).toEqual(decrypted);
      expect(asked(host)).toEqual([question]);
    });

    test('let the agent forget a wrong passphrase', async () => {
      const host = await machine();
      await startAgent(host, ['guess', 'guess', passphrase]);
      const expected = await runBeside(host, reference, 'decrypt', 'f.yaml');
      expect(expected.status).toBe(128);
      expect(await host.run('decrypt', 'f.yaml')).toEqual(expected);
      expect(await host.run('decrypt', 'f.yaml')).toEqual(decrypted);
      expect(asked(host)).toEqual([question, question, question]);
    });

    test('stay closed when the user cancels', async () => {
      const host = await machine();
      await startAgent(host, []);
      const expected = await runBeside(host, reference, 'decrypt', 'f.yaml');
      expect(expected.status).toBe(128);
      expect(await host.run('decrypt', 'f.yaml')).toEqual(expected);
    });
  });
});
