import { chmodSync, chownSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { describeUnless, findProgram } from '../interop/programs.ts';
import type { Ended } from './program.ts';
import { HELD, programOn, quiet, Sandbox, SECRET } from './program.ts';

const BIG = 200_000;

async function sandboxWithFiles(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  const files = {
    'base.env': `TOKEN=${SECRET}\nNAME=base\n`,
    'prod.env': 'NAME=prod of `x` and $HOME\nEMPTY=\n',
    's.yaml': `password: ${SECRET}\n`,
    'big.bin': `${'x'.repeat(BIG)}`,
  };
  for (const [name, text] of Object.entries(files)) {
    sandbox.write('plain', text);
    const { stdout } = await sandbox.run(['encrypt', '--filename-override', name, 'plain']);
    sandbox.write(name, stdout);
  }
  return sandbox;
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await sleep(10);
}

function ended(status: number, stderr: string, stdout = ''): Ended {
  return { status, signal: null, stdout, stderr };
}

describe('exec-env', () => {
  test('takes several files, of which the last one counts, and a program without a shell', async () => {
    const sandbox = await sandboxWithFiles();
    const files = ['-f', 'base.env', '-f', 'prod.env'];
    expect(await sandbox.run(['exec-env', '--pristine', ...files, '--', 'env'])).toEqual(
      quiet(`TOKEN=${SECRET}\nNAME=prod of \`x\` and $HOME\nEMPTY=\n`),
    );
    const words = ['printf', '[%s]', 'a b', '$TOKEN', '*', '', '-f', '--user', '--'];
    expect(await sandbox.run(['exec-env', ...files, '--', ...words])).toEqual(
      quiet('[a b][$TOKEN][*][][-f][--user][--]'),
    );
    expect(await sandbox.run(['exec-env', ...files, '--', 'sh', '-c', 'exit 7'])).toEqual(ended(7, 'exit status 7\n'));
    expect(await sandbox.run(['exec-env', ...files, '--', 'no-such-program'])).toEqual(
      ended(1, 'exec: "no-such-program": executable file not found in $PATH\n'),
    );
    expect(await sandbox.run(['exec-env', ...files])).toEqual(ended(1, 'error: missing program to run\n'));
  });

  test('ends as the command does', async () => {
    const sandbox = await sandboxWithFiles();
    const run = (command: string, ...flags: string[]): Promise<Ended> =>
      sandbox.run(['exec-env', ...flags, 'base.env', command]);
    expect(await run('echo "$TOKEN"')).toEqual(quiet(`${SECRET}\n`));
    expect(await run('exit 7')).toEqual(ended(7, 'exit status 7\n'));
    expect(await run('kill -KILL $$')).toEqual(ended(255, 'signal: killed\n'));
    expect(await run('kill -TERM $$')).toEqual(ended(255, 'signal: terminated\n'));
    expect(await run('exit 7', '--same-process')).toEqual(ended(7, ''));
    const killed = await run('kill -TERM $$', '--same-process');
    expect(killed).toEqual({ status: null, signal: 'SIGTERM', stdout: '', stderr: '' });
  });

  test('passes standard input through', async () => {
    const sandbox = await sandboxWithFiles();
    expect(await sandbox.run(['exec-env', 'base.env', 'cat'], { stdin: 'text' })).toEqual(quiet('text'));
  });

  test('starts a command in the background and does not wait for it', async () => {
    const sandbox = await sandboxWithFiles();
    const command = 'while ! [ -e go ]; do sleep 0.02; done; echo "$TOKEN" >new; mv new out';
    const { status } = await sandbox.run(['exec-env', '--background', 'base.env', command]);
    expect(status).toBe(0);
    expect(sandbox.exists('out')).toBe(false);
    sandbox.write('go', '');
    await until(() => sandbox.exists('out'));
    expect(sandbox.read('out')).toBe(`${SECRET}\n`);
  });
});

const modern = 'build/runtimes/node_modules/.bin/node';
const runtimes: [string, string | undefined][] = [
  ['a child that gets the signals', process.execPath],
  ['the process itself on Node 24', existsSync(modern) ? path.resolve(modern) : undefined],
];

describe.each(runtimes)('exec-env --same-process: %s', (_name, runtime) => {
  describeUnless(runtime === undefined ? 'npm run runtimes' : undefined, 'signals', () => {
    test('a reader that goes ends the command as usual: no signal is ignored that this process ignores', async () => {
      const sandbox = await sandboxWithFiles();
      const command = '{ yes; echo $? >&2; } | head -n 1; exit 3';
      const args = ['exec-env', '--same-process', 'base.env', command];
      const { ended: end } = sandbox.startProgram([...programOn(runtime ?? ''), ...args]);
      // What a shell makes of SIGPIPE.
      expect(await end).toEqual(ended(3, '141\n', 'y\n'));
    });

    test.each(['SIGTERM', 'SIGHUP', 'SIGUSR1'] as const)(
      '%s reaches the command, whose end is the end',
      async (signal) => {
        const sandbox = await sandboxWithFiles();
        const command = `trap 'echo "$TOKEN"; exit 3' ${signal.slice(3)}; echo ready; while :; do sleep 0.02; done`;
        const args = ['exec-env', '--same-process', 'base.env', command];
        const running = sandbox.startProgram([...programOn(runtime ?? ''), ...args], { stdin: HELD });
        await new Promise((resolve) => running.child.stdout?.once('data', resolve));
        running.child.kill(signal);
        expect(await running.ended).toEqual(ended(3, '', `ready\n${SECRET}\n`));
      },
    );
  });
});

describe('exec-file', () => {
  const TEXT = `password: ${SECRET}\n`;

  test.each([
    ['a named pipe', []],
    ['a file', ['--no-fifo']],
  ])('gives the command %s, which goes with the end of the command', async (_name, flags) => {
    const sandbox = await sandboxWithFiles();
    const run = (file: string, command: string): Promise<Ended> => sandbox.run(['exec-file', ...flags, file, command]);
    expect(await run('s.yaml', 'cat {}')).toEqual(quiet(TEXT));
    expect(await run('s.yaml', 'cat {}; exit 5')).toEqual(ended(5, 'exit status 5\n', TEXT));
    expect(await run('s.yaml', 'kill -KILL $$')).toEqual(ended(255, 'signal: killed\n'));
    // Readers that never come, that stop at once, and that stop early.
    expect(await run('big.bin', 'true')).toEqual(quiet());
    expect(await run('big.bin', 'exec 3<{}; exec 3<&-; exit 3')).toEqual(ended(3, 'exit status 3\n'));
    expect(await run('big.bin', 'head -c 5 {}')).toEqual(quiet('xxxxx'));
    expect(await run('big.bin', 'wc -c <{}')).toEqual(quiet(`${BIG}\n`));
    expect(readdirSync(sandbox.temporary)).toEqual([]);
  });

  test.each([
    ['a named pipe', []],
    ['a file', ['--no-fifo']],
  ])('lets a command in the background read %s, which goes when that has ended', async (_name, flags) => {
    const sandbox = await sandboxWithFiles();
    const command = 'while ! [ -e go ]; do sleep 0.02; done; cat {} >new; mv new out';
    const { status } = await sandbox.run(['exec-file', '--background', ...flags, 's.yaml', command]);
    expect(status).toBe(0);
    expect(sandbox.exists('out')).toBe(false);
    sandbox.write('go', '');
    await until(() => sandbox.exists('out') && readdirSync(sandbox.temporary).length === 0);
    expect(sandbox.read('out')).toBe(TEXT);
  });
});

const canBecomeNobody = process.getuid?.() === 0 && findProgram('setpriv') !== undefined;

(canBecomeNobody ? describe : describe.skip)('--user (as root)', () => {
  test('runs the command as that user, who can read the values and nothing else of root', async () => {
    const sandbox = await sandboxWithFiles();
    for (const folder of [sandbox.root, sandbox.folder]) chmodSync(folder, 0o755);
    chmodSync(sandbox.temporary, 0o1777);
    chownSync(sandbox.path('s.yaml'), 0, 0);
    chmodSync(sandbox.path('s.yaml'), 0o600);
    const who = 'id -un; echo $USER';
    const args = ['--user', 'nobody'];
    expect(await sandbox.run(['exec-env', ...args, 'base.env', `${who}; echo $TOKEN`])).toEqual(
      quiet(`nobody\nnobody\n${SECRET}\n`),
    );
    for (const flags of [[], ['--no-fifo']]) {
      const command = `${who}; cat {}; cat s.yaml 2>/dev/null || echo closed`;
      expect(await sandbox.run(['exec-file', ...args, ...flags, 's.yaml', command])).toEqual(
        quiet(`nobody\nnobody\npassword: ${SECRET}\nclosed\n`),
      );
    }
    expect(readdirSync(sandbox.temporary)).toEqual([]);
  });
});
