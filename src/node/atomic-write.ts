/**
 * Writes a file so that a failure of any kind leaves the old content. The file is replaced by a rename where that changes nothing
 * but the content, and written in place, with a copy kept, where it would change more. Upstream truncates first (D1).
 */

import type { BigIntStats } from 'node:fs';
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import { readWhole } from './files.ts';
import { systemCode } from './go-errors.ts';
import { writeInPlace } from './in-place-write.ts';
import { createByRename, RenameRefused, replaceByRename } from './rename-write.ts';
import type { Replacement, WriteFailures, WritePrefixes } from './replacement.ts';
import { changedError, failuresOf } from './replacement.ts';
import { withWriteLock } from './write-lock.ts';
import type { WriteTarget } from './write-target.ts';
import { resolveWriteTarget } from './write-target.ts';

export interface ReplaceOptions extends Partial<WritePrefixes> {
  /** What a message about opening or writing calls the file. Default: the path. */
  readonly name?: string | undefined;
  /**
   * What the file held when it was read, or that it did not exist: anything else is not overwritten. Left out: whatever is there is
   * replaced. Pipes and devices are never compared.
   */
  readonly expected?: Uint8Array | 'absent' | undefined;
  /** The mode of a file that is created, less the process's umask. Default 0666. */
  readonly mode?: number | undefined;
  /** The bytes are a secret: not even a process that is killed leaves them in a temporary file. */
  readonly isClear?: boolean | undefined;
  /**
   * Where to register meanwhile, so that somebody listens to signals: one that comes before the file has its new content leaves the
   * old one and no temporary file. Where nobody listens, it ends the process with a temporary file left.
   */
  readonly cleanup?: Cleanup | undefined;
}

const PREFIXES: WritePrefixes = { openError: 'Could not open in-place file for writing: ', writeError: '' };

/**
 * Writes bytes to a path. Mode, owner, symbolic links and other hard links stay; a pipe or a device is written to; a file that
 * may not be written to is refused even where its folder would allow a rename. The content is on the disk when this resolves.
 *
 * Extended attributes and access control lists do not survive a rename: Node cannot read them.
 *
 * @param path - absolute, or relative to the working folder
 * @throws SopsError `unwritable-output` when the path cannot be opened for writing, or does not hold what was expected; `generic`
 * when writing fails. The file is as it was then, with nothing beside it; only where even the old content cannot be put back, the
 * message names a copy of it.
 */
export async function replaceFile(path: string, bytes: Uint8Array, options: ReplaceOptions = {}): Promise<void> {
  if (options.cleanup === undefined) return writeToTarget(path, bytes, options);
  const unregister = options.cleanup.add(() => undefined);
  try {
    await writeToTarget(path, bytes, options);
  } finally {
    unregister();
    // The time for a signal to come: a loop over many files may never wait for anything else.
    await setImmediate();
  }
}

async function writeToTarget(path: string, bytes: Uint8Array, options: ReplaceOptions): Promise<void> {
  const failures = failuresOf(options.name ?? path, { ...PREFIXES, ...options });
  const target = findTarget(path, failures);
  if (target.kind === 'other') return writeThrough(path, bytes, failures);

  const { file } = target;
  const { expected, mode = 0o666, isClear = false, cleanup } = options;
  const checkUnchanged = (): void => {
    if (expected instanceof Uint8Array) checkContent(path, file, expected);
  };
  const replacement: Replacement = { ...failures, path, file, bytes, mode, isClear, cleanup, checkUnchanged };
  if (target.kind === 'absent') {
    if (expected instanceof Uint8Array) throw changedError(path, 'it is gone');
    return createByRename(replacement, lockName(file), expected === 'absent');
  }
  if (expected === 'absent') throw changedError(path, 'it was created');
  checkWritable(file, failures);
  const { stat } = target;
  if (!target.throughDescriptor && stat.nlink === 1n && !isMountPoint(file, stat)) {
    if (await isReplacedByRename(replacement, stat)) return;
  }
  return withWriteLock(`${stat.dev}:${stat.ino}`, () => {
    writeInPlace(replacement);
  });
}

async function isReplacedByRename(replacement: Replacement, stat: BigIntStats): Promise<boolean> {
  try {
    await replaceByRename(replacement, stat, lockName(replacement.file));
    return true;
  } catch (error) {
    if (error instanceof RenameRefused) return false;
    throw error;
  }
}

function findTarget(path: string, failures: WriteFailures): WriteTarget {
  try {
    const target = resolveWriteTarget(path);
    // Go's open makes no file of a path that ends like a folder's.
    return path.endsWith('/') ? { kind: 'other' } : target;
  } catch (error) {
    throw failures.opening(error);
  }
}

/** Writers of the same file come here with the same name, whatever path they were given. */
function lockName(file: string): string {
  try {
    const folder = statSync(dirname(file), { bigint: true });
    return `${folder.dev}:${folder.ino}:${basename(file)}`;
  } catch {
    return file;
  }
}

/** A file of another device than its folder. (A mount of a file of the same device shows when the rename fails.) */
function isMountPoint(file: string, stat: BigIntStats): boolean {
  return statSync(dirname(file), { bigint: true }).dev !== stat.dev;
}

function checkWritable(file: string, failures: WriteFailures): void {
  try {
    closeSync(openSync(file, constants.O_WRONLY));
  } catch (error) {
    throw failures.opening(error);
  }
}

function checkContent(path: string, file: string, expected: Uint8Array): void {
  let found: Uint8Array;
  try {
    found = readWhole(file);
  } catch (error) {
    throw changedError(path, systemCode(error) === 'ENOENT' ? 'it is gone' : 'it cannot be read any more', error);
  }
  if (Buffer.compare(found, expected) !== 0) throw changedError(path, 'its content is another');
}

/** Not synchronous, since opening a pipe waits for its reader. */
async function writeThrough(path: string, bytes: Uint8Array, failures: WriteFailures): Promise<void> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o666);
  } catch (error) {
    throw failures.opening(error);
  }
  try {
    await handle.writeFile(bytes);
  } catch (error) {
    throw failures.writing(error);
  } finally {
    await handle.close();
  }
}
