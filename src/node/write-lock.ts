import { createHash } from 'node:crypto';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from './go-errors.ts';

const PATIENCE = 5_000;
const PAUSE = 3;

/**
 * Runs an action while no other process that uses the same name runs one, so that "has it changed?" and "replace it" are one
 * step among the programs that write with this one. The lock is a socket in Linux's abstract namespace: it leaves nothing on disk
 * and ends with the process, however that ends. Other systems, and others' network namespaces, have none; there the time
 * between check and replacement stays open, some microseconds.
 *
 * After five seconds the action runs all the same: whoever holds the name so long is no writer of files.
 */
export async function withWriteLock<T>(name: string, action: () => T): Promise<T> {
  const lock = await acquire(name);
  try {
    return action();
  } finally {
    lock?.close();
  }
}

async function acquire(name: string): Promise<Server | undefined> {
  if (platform() !== 'linux') return undefined;
  const path = `\0sops-ts-${createHash('sha256').update(name).digest('hex')}`;
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await listen(path);
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE' || Date.now() > deadline) return undefined;
    }
    await sleep(PAUSE);
  }
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', reject);
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}
