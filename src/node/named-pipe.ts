import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SopsError } from '../core/errors.ts';
import { goReason, systemCode } from './go-errors.ts';

const SYSTEM_PATH = '/usr/bin:/bin';

/**
 * Creates a named pipe of mode 0600, by the program `mkfifo`: Node has no such function.
 *
 * @throws SopsError `generic` with Go's reason
 */
export function createNamedPipe(path: string, searchPath: string | undefined): void {
  try {
    statSync(dirname(path));
  } catch (error) {
    throw new SopsError('generic', goReason(error), { cause: error });
  }
  const env = { PATH: `${SYSTEM_PATH}:${searchPath ?? ''}`, LC_ALL: 'C' };
  const { status, error, stderr } = spawnSync('mkfifo', ['-m', '600', path], { env, encoding: 'utf8' });
  if (error !== undefined) {
    throw new SopsError('generic', `cannot make a named pipe: mkfifo: ${goReason(error)}`, {
      hint: 'use --no-fifo',
      cause: error,
    });
  }
  if (status !== 0) {
    const reason = stderr.trim().split(': ').at(-1) ?? '';
    throw new SopsError('generic', reason === '' ? 'cannot make a named pipe' : reason.toLowerCase());
  }
}

/** Bytes that wait for a reader of a named pipe. */
export interface PipeFeed {
  /** Gives up: whoever wanted to read has had the time to. Resolves when nothing is left that waits. */
  stop(): Promise<void>;
}

/**
 * Writes bytes to a named pipe once, for the first that opens it. A reader that stops early, or never comes, is no error (D49).
 *
 * The thread that waits for the reader would keep the process from ending, so the feed has to be stopped.
 */
export function feedPipe(path: string, bytes: Uint8Array): PipeFeed {
  let done = false;
  const feeding = writeToReader(path, bytes)
    .catch(() => undefined)
    .finally(() => {
      done = true;
    });
  return {
    async stop() {
      if (done) return;
      const reader = openReader(path);
      while (reader !== undefined && !done) {
        drain(reader);
        await Promise.race([feeding, sleep(2)]);
      }
      await feeding;
      if (reader !== undefined) closeSync(reader);
    },
  };
}

async function writeToReader(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, constants.O_WRONLY);
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

function openReader(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

function drain(reader: number): void {
  const buffer = new Uint8Array(65_536);
  try {
    while (readSync(reader, buffer) > 0);
  } catch (error) {
    if (systemCode(error) !== 'EAGAIN') throw error;
  }
}
