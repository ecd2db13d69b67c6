/** The other programs that interop tests run, and the reference beside ours. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import type { MemoryHost, RunResult } from '../cli/memory-host.ts';

/** Where a program of PATH is. Undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/**
 * Tests that need programs: without one they fail in CI, and are marked as skipped, with the reason, elsewhere.
 *
 * @param missing - what is not there and how to get it; undefined when all is there
 */
export function describeUnless(missing: string | undefined, name: string, body: () => void): void {
  if (missing === undefined) {
    describe(name, body);
    return;
  }
  const reason = `${name}: ${missing}`;
  if (process.env.CI) {
    test(reason, () => {
      throw new Error(reason);
    });
  } else {
    test.skip(reason, () => {});
  }
}

/** Runs another program as the host would run ours: its working folder, its environment, nothing on standard input. */
export function runBeside(host: MemoryHost, program: string, ...args: string[]): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: host.cwd, env: host.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status: status ?? -1, ...output });
    });
  });
}
