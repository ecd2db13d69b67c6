import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a file, and the folders above it, that only its owner may read.
 *
 * @throws Node's error, `EEXIST` when the file is there already
 */
export function createPrivateFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
}
