import type { BigIntStats } from 'node:fs';
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { systemCode } from './go-errors.ts';

/** What writing to a path would change. */
export type WriteTarget =
  /** A regular file. */
  | { kind: 'file'; file: string; stat: BigIntStats; throughDescriptor: boolean }
  /** Nothing yet: the file is to be created. */
  | { kind: 'absent'; file: string }
  /** A pipe, a device, a socket or a folder. */
  | { kind: 'other' };

const MAX_LINKS = 40;

/**
 * Follows the symbolic links that the last part of a path goes through, so that the file is replaced and the link stays. A link
 * that leads nowhere names the file to create.
 *
 * @throws Node's error when the path cannot be followed
 */
export function resolveWriteTarget(path: string): WriteTarget {
  const stat = statOrUndefined(path);
  if (stat !== undefined && !stat.isFile()) return { kind: 'other' };
  let file = path;
  let throughDescriptor = isDescriptorPath(file);
  for (let links = 0; links < MAX_LINKS; links++) {
    const link = lstatOrUndefined(file);
    if (link === undefined) return { kind: 'absent', file };
    if (!link.isSymbolicLink()) {
      if (stat === undefined) return { kind: 'absent', file };
      // The text of a link below /proc need not be a path.
      const reached = link.dev === stat.dev && link.ino === stat.ino;
      return { kind: 'file', file: reached ? file : path, stat, throughDescriptor: throughDescriptor || !reached };
    }
    const next = readlinkSync(file);
    // Not cleaned: a `..` behind a link to a folder is for the system to resolve.
    file = isAbsolute(next) ? next : `${dirname(file)}/${next}`;
    throughDescriptor ||= isDescriptorPath(file);
  }
  return stat === undefined
    ? { kind: 'absent', file: path }
    : { kind: 'file', file: path, stat, throughDescriptor: true };
}

/** `/dev/stdout` and the like: whoever opened the file goes on writing to it, so it must stay the same file. */
function isDescriptorPath(file: string): boolean {
  return file.startsWith('/proc/') || file.startsWith('/dev/fd/');
}

function statOrUndefined(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function lstatOrUndefined(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
