import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SopsError } from '../../src/core/errors.ts';
import { Cleanup } from '../../src/node/cleanup.ts';
import type { ExecHost, ExecWithFileOptions } from '../../src/node/exec.ts';
import { execWithEnvironment, execWithFile, isLocalPath } from '../../src/node/exec.ts';
import { buildChildModule, temporaryFolder } from './child-module.ts';

interface Stage {
  host: ExecHost;
  /** Where commands write. */
  out: string;
  temporary: string;
}

function stage(host: Partial<ExecHost> = {}): Stage {
  const folder = temporaryFolder();
  const temporary = temporaryFolder();
  const out = path.join(folder, 'out');
  return {
    out,
    temporary,
    host: {
      env: { PATH: process.env['PATH'], TMPDIR: temporary, OUT: out, CALLER: 'mine' },
      cleanup: new Cleanup(),
      switchUser: () => {
        throw new Error('not here');
      },
      listen: () => () => undefined,
      ...host,
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('execWithEnvironment', () => {
  test('runs the command with inherited variables and those of the document, which win', async () => {
    const { host, out } = stage();
    const end = await execWithEnvironment(
      {
        command: 'printf %s "$CALLER $A" > "$OUT"; exit 7',
        variables: [
          ['A', '1'],
          ['CALLER', 'file'],
        ],
      },
      host,
    );
    expect(end).toEqual({ status: 7, signal: undefined });
    expect(readFileSync(out, 'utf8')).toBe('file 1');
  });

  test('runs the command with nothing else when it is to be pristine', async () => {
    const { host, out } = stage();
    await execWithEnvironment({ command: `exec env > ${out}`, variables: [['A', '1']], pristine: true }, host);
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => !/^(PWD|SHLVL|_)=/.test(line))).toEqual(['A=1']);
  });

  test('tells by which signal the command ended', async () => {
    const { host } = stage();
    const end = await execWithEnvironment({ command: 'kill -TERM $$', variables: [] }, host);
    expect(end?.signal).toBe('SIGTERM');
  });

  test('does not wait for a command in the background', async () => {
    const { host, out } = stage();
    const command = 'while [ ! -e "$OUT.go" ]; do sleep 0.05; done; echo "$A" > "$OUT"';
    const end = await execWithEnvironment({ command, variables: [['A', '1']], background: true }, host);
    expect(end).toBe(undefined);
    expect(existsSync(out)).toBe(false);
    writeFileSync(`${out}.go`, '');
    await until(() => existsSync(out) && readFileSync(out, 'utf8') === '1\n');
  });

  test('lets the command take the place of the process where the runtime can', async () => {
    const calls: unknown[] = [];
    const { host } = stage({ replaceProcess: (...call) => calls.push(call) });
    await execWithEnvironment({ command: 'true', variables: [['A', '1']], pristine: true, sameProcess: true }, host);
    expect(calls).toEqual([['/bin/sh', ['/bin/sh', '-c', 'true'], { A: '1' }]]);
  });

  test('passes signals on to a command that stands for the process', async () => {
    const listeners = new Map<string, (signal: NodeJS.Signals) => void>();
    const { host, out } = stage({
      listen: (signals, listener) => {
        for (const signal of signals) listeners.set(signal, listener);
        return () => {
          for (const signal of signals) listeners.delete(signal);
        };
      },
    });
    const running = execWithEnvironment(
      { command: 'trap "exit 5" TERM; touch "$OUT"; while :; do sleep 0.05; done', variables: [], sameProcess: true },
      host,
    );
    await until(() => existsSync(out));
    listeners.get('SIGTERM')?.('SIGTERM');
    expect(await running).toEqual({ status: 5, signal: undefined });
    expect([...listeners.keys()]).toEqual([]);
  });

  test('becomes another user before the command runs', async () => {
    const users: unknown[] = [];
    const { host, out } = stage({ switchUser: ({ name, userId }) => users.push([name, userId]) });
    await execWithEnvironment(
      { command: 'echo "$HOME $USER $LOGNAME" > "$OUT"', variables: [['USER', 'file']], user: 'root' },
      host,
    );
    expect(users).toEqual([['root', 0]]);
    expect(readFileSync(out, 'utf8')).toMatch(/^\/\S* file root\n$/);
  });

  test('does not run the command for a user that does not exist', async () => {
    const { host, out } = stage();
    await expect(
      execWithEnvironment({ command: 'touch "$OUT"', variables: [], user: 'no-such-user-here' }, host),
    ).rejects.toThrow(new SopsError('generic', 'user: unknown user no-such-user-here'));
    expect(existsSync(out)).toBe(false);
  });
});

describe('execWithFile', () => {
  const content = Buffer.from('A: one\nB: two\n');

  async function run(
    options: Partial<ExecWithFileOptions> & { command: string },
  ): Promise<{ out: string; left: string[]; end: unknown }> {
    const { host, out, temporary } = stage();
    const end = await execWithFile({ content, ...options }, host);
    return { out: existsSync(out) ? readFileSync(out, 'utf8') : '', left: readdirSync(temporary), end };
  }

  test('gives the content through a named pipe that only the user can open', async () => {
    const command = '{ cat {}; basename {}; stat -c "%a %F" {} "$(dirname {})"; } > "$OUT"';
    expect(await run({ command })).toEqual({
      out: 'A: one\nB: two\ntmp-file\n600 fifo\n700 directory\n',
      left: [],
      end: { status: 0, signal: undefined },
    });
  });

  test('gives the content in a file that can be read again', async () => {
    const command = '{ cat {} "{}"; stat -c "%a %F" {}; basename {} | tr -d 0-9; } > "$OUT"';
    expect(await run({ command, regularFile: true })).toEqual({
      out: 'A: one\nB: two\nA: one\nB: two\n600 regular file\ntmp-file\n',
      left: [],
      end: { status: 0, signal: undefined },
    });
  });

  test.each([true, false])('names the file as told (regular: %s)', async (regularFile) => {
    const { out } = await run({
      command: 'basename "{}" > "$OUT"; cat "{}" > /dev/null',
      filename: 'x/../my conf',
      regularFile,
    });
    expect(out).toBe('my conf\n');
  });

  test('puts the path in as it is, whatever it looks like', async () => {
    const { out } = await run({ command: 'basename "{}" > "$OUT"', filename: "a$&$'b", regularFile: true });
    expect(out).toBe("a$&$'b\n");
  });

  test.each(['/tmp/x', '..', '../x', 'a/../../x'])('refuses the name %s', async (filename) => {
    await expect(run({ command: 'true', filename })).rejects.toThrow(
      new SopsError('generic', 'The provided filename is not a local path.'),
    );
  });

  test.each([true, false])('makes no folders for the file (regular: %s)', async (regularFile) => {
    const { host, temporary } = stage();
    await expect(execWithFile({ content, command: 'true', filename: 'sub/x', regularFile }, host)).rejects.toThrow(
      /no such file or directory$/,
    );
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.each([
    ['does not open the pipe', 'exit 4', 4],
    ['reads only the beginning', 'head -c 1 {} > /dev/null; exit 6', 6],
    ['leaves somebody with the pipe open', '{ sleep 5; } < {} > /dev/null 2>&1 & exit 3', 3],
  ])('a command that %s ends as usual', async (_what, command, status) => {
    const { left, end } = await run({ command, content: Buffer.alloc(300_000, 'x') });
    expect({ left, end }).toEqual({ left: [], end: { status, signal: undefined } });
  });

  test('passes a large content whole', async () => {
    const { out } = await run({ command: 'wc -c < {} | tr -d " " > "$OUT"', content: Buffer.alloc(3_000_000, 'x') });
    expect(out).toBe('3000000\n');
  });

  test.each([true, false])(
    'keeps the file for a command in the background until that ends (regular: %s)',
    async (regularFile) => {
      const { host, out, temporary } = stage();
      const command = 'while [ ! -e "$OUT.go" ]; do sleep 0.05; done; cat {} > "$OUT.tmp"; mv "$OUT.tmp" "$OUT"';
      expect(await execWithFile({ content, command, background: true, regularFile }, host)).toBe(undefined);
      host.cleanup.run();
      writeFileSync(`${out}.go`, '');
      await until(() => existsSync(out));
      expect(readFileSync(out, 'utf8')).toBe('A: one\nB: two\n');
      await until(() => readdirSync(temporary).length === 0);
    },
  );

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('%s removes the clear text', async (signal) => {
    const { out, temporary } = stage();
    const modules = temporaryFolder();
    const exec = buildChildModule('node/exec.ts', modules);
    buildChildModule('node/cleanup.ts', modules);
    const statements = `
      const { Cleanup } = await import(${JSON.stringify(path.join(modules, 'cleanup.mjs'))});
      const cleanup = new Cleanup(() => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
          process.once(signal, () => { cleanup.run(); process.kill(process.pid, signal); });
        }
      });
      const host = { env: process.env, cleanup, switchUser() {}, listen: () => () => {} };
      const command = 'echo $$ > "$OUT.pid"; echo {} > "$OUT.tmp"; mv "$OUT.tmp" "$OUT"; exec sleep 20';
      await m.execWithFile({ content: Buffer.from('secret'), command, regularFile: process.env.REGULAR === '1' }, host);`;
    for (const regular of ['1', '0']) {
      const child = spawn(process.execPath, exec.args(statements), {
        env: { ...process.env, TMPDIR: temporary, OUT: `${out}${regular}`, REGULAR: regular },
        stdio: 'inherit',
      });
      const ended = new Promise((resolve) => child.once('exit', (_status, name) => resolve(name)));
      await until(() => existsSync(`${out}${regular}`));
      onTestFinished(() => {
        process.kill(Number(readFileSync(`${out}${regular}.pid`, 'utf8')));
      });
      expect(existsSync(readFileSync(`${out}${regular}`, 'utf8').trim())).toBe(true);
      child.kill(signal);
      expect(await ended).toBe(signal);
      expect(readdirSync(temporary)).toEqual([]);
    }
  });
});

test.each([
  ['a', true],
  ['a/../b', true],
  ['./a', true],
  ['..a', true],
  ['', false],
  ['/a', false],
  ['..', false],
  ['../a', false],
  ['a/../..', false],
])('whether %j stays below its folder: %s', (file, expected) => {
  expect(isLocalPath(file)).toBe(expected);
});
