import { randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, fsync, fsyncSync, open, openSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Cleanup } from './cleanup.ts';
import { systemCode } from './go-errors.ts';
import { guardAgainstKill } from './orphan-guard.ts';

/** Bytes; what nearly all file systems allow. */
const LONGEST_NAME = 255;
const ATTEMPTS = 10;
const NEW_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
/** What file systems answer that cannot. */
const NO_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** How long a signal waits for a file that is being opened, in milliseconds. */
const PATIENCE = 200;
const PAUSE = 2;

const openAside = promisify(open);
const fsyncAside = promisify(fsync);

/** A file beside another one, until it is complete. */
export interface SiblingFile {
  readonly path: string;
  readonly descriptor: number;
  remove(): void;
  /** Leaves it alone from now on: it was renamed. */
  release(): void;
}

/**
 * Creates a hidden file of an unused name in a file's folder, which tells by its name whose it is: should the program be killed, it
 * stays behind.
 *
 * @throws Node's error
 */
export function createBeside(file: string, mode: number): { path: string; descriptor: number } {
  for (let attempt = 1; ; attempt++) {
    const path = siblingPath(file);
    try {
      return { path, descriptor: openSync(path, NEW_FILE, mode) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === ATTEMPTS) throw error;
    }
  }
}

export interface SiblingOptions {
  /** Removes the file when a signal ends the program. */
  readonly cleanup?: Cleanup | undefined;
  /** Whether it is for clear text, which not even a killed program leaves behind. */
  readonly isClear: boolean;
}

/**
 * {@link createBeside} that lets other work go on meanwhile: a file system may let it wait for its journal.
 *
 * @throws Node's error
 */
export async function createBesideAside(
  file: string,
  mode: number,
  { cleanup, isClear }: SiblingOptions,
): Promise<SiblingFile> {
  for (let attempt = 1; ; attempt++) {
    const path = siblingPath(file);
    let isOpening = true;
    const removeFile = (): void => {
      rmSync(path, { force: true });
    };
    const forget = cleanup?.add(() => {
      if (isOpening) waitForFile(path);
      removeFile();
    });
    try {
      const descriptor = await openAside(path, NEW_FILE, mode);
      isOpening = false;
      const guard = isClear ? await guardAgainstKill(path) : undefined;
      const release = (): void => {
        guard?.release();
        forget?.();
      };
      const remove = (): void => {
        removeFile();
        release();
      };
      return { path, descriptor, remove, release };
    } catch (error) {
      forget?.();
      if (systemCode(error) !== 'EEXIST' || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Blocks: a signal is being handled, and another thread is opening the file. */
function waitForFile(path: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < PATIENCE && !existsSync(path); waited += PAUSE) Atomics.wait(clock, 0, 0, PAUSE);
}

function siblingPath(file: string): string {
  return join(dirname(file), siblingName(basename(file)));
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

const folderSyncs = new Map<string, { running: Promise<void>; next: Promise<void> | undefined }>();

/** {@link syncFolder} that lets other work go on meanwhile; what comes while a folder is being synced shares the next time. */
export function syncFolderAside(folder: string): Promise<void> {
  const sync = folderSyncs.get(folder);
  if (sync !== undefined) return (sync.next ??= sync.running.then(() => startFolderSync(folder)));
  return startFolderSync(folder);
}

function startFolderSync(folder: string): Promise<void> {
  const sync = { running: Promise.resolve(), next: undefined };
  folderSyncs.set(folder, sync);
  sync.running = syncOpenFolder(folder).finally(() => {
    if (folderSyncs.get(folder) === sync && sync.next === undefined) folderSyncs.delete(folder);
  });
  return sync.running;
}

async function syncOpenFolder(folder: string): Promise<void> {
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
