/** The built program and every signal that could end it. `npm run build` comes first. */
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ENDING_SIGNALS, endingSignals } from '../../src/node/signals.ts';
import { describeUnless, findProgram } from '../interop/programs.ts';
import type { Ended, Running } from './program.ts';
import { HELD, PROGRAM, programOn, Sandbox, SECRET } from './program.ts';

const SIGNALS = ENDING_SIGNALS;
/** Bun, of which the standalone binary is made, keeps one for itself and does not know the other. */
const UNHEARD = PROGRAM.length === 1 ? ['SIGPWR', 'SIGSTKFLT'] : [];
const HEARD = SIGNALS.filter((signal) => !UNHEARD.includes(signal));
const BY_KEYBOARD = new Set<string>(['SIGINT', 'SIGQUIT']);
/** What `edit` takes for the user's wish to stop. */
const CANCELLING = new Set<string>(['SIGINT', 'SIGTERM']);

const modern = 'build/runtimes/node_modules/.bin/node';
const runtimes: [string, string | undefined][] = [
  ['this Node', process.execPath],
  ['Node 24', existsSync(modern) ? path.resolve(modern) : undefined],
];

async function sandboxWithFile(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  sandbox.write('plain', `{"password": "${SECRET}"}\n`);
  const { stdout } = await sandbox.run(['encrypt', '--filename-override', 's.json', 'plain']);
  sandbox.write('s.json', stdout);
  return sandbox;
}

async function untilThere(sandbox: Sandbox, name: string, running: Running): Promise<void> {
  while (!sandbox.exists(name)) {
    if (running.child.exitCode !== null) throw new Error(`ended with ${running.child.exitCode}`);
    await sleep(5);
  }
}

function send(running: Running, signal: NodeJS.Signals): void {
  process.kill(running.pid, constants.signals[signal]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function ended(status: number | null, signal: NodeJS.Signals | null, stderr = '', stdout = ''): Ended {
  return { status, signal, stdout, stderr };
}

test('listens to all signals of this system that end a process, as far as Node lets it', () => {
  const others =
    'SIGKILL SIGSTOP SIGPIPE SIGXFSZ SIGPROF SIGSEGV SIGBUS SIGFPE SIGILL SIGCHLD SIGCONT SIGTSTP SIGTTIN SIGTTOU SIGURG SIGWINCH SIGIOT SIGPOLL';
  const known = Object.keys(constants.signals).filter((name) => !others.split(' ').includes(name));
  expect([...SIGNALS].sort()).toEqual(known.sort());
});

test('SIGIO, which ends nothing there, is no end on macOS; SIGTRAP, which a fault repeats there, none on ARM', () => {
  const everywhere = SIGNALS.filter((signal) => !['SIGIO', 'SIGPWR', 'SIGSTKFLT', 'SIGTRAP'].includes(signal));
  expect(endingSignals('darwin', 'arm64')).toEqual(everywhere);
  expect(endingSignals('darwin', 'x64')).toEqual([...everywhere, 'SIGTRAP']);
});

/** Of a session of its own: without a terminal, whatever started the test. */
const NO_TERMINAL = { stdin: HELD, detached: true };
const PID = 'echo $$ >pid.new; mv pid.new pid; ';

describe.each(runtimes)('%s', (_name, node) => {
  describeUnless(node === undefined ? 'npm run runtimes' : undefined, 'signals', () => {
    const program = programOn(node ?? '');

    test.each(HEARD)('%s ends the command, the program and the clear text', async (signal) => {
      const sandbox = await sandboxWithFile();
      const command = ['exec-file', '--no-fifo', 's.json', `${PID}exec sleep 60`];
      const running = sandbox.startProgram([...program, ...command], NO_TERMINAL);
      await untilThere(sandbox, 'pid', running);
      expect(readdirSync(sandbox.temporary)).toHaveLength(1);
      send(running, signal);
      expect(await running.ended).toEqual(ended(null, signal));
      expect(isAlive(Number(sandbox.read('pid')))).toBe(false);
      expect(readdirSync(sandbox.temporary)).toEqual([]);
    });

    test.each(HEARD)('%s is passed on to a command that makes something of it', async (signal) => {
      const sandbox = await sandboxWithFile();
      const script = sandbox.script(
        'command',
        `trap 'echo "$password" >>got; [ -s got.2 ] && exit 3; cp got got.2' ${constants.signals[signal]}
${PID}while :; do sleep 0.01; done`,
      );
      for (const args of [
        ['exec-env', 's.json', `exec ${script}`],
        ['exec-env', '-f', 's.json', '--', script],
        ['exec-file', 's.json', `password=${SECRET} exec ${script}`],
      ]) {
        const running = sandbox.startProgram([...program, ...args], NO_TERMINAL);
        await untilThere(sandbox, 'pid', running);
        send(running, signal);
        await untilThere(sandbox, 'got.2', running);
        send(running, signal);
        expect(await running.ended).toEqual(ended(3, null, 'exit status 3\n'));
        expect(sandbox.read('got')).toBe(`${SECRET}\n${SECRET}\n`);
        expect(readdirSync(sandbox.temporary)).toEqual([]);
        await sandbox.shell('rm pid got got.2');
      }
    });

    test.each(HEARD)('%s leaves no clear text of an edit', async (signal) => {
      const sandbox = await sandboxWithFile();
      const EDITOR = sandbox.script('editor', `${PID}exec sleep 60`);
      const running = sandbox.startProgram([...program, 'edit', 's.json'], { ...NO_TERMINAL, env: { EDITOR } });
      await untilThere(sandbox, 'pid', running);
      expect(readdirSync(sandbox.temporary)).toHaveLength(1);
      send(running, signal);
      const { status, signal: end } = await endedWithoutEditor(running, sandbox);
      expect({ status, end }).toEqual(
        CANCELLING.has(signal) ? { status: 1, end: null } : { status: null, end: signal },
      );
      expect(readdirSync(sandbox.temporary)).toEqual([]);
    });

    test.each(HEARD.filter((signal) => !BY_KEYBOARD.has(signal)))(
      '%s loses nothing that was saved in an editor',
      async (signal) => {
        const sandbox = await sandboxWithFile();
        const EDITOR = sandbox.script('editor', `echo '{"typed": 1}' >"$1"; ${PID}exec sleep 60`);
        const running = sandbox.startProgram([...program, 'edit', 's.json'], { ...NO_TERMINAL, env: { EDITOR } });
        await untilThere(sandbox, 'pid', running);
        send(running, signal);
        expect((await endedWithoutEditor(running, sandbox)).status).toBe(1);
        const [kept = ''] = readdirSync(sandbox.folder).filter((name) => name.includes('.edited-'));
        expect(await sandbox.run(['decrypt', kept])).toEqual(ended(0, null, '', '{"typed": 1}\n'));
        expect(readdirSync(sandbox.temporary)).toEqual([]);
      },
    );

    test('SIGUSR1 ends a program that holds keys, and opens no debugger', async () => {
      const sandbox = await sandboxWithFile();
      const args = ['--verbose', 'keyservice', '--network', 'unix', '--address', sandbox.path('socket')];
      const running = sandbox.startProgram([...program, ...args], NO_TERMINAL);
      await untilThere(sandbox, 'socket', running);
      send(running, 'SIGUSR1');
      const { status, signal, stderr } = await running.ended;
      expect({ status, signal }).toEqual({ status: null, signal: 'SIGUSR1' });
      expect(stderr).not.toContain('Debugger');
    });
  });
});

/** The editor is left to itself; whoever waits for the end of the streams waits for it too. */
async function endedWithoutEditor(running: Running, sandbox: Sandbox): Promise<Ended> {
  await new Promise((resolve) => running.child.once('exit', resolve));
  process.kill(Number(sandbox.read('pid')));
  return running.ended;
}

/** A terminal made by util-linux's `script`: what is written to stdin is typed. */
describeUnless(findProgram('script') ? undefined : 'needs script of util-linux', 'in a terminal', () => {
  const COMMAND = PROGRAM.map((word) => `'${word}'`).join(' ');
  const COUNTING = "trap 'echo INT >>got' INT; trap 'echo QUIT >>got' QUIT; trap 'exit 0' TERM; ";
  const LOOP = 'while :; do sleep 0.01; done';

  test.each([
    ['streams of the terminal', ''],
    ['streams of its own', '</dev/null >out 2>&1'],
  ])('the command with %s gets each key of the keyboard once', async (_streams, redirection) => {
    const sandbox = await sandboxWithFile();
    sandbox.script('command', `${COUNTING}${PID}${LOOP}`);
    const line = `echo $$ >ours; exec ${COMMAND} exec-env s.json 'exec ./command' ${redirection}`;
    const running = sandbox.startProgram(['script', '-qefc', line, '/dev/null'], { stdin: HELD });
    await untilThere(sandbox, 'pid', running);
    const lines = (): number => sandbox.readIfThere('got').split('\n').length - 1;
    for (const [key, count] of [
      ['\u0003', 1],
      ['\u0003', 2],
      ['\u001c', 3],
    ] as const) {
      running.child.stdin?.write(key);
      while (lines() < count) await sleep(5);
      // Behind what may follow by mistake: the program hears signals in their order.
      await sleep(200);
    }
    process.kill(Number(sandbox.read('ours')), 'SIGTERM');
    expect((await running.ended).status).toBe(0);
    expect(sandbox.read('got')).toBe('INT\nINT\nQUIT\n');
  });

  test('Ctrl+C that ends the command ends the program like any other', async () => {
    const sandbox = await sandboxWithFile();
    const line = `${COMMAND} exec-env s.json '${PID}exec sleep 60'; echo "status $?"`;
    const running = sandbox.startProgram(['script', '-qefc', `trap : INT; ${line}`, '/dev/null'], { stdin: HELD });
    await untilThere(sandbox, 'pid', running);
    running.child.stdin?.write('\u0003');
    const { stdout } = await running.ended;
    expect(stdout.replaceAll('\r\n', '\n').replace('^C', '').trim()).toBe('status 130');
  });

  test('--same-process says so where the command runs as a child, and is silent elsewhere', async () => {
    const sandbox = await sandboxWithFile();
    const isReplaced = PROGRAM.length === 1 || 'execve' in process;
    const line = `${COMMAND} exec-env --same-process s.json true`;
    const { stdout } = await sandbox.startProgram(['script', '-qefc', line, '/dev/null']).ended;
    expect(stdout.includes('cannot replace its process')).toBe(!isReplaced);
    expect(await sandbox.run(['exec-env', '--same-process', 's.json', 'true'])).toEqual(ended(0, null));
    const { stderr } = await sandbox.run(['--verbose', 'exec-env', '--same-process', 's.json', 'true']);
    expect(stderr.includes('cannot replace its process')).toBe(!isReplaced);
  });
});
