import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { syncFile, syncFolder, writeAll } from '../sibling-file.ts';

/**
 * Keeps a result that cannot be written where it belongs: in a new file beside that, or else in the folder for temporary files.
 *
 * @param file - where it belongs
 * @param bytes - encrypted
 * @param options - whether the new name is to tell the same format as the old one; the environment
 * @returns the path of the new file; undefined when it cannot be written either
 */
export function keepResult(
  file: string,
  bytes: Uint8Array,
  options: { isFormatKept: boolean; env: Readonly<Record<string, string | undefined>> },
): string | undefined {
  const temporary = options.env['TMPDIR'] ?? '';
  for (const folder of [dirname(file), temporary === '' ? tmpdir() : temporary]) {
    const path = join(folder, nameOf(basename(file), options.isFormatKept));
    if (isWritten(path, bytes)) return path;
  }
  return undefined;
}

function nameOf(name: string, isFormatKept: boolean): string {
  const mark = `.edited-${randomBytes(4).toString('hex')}`;
  if (!isFormatKept) return name + mark;
  // A name such as `.env` is all extension.
  const extension = name.lastIndexOf('.') === 0 ? name : extname(name);
  return name.slice(0, name.length - extension.length) + mark + extension;
}

function isWritten(path: string, bytes: Uint8Array): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o600);
  } catch {
    return false;
  }
  try {
    writeAll(descriptor, bytes);
    syncFile(descriptor);
    syncFolder(dirname(path));
    return true;
  } catch {
    rmSync(path, { force: true });
    return false;
  } finally {
    closeSync(descriptor);
  }
}
