import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Replacement } from './replacement.ts';
import { createBeside, syncFile, syncFolder, writeAll } from './sibling-file.ts';

/**
 * Writes a file where it is, for those that a rename would take from what else refers to them: other hard links, a mount, an open
 * descriptor, an owner that cannot be given. The old content is kept in a copy until the new one is on the disk; a write that fails
 * is undone.
 *
 * @throws SopsError as `replaceFile`
 */
export function writeInPlace(replacement: Replacement): void {
  const { file, bytes } = replacement;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r+');
  } catch (error) {
    throw replacement.opening(error);
  }
  try {
    const old = readFileSync(descriptor);
    replacement.checkUnchanged();
    const copy = keepCopy(replacement, old);
    try {
      overwrite(descriptor, bytes, old.length);
    } catch (error) {
      if (isRestored(descriptor, old)) {
        copy.remove();
        throw replacement.writing(error);
      }
      throw replacement.writing(error, `; the old content is in ${copy.path}`);
    }
    copy.remove();
  } finally {
    closeSync(descriptor);
  }
}

/** What is longer than the old content comes first: where a full disk stops it, the old content is still untouched. */
function overwrite(descriptor: number, bytes: Uint8Array, oldLength: number): void {
  if (bytes.length > oldLength) writeAll(descriptor, bytes.subarray(oldLength), oldLength);
  writeAll(descriptor, bytes.subarray(0, oldLength));
  if (bytes.length < oldLength) ftruncateSync(descriptor, bytes.length);
  syncFile(descriptor);
}

function isRestored(descriptor: number, old: Uint8Array): boolean {
  try {
    writeAll(descriptor, old);
    if (fstatSync(descriptor).size > old.length) ftruncateSync(descriptor, old.length);
    syncFile(descriptor);
    return true;
  } catch {
    return false;
  }
}

interface Copy {
  readonly path: string;
  remove(): void;
}

/** Beside the file, or where that cannot be, in a folder of its own for temporary files. */
function keepCopy(replacement: Replacement, old: Uint8Array): Copy {
  try {
    return copyBeside(replacement.file, old);
  } catch {
    // A folder that cannot be written to, or a full disk.
  }
  const folder = mkdtempSync(join(tmpdir(), 'sops-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { path: copyBeside(join(folder, basename(replacement.file)), old).path, remove };
  } catch (error) {
    remove();
    throw replacement.writing(error);
  }
}

function copyBeside(file: string, old: Uint8Array): Copy {
  const { path, descriptor } = createBeside(file, 0o600);
  const remove = (): void => {
    rmSync(path, { force: true });
  };
  try {
    try {
      writeAll(descriptor, old);
      syncFile(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    remove();
    throw error;
  }
  syncFolder(dirname(path));
  return { path, remove };
}
