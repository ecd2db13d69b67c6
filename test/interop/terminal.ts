/** Programs on a terminal of their own, which util-linux's `script` gives them. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { MemoryHost, RunResult } from '../cli/memory-host.ts';
import { findProgram } from './programs.ts';

/** Why there is no terminal to be had here; undefined when there is. */
export const noTerminal: string | undefined =
  findProgram('script') === undefined ? 'script (util-linux, bsdutils) is not installed' : undefined;

/** The program as it is installed: `npm run build` makes it. */
export const builtProgram: readonly string[] = [
  process.execPath,
  path.resolve(import.meta.dirname, '../../bin/sops-ts.js'),
];

/**
 * What the terminal showed, without what the reference lets it show when keys are pressed before it has turned the echo off: it
 * does that behind its prompt.
 */
export function withoutEcho(shown: string, answers: readonly Answer[]): string {
  return answers.reduce((text, { to, keys }) => text.replace(to + keys.replace(/\r$/, '\r\n'), to), shown);
}

export interface Answer {
  /** A text that shows what is asked. */
  readonly to: string;
  readonly keys: string;
}

/** What the program wrote to its streams, and what the terminal showed besides. */
export interface TerminalResult extends RunResult {
  readonly shown: string;
}

/** Runs a command in the folder of a host, with its environment, and presses keys when the terminal shows the questions. */
export function runOnTerminal(
  host: MemoryHost,
  command: readonly string[],
  answers: readonly Answer[],
): Promise<TerminalResult> {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const line = `exec ${words.join(' ')} >.stdout 2>.stderr`;
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: host.cwd,
      env: { ...host.env, PATH: `${host.env['PATH'] ?? ''}:${process.env.PATH ?? ''}`, SHELL: '/bin/sh' },
    });
    const toCome = [...answers];
    let shown = '';
    let answered = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      const [next] = toCome;
      if (next === undefined || !shown.slice(answered).includes(next.to)) return;
      answered = shown.length;
      toCome.shift();
      child.stdin.write(next.keys);
    });
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status: status ?? -1, stdout: host.read('.stdout'), stderr: host.read('.stderr'), shown });
    });
  });
}
