import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { constants, tmpdir, userInfo } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Connection, KeyHost, RunOptions, RunResult } from './key-host.ts';
import { promptOnTerminal } from './terminal-prompt.ts';

/** What a {@link createNodeKeyHost} takes from its process. */
export interface NodeKeyHostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The working folder, which relative paths start from; the process's own when left out. */
  readonly folder?: string;
  readonly warn?: (message: string) => void;
  readonly inform?: (message: string) => void;
}

/** The machine that the program runs on. */
export function createNodeKeyHost(options: NodeKeyHostOptions): KeyHost {
  const { env, platform, folder = '' } = options;
  // An empty path names nothing, not the folder.
  const absolute = (path: string): string => (path === '' ? '' : resolvePath(folder, path));
  return {
    platform,
    env: (name) => env[name],
    accountHome,
    temporaryFolder: tmpdir,
    readFile: (path) => readFileSync(absolute(path)),
    exists: (path) => existsSync(absolute(path)),
    isSocket: (path) => statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false,
    run: (command, args, runOptions = {}) => run(command, args, runOptions, env, folder),
    start: (command, args, cwd) => start(command, args, cwd, env),
    connect,
    prompt: (text, mode) => promptOnTerminal(text, mode, platform),
    standardInputName,
    warn: options.warn ?? (() => undefined),
    inform: options.inform ?? (() => undefined),
  };
}

function accountHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

function standardInputName(): string | undefined {
  try {
    return readlinkSync('/proc/self/fd/0');
  } catch {
    return undefined;
  }
}

function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
  env: NodeKeyHostOptions['env'],
  folder: string,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...env, ...options.env },
      cwd: folder || undefined,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    child.stdout?.on('data', (chunk: Uint8Array) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Uint8Array) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({
        status: status ?? undefined,
        signal: signal === null ? undefined : signalText(signal),
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr),
      });
    });
    // A program need not read its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  });
}

/** Go's words for the signals that end programs. */
const signalTexts: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

function signalText(signal: NodeJS.Signals): string {
  return signalTexts[signal] ?? `signal ${String(constants.signals[signal])}`;
}

function start(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeKeyHostOptions['env'],
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
    child.on('error', reject);
    child.on('spawn', () => {
      resolve(createConnectionOver(child.stdout, child.stdin, () => stop(child)));
    });
  });
}

/** Closes the plugin's pipes, asks it to end and waits until it did. */
function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stdin?.destroy();
    child.stdout?.destroy();
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.on('exit', () => {
      resolve();
    });
    child.kill('SIGINT');
  });
}

function connect(path: string): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.on('error', reject);
    socket.on('connect', () => {
      resolve(
        createConnectionOver(socket, socket, () => {
          socket.destroy();
          return Promise.resolve();
        }),
      );
    });
  });
}

function createConnectionOver(input: Readable, output: Writable, close: () => Promise<void>): Connection {
  // Write errors reach the caller through the callback of `write`; without a listener they would end the process.
  output.on('error', () => undefined);
  const chunks = input.setEncoding('latin1')[Symbol.asyncIterator]();
  let received = '';
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        output.write(text, 'latin1', (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    async readLine() {
      for (;;) {
        const end = received.indexOf('\n');
        if (end >= 0) {
          const line = received.slice(0, end);
          received = received.slice(end + 1);
          return line;
        }
        const next = (await chunks.next()) as IteratorResult<string, undefined>;
        if (next.done === true) return undefined;
        received += next.value;
      }
    },
    close,
  };
}
