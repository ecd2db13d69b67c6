import { randomBytes } from 'node:crypto';
import { closeSync, constants, fsync, fsyncSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { systemCode } from './go-errors.ts';

/** Bytes; what nearly all file systems allow. */
const LONGEST_NAME = 255;
const ATTEMPTS = 10;
/** What file systems answer that cannot. */
const NO_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const fsyncAside = promisify(fsync);

/**
 * Creates a hidden file of an unused name in a file's folder, which tells by its name whose it is: should the program be killed, it
 * stays behind.
 *
 * @throws Node's error
 */
export function createBeside(file: string, mode: number): { path: string; descriptor: number } {
  for (let attempt = 1; ; attempt++) {
    const path = join(dirname(file), siblingName(basename(file)));
    try {
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
      return { path, descriptor: openSync(path, flags, mode) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === ATTEMPTS) throw error;
    }
  }
}

function siblingName(name: string): string {
  const suffix = `.sops-${randomBytes(6).toString('hex')}`;
  const long = `.${name}${suffix}`;
  return Buffer.byteLength(long) <= LONGEST_NAME ? long : suffix;
}

/** Writes all bytes from a position on. @throws Node's error */
export function writeAll(descriptor: number, bytes: Uint8Array, position = 0): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}

/** Puts a file on the disk, where its file system can. @throws Node's error */
export function syncFile(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } catch (error) {
    checkSyncError(error);
  }
}

/** {@link syncFile} that lets other work go on meanwhile. @throws Node's error */
export async function syncFileAside(descriptor: number): Promise<void> {
  try {
    await fsyncAside(descriptor);
  } catch (error) {
    checkSyncError(error);
  }
}

function checkSyncError(error: unknown): void {
  if (!NO_SYNC.has(systemCode(error) ?? '')) throw error;
}

/** Puts the names in a folder on the disk. What is written is written: a folder that cannot be opened or synced is no failure. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows, and folders that can be written to but not read.
  }
}

/** {@link syncFolder} that lets other work go on meanwhile. */
export async function syncFolderAside(folder: string): Promise<void> {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      await fsyncAside(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // As above.
  }
}
