import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import type { Connection, RunOptions, RunResult } from './key-host.ts';
import { createConnectionOver } from './line-connection.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Runs a program to its end. @throws the system's error when it cannot be started */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
  env: Variables,
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

/** Starts a program in the folder for temporary files, to talk with. @throws the system's error when it cannot be started */
export function start(command: string, args: readonly string[], env: Variables): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: tmpdir(), stdio: ['pipe', 'pipe', 'ignore'] });
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
