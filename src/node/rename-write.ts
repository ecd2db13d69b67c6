import type { BigIntStats } from 'node:fs';
import { closeSync, fchmodSync, fchownSync, fstatSync, linkSync, lstatSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from './go-errors.ts';
import type { Replacement } from './replacement.ts';
import { changedError } from './replacement.ts';
import type { SiblingFile } from './sibling-file.ts';
import { createBesideAside, syncFileAside, syncFolderAside, writeAll } from './sibling-file.ts';
import { withWriteLock } from './write-lock.ts';

/** A rename is not possible here, or would change more than the content. Nothing was changed. */
export class RenameRefused extends Error {
  override readonly name: string = 'RenameRefused';
}

/** A full disk and the like end the attempt; these only say that a file cannot be made or renamed here. */
const REFUSALS = new Set([
  'EACCES',
  'EBUSY',
  'EINVAL',
  'EMLINK',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTSUP',
  'EPERM',
  'EROFS',
  'EXDEV',
]);

/** File systems without hard links. */
const NO_LINKS = new Set(['EMLINK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM']);

/**
 * Replaces a file: a new one beside it, with its mode and owner, is on the disk before it takes the name.
 *
 * @param lock - the name that other writers of the file come with
 * @throws RenameRefused, and SopsError as `replaceFile`
 */
export async function replaceByRename(replacement: Replacement, stat: BigIntStats, lock: string): Promise<void> {
  const { file } = replacement;
  const temporary = await attemptAside(replacement, () => createBesideAside(file, 0o600, replacement));
  try {
    await fill(replacement, temporary.descriptor, () => {
      takeOwnerAndMode(temporary.descriptor, stat);
    });
    await withWriteLock(lock, () => {
      replacement.checkUnchanged();
      if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new RenameRefused();
      attempt(replacement, () => {
        renameSync(temporary.path, file);
      });
      temporary.release();
    });
  } catch (error) {
    temporary.remove();
    throw error;
  }
  await syncFolderAside(dirname(file));
}

/**
 * Creates a file that appears whole.
 *
 * @param lock - the name that other writers of the file come with
 * @param exclusive - fail when something has taken the name in the meantime
 * @throws SopsError as `replaceFile`
 */
export async function createByRename(replacement: Replacement, lock: string, exclusive: boolean): Promise<void> {
  const { file, mode } = replacement;
  let temporary: SiblingFile;
  try {
    temporary = await createBesideAside(file, mode, replacement);
  } catch (error) {
    throw replacement.opening(error);
  }
  try {
    await fill(replacement, temporary.descriptor);
    await withWriteLock(lock, () => {
      if (!exclusive || !isLinked(replacement, temporary.path)) renameSync(temporary.path, file);
    });
  } catch (error) {
    throw systemCode(error) === undefined ? error : replacement.opening(error);
  } finally {
    temporary.remove();
  }
  await syncFolderAside(dirname(file));
}

/** Gives the file its name unless the name is taken; false on a file system that cannot. */
function isLinked(replacement: Replacement, temporary: string): boolean {
  try {
    linkSync(temporary, replacement.file);
    return true;
  } catch (error) {
    const code = systemCode(error) ?? '';
    const taken = code === 'EEXIST' || lstatSync(replacement.file, { throwIfNoEntry: false }) !== undefined;
    if (taken) throw changedError(replacement.path, 'it was created', error);
    if (!NO_LINKS.has(code)) throw error;
    return false;
  }
}

async function fill(replacement: Replacement, descriptor: number, finish?: () => void): Promise<void> {
  try {
    writeAll(descriptor, replacement.bytes);
    finish?.();
    await syncFileAside(descriptor);
  } catch (error) {
    throw systemCode(error) === undefined ? error : replacement.writing(error);
  } finally {
    closeSync(descriptor);
  }
}

function takeOwnerAndMode(descriptor: number, stat: BigIntStats): void {
  const own = fstatSync(descriptor, { bigint: true });
  if (own.uid !== stat.uid || own.gid !== stat.gid) {
    try {
      fchownSync(descriptor, Number(stat.uid), Number(stat.gid));
    } catch (error) {
      throw new RenameRefused('', { cause: error });
    }
  }
  // After the owner: changing that clears the set-user-ID bits.
  fchmodSync(descriptor, Number(stat.mode & 0o7777n));
}

function attempt(replacement: Replacement, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw refusalOr(replacement, error);
  }
}

async function attemptAside<T>(replacement: Replacement, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw refusalOr(replacement, error);
  }
}

function refusalOr(replacement: Replacement, error: unknown): Error {
  return REFUSALS.has(systemCode(error) ?? '') ? new RenameRefused('', { cause: error }) : replacement.writing(error);
}
