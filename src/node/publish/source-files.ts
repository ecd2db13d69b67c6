import { lstatSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { SopsError } from '../../core/errors.ts';
import { goErrorText } from '../go-errors.ts';

/**
 * The files below a folder, as upstream walks it: names in byte order, a folder's content in its place, links not followed.
 *
 * @param root - as it was given; the files' paths start with it, cleaned
 * @param locate - makes a path absolute
 * @throws SopsError `generic` for a folder that cannot be read
 */
export function filesBelow(root: string, locate: (path: string) => string): string[] {
  const files: string[] = [];
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const isRoot = path === root;
    if (!isRoot && !lstatSync(locate(path)).isDirectory()) {
      files.push(path);
      continue;
    }
    const folder = path;
    const names = namesIn(folder, locate).map((name) => posix.join(folder, name));
    for (const name of names.reverse()) waiting.push(name);
  }
  return files;
}

function namesIn(folder: string, locate: (path: string) => string): string[] {
  try {
    return readdirSync(locate(folder)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch (error) {
    throw new SopsError('generic', goErrorText('open', folder, error), { cause: error });
  }
}
