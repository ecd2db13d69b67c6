import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { SopsError } from '../core/errors.ts';
import { goErrorText, systemCode } from './go-errors.ts';

/**
 * The working folder as Go sees it: `$PWD` where it leads to the working folder, so that a symbolic link in it stays; else the
 * folder's real path. Upstream: Go's `os.Getwd`.
 *
 * @param folder - the real path, as `process.cwd()` gives it
 * @param pwd - the environment variable `PWD`
 */
export function workingFolder(folder: string, pwd: string | undefined): string {
  if (pwd === undefined || pwd === folder || !isAbsolute(pwd)) return folder;
  try {
    const real = statSync(folder, { bigint: true });
    const named = statSync(pwd, { bigint: true });
    return real.dev === named.dev && real.ino === named.ino ? pwd : folder;
  } catch {
    return folder;
  }
}

/**
 * A path made absolute and cleaned, symbolic links not resolved. Upstream: Go's `filepath.Abs`.
 *
 * @param folder - absolute, see {@link workingFolder}
 */
export function absolutePath(folder: string, path: string): string {
  return resolve(folder, path);
}

/** What a path leads to. */
export type FileKind = 'file' | 'folder' | 'other';

/** What a path leads to, symbolic links followed. Undefined when there is nothing, or nothing that can be looked at. */
export function findFileKind(path: string): FileKind | undefined {
  try {
    return kindOf(path);
  } catch {
    return undefined;
  }
}

/**
 * What a path leads to, symbolic links followed.
 *
 * @param name - what a message calls it
 * @throws SopsError `generic`: Go's text, `stat x: no such file or directory`
 */
export function fileKind(path: string, name: string = path): FileKind {
  try {
    return kindOf(name === '' ? name : path);
  } catch (error) {
    throw new SopsError('generic', goErrorText('stat', name, error), { cause: error });
  }
}

function kindOf(path: string): FileKind {
  const stat = statSync(path);
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
}

/**
 * Whether nothing is at a path. What cannot be looked at for another reason, such as a file in the place of a folder, is for the
 * reading of it to report. Upstream: Go's `os.IsNotExist`.
 */
export function isMissing(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}

/**
 * Reads a whole file, a pipe or a device.
 *
 * @param name - what a message calls it; an empty one leads to nothing, although made absolute it is the working folder
 * @returns the bytes, which `replaceFile` takes to check that the file did not change in between
 * @throws SopsError `unreadable-input`: the prefix and Go's text, `open /x: no such file or directory`
 */
export function readInput(path: string, name: string = path): Uint8Array {
  try {
    return readWhole(name === '' ? name : path);
  } catch (error) {
    throw new SopsError('unreadable-input', `Error reading file: ${readErrorText(name, error)}`, { cause: error });
  }
}

/** Reads a whole file. @throws Node's error */
export function readWhole(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    return fstatSync(descriptor).isFile() ? readFileSync(descriptor) : readToEnd(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Go's text for a file that cannot be read: a folder can be opened, only reading fails. */
export function readErrorText(path: string, error: unknown): string {
  const reading = error instanceof Error && 'syscall' in error && error.syscall === 'read';
  return goErrorText(reading || systemCode(error) === 'EISDIR' ? 'read' : 'open', path, error);
}

/** Reads what has no size: pipes, terminals, files of `/proc`. */
function readToEnd(descriptor: number): Uint8Array {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    const length = readSync(descriptor, chunk, 0, chunk.length, null);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
  }
}
