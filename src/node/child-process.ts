import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { SopsError } from '../core/errors.ts';
import { goReason } from './go-errors.ts';

/** How a program ended: with a status, or by a signal. */
export interface ChildEnd {
  readonly status: number;
  readonly signal: NodeJS.Signals | undefined;
  /** Whether that signal was sent to this process as well. */
  readonly isShared?: boolean | undefined;
}

export interface ChildOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdio?: StdioOptions | undefined;
  /** Called when the program has been started. */
  readonly onStart?: ((child: ChildProcess) => void) | undefined;
}

/** Go's names of signals. Upstream: Go's `syscall`. */
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGQUIT: 'quit',
  SIGILL: 'illegal instruction',
  SIGTRAP: 'trace/breakpoint trap',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGKILL: 'killed',
  SIGUSR1: 'user defined signal 1',
  SIGSEGV: 'segmentation fault',
  SIGUSR2: 'user defined signal 2',
  SIGPIPE: 'broken pipe',
  SIGALRM: 'alarm clock',
  SIGTERM: 'terminated',
  SIGSTKFLT: 'stack fault',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'file size limit exceeded',
  SIGVTALRM: 'virtual timer expired',
  SIGPROF: 'profiling timer expired',
  SIGIO: 'I/O possible',
  SIGPWR: 'power failure',
  SIGSYS: 'bad system call',
};

const SHELL = '/bin/sh';

/** How Go's `os/exec` reports an end that is no success: `exit status 3`, `signal: killed`. Undefined for a success. */
export function failureText(end: ChildEnd): string | undefined {
  if (end.signal !== undefined) return `signal: ${SIGNAL_NAMES[end.signal] ?? end.signal}`;
  return end.status === 0 ? undefined : `exit status ${end.status}`;
}

/** The program and arguments that run a command text. */
export function shellCommand(command: string): { file: string; args: string[] } {
  return { file: SHELL, args: ['-c', command] };
}

/**
 * Runs a program and waits for its end.
 *
 * @param program - a path, or a name to look up in `PATH`
 * @throws SopsError `generic` with Go's text when it cannot be started
 */
export async function runProgram(program: string, args: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  const file = lookUpProgram(program, options.env['PATH']);
  return await new Promise((resolve, reject) => {
    const child = spawn(file, args, { argv0: program, env: options.env, stdio: options.stdio ?? 'inherit' });
    child.once('error', (error) => {
      reject(startError(file, error));
    });
    if (child.pid !== undefined) options.onStart?.(child);
    child.once('exit', (status, signal) => {
      resolve({ status: status ?? 255, signal: signal ?? undefined });
    });
  });
}

/**
 * Starts a program that goes on after this one has ended, without standard streams.
 *
 * @throws SopsError `generic` with Go's text when it cannot be started
 */
export function startProgram(program: string, args: readonly string[], options: ChildOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.env, stdio: 'ignore' });
    child.once('error', (error) => {
      reject(startError(program, error));
    });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

/**
 * Finds a program in `PATH`; what has a slash in it is a path already. One that would be found only relative to the working folder
 * is refused. Upstream: Go's `exec.LookPath`.
 *
 * @throws SopsError `generic` with Go's text
 */
export function lookUpProgram(name: string, searchPath: string | undefined): string {
  if (name.includes('/')) return name;
  for (const folder of (searchPath ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (!isProgram(file)) continue;
    if (isAbsolute(file)) return file;
    throw notFound(name, 'cannot run executable found relative to current directory');
  }
  throw notFound(name, 'executable file not found in $PATH');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    const stat = statSync(file);
    return !stat.isDirectory() && (stat.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

function notFound(name: string, reason: string): SopsError {
  return new SopsError('generic', `exec: ${JSON.stringify(name)}: ${reason}`);
}

function startError(file: string, error: unknown): SopsError {
  return new SopsError('generic', `fork/exec ${file}: ${goReason(error)}`, { cause: error });
}
