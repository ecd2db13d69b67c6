/** The built program with real editors, signals, pipes and a terminal. `npm run build` comes first. */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ALICE_IDENTITY, ENCRYPTED_JSON, PLAIN_JSON } from '../cli/recorded.ts';
import { describeUnless, findProgram } from '../interop/programs.ts';
import { PROGRAM } from './program.ts';

/** For a shell. */
const COMMAND = PROGRAM.map((word) => `'${word}'`).join(' ');
const RETURN = 'Press enter to return to the editor, or Ctrl+C to exit.';

interface Place {
  readonly folder: string;
  readonly env: Record<string, string>;
  has(name: string): boolean;
  read(name: string): string;
  write(name: string, text: string): void;
  decrypt(name: string): string;
}

/** A folder with an encrypted file `s.json` and an editor `ed.sh`, whose script sees the file as `$1`. */
function place(script: string): Place {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sops-ts-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'tmp'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    SOPS_AGE_KEY: ALICE_IDENTITY,
    EDITOR: './ed.sh',
  };
  const result: Place = {
    folder,
    env,
    has: (name) => existsSync(join(folder, name)),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
    },
    decrypt: (name) => {
      const [program, ...before] = PROGRAM;
      const { status, stdout, stderr } = spawnSync(program, [...before, 'decrypt', name], { cwd: folder, env });
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
      return stdout.toString();
    },
  };
  result.write('s.json', ENCRYPTED_JSON);
  result.write('ed.sh', `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'ed.sh'), 0o755);
  return result;
}

interface End {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  /** So far. */
  readonly written: { stdout: string; stderr: string };
  readonly end: Promise<End>;
}

function start({ folder, env }: Place, command: readonly string[]): Started {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: folder, env });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (written.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (written.stderr += data.toString()));
  // Not when the streams are closed: an editor that goes on has them too.
  const end = new Promise<End>((resolve) => {
    child.once('exit', (status, signal) => {
      setTimeout(() => {
        resolve({ status, signal, ...written });
      }, 200);
    });
  });
  return { child, written, end };
}

function startEdit(where: Place): Started {
  return start(where, [...PROGRAM, 'edit', 's.json']);
}

/** Waits for something that the program does. @throws when the program ended instead */
async function until({ child, written }: Started, happened: () => boolean): Promise<void> {
  while (!happened()) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`ended with ${String(child.exitCode)}: ${written.stderr}`);
    await sleep(10);
  }
}

/** Ends the editor that was left to itself. */
function endEditor(where: Place): void {
  process.kill(Number(where.read('pid')));
}

const WAITING_EDITOR = 'printf %s "$1" >where\necho $$ >pid.new\nmv pid.new pid\nexec sleep 60';

describe('a signal while the editor runs', () => {
  it('from the keyboard, or SIGTERM, ends the command with 1 and removes the clear text', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const where = place(WAITING_EDITOR);
      const started = startEdit(where);
      const { child, end } = started;
      await until(started, () => where.has('pid'));
      expect(existsSync(where.read('where'))).toBe(true);
      child.kill(signal);
      expect(await end).toEqual({ status: 1, signal: null, stdout: '', stderr: 'User canceled operation\n' });
      endEditor(where);
      expect(readdirSync(where.env['TMPDIR'] ?? '')).toEqual([]);
      expect(where.read('s.json')).toBe(ENCRYPTED_JSON);
    }
  });

  it('of a closed terminal, or SIGQUIT, ends it as usual once the clear text is removed (D36)', async () => {
    for (const signal of ['SIGHUP', 'SIGQUIT'] as const) {
      const where = place(WAITING_EDITOR);
      const started = startEdit(where);
      const { child, end } = started;
      await until(started, () => where.has('pid'));
      child.kill(signal);
      expect(await end).toEqual({ status: null, signal, stdout: '', stderr: '' });
      endEditor(where);
      expect(readdirSync(where.env['TMPDIR'] ?? '')).toEqual([]);
    }
  });

  it('that nobody sent from the keyboard loses nothing that was saved: it is kept, encrypted', async () => {
    const texts = [`{"typed": 1}\n`, 'no JSON at all\n'];
    for (const signal of ['SIGHUP', 'SIGTERM'] as const) {
      for (const text of texts) {
        const where = place(`cat new >"$1"\n${WAITING_EDITOR}`);
        where.write('new', text);
        const started = startEdit(where);
        const { child, end } = started;
        await until(started, () => where.has('pid'));
        child.kill(signal);
        expect((await end).status).toBe(1);
        endEditor(where);
        const [kept = ''] = readdirSync(where.folder).filter((name) => name.includes('.edited-'));
        expect(where.read(kept)).not.toContain('JSON');
        expect(where.decrypt(kept)).toBe(text);
        expect(readdirSync(where.env['TMPDIR'] ?? '')).toEqual([]);
        expect(where.read('s.json')).toBe(ENCRYPTED_JSON);
      }
    }
  });
});

describe('after an invalid text', () => {
  const ROUNDS =
    'if [ -e again ]; then read line; echo "{\\"got\\": \\"$line\\"}" >"$1"; else touch again; echo "{" >"$1"; fi';

  it('one line of a pipe is taken, and the rest is left to the editor', async () => {
    const where = place(ROUNDS);
    const { child, end } = startEdit(where);
    child.stdin?.end('\nrest\n');
    const { status, stderr } = await end;
    expect({ status, returns: stderr.includes(RETURN) }).toEqual({ status: 0, returns: true });
    expect(where.decrypt('s.json')).toBe('{"got": "rest"}\n');
  });

  it('a signal ends the wait for a pipe that stays open', async () => {
    const where = place(ROUNDS);
    const started = startEdit(where);
    const { child, end } = started;
    await until(started, () => started.written.stderr.includes(RETURN));
    child.kill('SIGINT');
    expect(await end).toMatchObject({ status: 1, signal: null });
    expect(readdirSync(where.env['TMPDIR'] ?? '')).toEqual([]);
  });

  it('a file as standard input is read line by line', () => {
    const where = place(ROUNDS);
    where.write('input', '\nrest\n');
    const { status } = spawnSync('/bin/sh', ['-c', `${COMMAND} edit s.json <input`], {
      cwd: where.folder,
      env: where.env,
    });
    expect(status).toBe(0);
    expect(where.decrypt('s.json')).toBe('{"got": "rest"}\n');
  });
});

/** A terminal made by util-linux's `script`: what is written to stdin is typed. */
describeUnless(findProgram('script') ? undefined : 'needs script of util-linux', 'in a terminal', () => {
  const ROUNDS = 'if [ -e again ]; then echo "{\\"good\\": 1}" >"$1"; else touch again; echo "{" >"$1"; fi';

  function startInTerminal(where: Place): Started & { typeAfterReturn: (keys: string) => Promise<void> } {
    const command = `exec ${COMMAND} edit s.json`;
    const started = start(where, ['script', '-qefc', command, '/dev/null']);
    const typeAfterReturn = async (keys: string): Promise<void> => {
      await until(started, () => started.written.stdout.includes('Ctrl+C to exit.'));
      await sleep(100);
      started.child.stdin?.write(keys);
    };
    return { ...started, typeAfterReturn };
  }

  it('Enter and Ctrl+D lead back to the editor, Ctrl+C to the end', async () => {
    for (const [keys, status] of [
      ['\r', 0],
      ['\u0004', 0],
      ['\u0003', 1],
    ] as const) {
      const where = place(ROUNDS);
      const { end, typeAfterReturn } = startInTerminal(where);
      await typeAfterReturn(keys);
      expect((await end).status).toBe(status);
      expect(where.decrypt('s.json')).toBe(status === 0 ? '{"good": 1}\n' : PLAIN_JSON);
      expect(readdirSync(where.env['TMPDIR'] ?? '')).toEqual([]);
    }
  });

  it('that is closed nothing stays behind', async () => {
    const where = place(`trap '' HUP\n${WAITING_EDITOR}`);
    const started = startInTerminal(where);
    const { child, end } = started;
    await until(started, () => where.has('pid'));
    child.kill('SIGKILL');
    await end;
    while (existsSync(dirname(where.read('where')))) await sleep(10);
    endEditor(where);
    expect(readdirSync(where.env['TMPDIR'] ?? '')).toEqual([]);
    expect(where.read('s.json')).toBe(ENCRYPTED_JSON);
  });
});
