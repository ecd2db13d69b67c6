/** What a program asks of the system, seen with strace. */
import { readFileSync } from 'node:fs';
import { findProgram } from '../interop/programs.ts';
import type { Ended, RunOptions, Sandbox } from './program.ts';
import { PROGRAM } from './program.ts';

export const strace: string | undefined = findProgram('strace');

/** Why tests that trace cannot run. */
export const noStrace: string | undefined = strace === undefined ? 'apt-get install strace' : undefined;

export interface Call {
  pid: string;
  name: string;
  /** Arguments and result, descriptors with their paths: `17</path>`. */
  text: string;
}

/** Runs our program, and all that it starts; gives the calls in the order in which they ended. */
export async function trace(
  sandbox: Sandbox,
  calls: readonly string[],
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ ended: Ended; calls: Call[] }> {
  const file = `${sandbox.root}/trace`;
  // Results are not to be aligned: a blank more would make another line of a short one.
  const flags = [
    '-f',
    '-y',
    '-qq',
    '-a',
    '1',
    '-s',
    '100000',
    '-e',
    'signal=none',
    '-e',
    `trace=${calls.join(',')}`,
    '-o',
    file,
  ];
  const ended = await sandbox.startProgram([strace ?? '', ...flags, ...PROGRAM, ...args], options).ended;
  return { ended, calls: parse(readFileSync(file, 'utf8')) };
}

/** A call that another thread's call cut in two is put together at its end. */
function parse(text: string): Call[] {
  const started = new Map<string, string>();
  const calls: Call[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const begin = /^(.*) <unfinished \.\.\.>$/.exec(rest)?.[1];
    if (begin !== undefined) {
      started.set(pid, begin);
      continue;
    }
    const end = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    const whole = end === undefined ? rest : `${started.get(pid) ?? ''}${end}`;
    const [, name, content] = /^(\w+)\((.*)$/.exec(whole) ?? [];
    if (name !== undefined) calls.push({ pid, name, text: content ?? '' });
  }
  return calls;
}
