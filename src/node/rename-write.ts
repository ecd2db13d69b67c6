import type { BigIntStats } from 'node:fs';
import { closeSync, fchmodSync, fchownSync, fstatSync, linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from './go-errors.ts';
import type { Replacement } from './replacement.ts';
import { changedError } from './replacement.ts';
import { createBeside, syncFile, syncFolder, writeAll } from './sibling-file.ts';

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
 * @throws RenameRefused, and SopsError as `replaceFile`
 */
export function replaceByRename(replacement: Replacement, stat: BigIntStats): void {
  const { file } = replacement;
  const temporary = attempt(replacement, () => createBeside(file, 0o600));
  try {
    fill(replacement, temporary.descriptor, () => {
      takeOwnerAndMode(temporary.descriptor, stat);
    });
    replacement.checkUnchanged();
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new RenameRefused();
    attempt(replacement, () => {
      renameSync(temporary.path, file);
    });
  } catch (error) {
    rmSync(temporary.path, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

/**
 * Creates a file that appears whole.
 *
 * @param exclusive - fail when something has taken the name in the meantime
 * @throws SopsError as `replaceFile`
 */
export function createByRename(replacement: Replacement, exclusive: boolean): void {
  const { file, mode } = replacement;
  let temporary: { path: string; descriptor: number };
  try {
    temporary = createBeside(file, mode);
  } catch (error) {
    throw replacement.opening(error);
  }
  try {
    fill(replacement, temporary.descriptor);
    if (!exclusive || !isLinked(replacement, temporary.path)) renameSync(temporary.path, file);
  } catch (error) {
    throw systemCode(error) === undefined ? error : replacement.opening(error);
  } finally {
    rmSync(temporary.path, { force: true });
  }
  syncFolder(dirname(file));
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

function fill(replacement: Replacement, descriptor: number, finish?: () => void): void {
  try {
    writeAll(descriptor, replacement.bytes);
    finish?.();
    syncFile(descriptor);
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

function attempt<T>(replacement: Replacement, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (REFUSALS.has(systemCode(error) ?? '')) throw new RenameRefused('', { cause: error });
    throw replacement.writing(error);
  }
}
