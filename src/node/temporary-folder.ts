import { randomInt } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { SopsErrorCode } from '../core/errors.ts';
import { SopsError } from '../core/errors.ts';
import type { Cleanup } from './cleanup.ts';
import { goErrorText, systemCode } from './go-errors.ts';
import { writeAll } from './sibling-file.ts';

/** A folder for clear text that only the user can read. */
export interface TemporaryFolder {
  readonly path: string;
  /**
   * Creates a file of mode 0600 in it.
   *
   * @returns its path
   * @throws Node's error
   */
  writeFile(name: string, bytes: Uint8Array): string;
  /** Removes the folder with all that is in it, whoever made it. */
  remove(): void;
  /** Leaves the folder to somebody else: `remove` does nothing from now on. */
  release(): void;
}

export interface TemporaryFolderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cleanup: Cleanup;
  /** What the random name starts with. */
  readonly prefix?: string | undefined;
  /** How many bytes it is to hold. */
  readonly size?: number | undefined;
  readonly errorCode?: SopsErrorCode | undefined;
  readonly errorPrefix?: string | undefined;
}

const ATTEMPTS = 100;
/** What editors keep beside a file, at least. */
const SPARE_BYTES = 16 * 2 ** 20;
/** The types of memory-backed file systems: tmpfs and ramfs. */
const MEMORY_TYPES = new Set([0x01021994, 0x858458f6]);
const WORLD_WRITABLE = 0o022;
const STICKY = 0o1000;

/**
 * Creates a folder of mode 0700, which goes when it is removed or the program ends: where `TMPDIR` says, else in memory if the
 * system has such a place, else where temporary files go. Upstream: `cmd/sops/edit.go`, `subcommand/exec/exec.go`, always the
 * last one.
 *
 * @throws SopsError `unwritable-output` unless another code is given, with Go's text
 */
export function createTemporaryFolder(options: TemporaryFolderOptions): TemporaryFolder {
  const path = makeFolder(options);
  let forget = (): void => undefined;
  let isOurs = true;
  const remove = (): void => {
    if (!isOurs) return;
    forget();
    rmSync(path, { recursive: true, force: true, maxRetries: 2 });
  };
  forget = options.cleanup.add(remove);
  return {
    path,
    remove,
    release: () => {
      forget();
      isOurs = false;
    },
    writeFile: (name, bytes) => {
      const file = join(path, name);
      const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        fchmodSync(descriptor, 0o600);
        writeAll(descriptor, bytes);
      } finally {
        closeSync(descriptor);
      }
      return file;
    },
  };
}

function makeFolder(options: TemporaryFolderOptions): string {
  const { env, prefix = '', size = 0 } = options;
  for (const place of memoryPlaces(env)) {
    if (!hasRoom(place, size + SPARE_BYTES)) continue;
    const folder = findNewFolder(place, prefix);
    if (folder !== undefined) return folder;
  }
  const named = env['TMPDIR'] ?? '';
  const place = named === '' ? tmpdir() : named;
  try {
    return newFolder(place, prefix);
  } catch (error) {
    const { errorCode = 'unwritable-output', errorPrefix = 'Could not create temporary directory: ' } = options;
    // Go looks at the place only after it could not make a folder in it.
    const operation = systemCode(error) === 'ENOENT' ? 'stat' : 'mkdir';
    throw new SopsError(errorCode, errorPrefix + goErrorText(operation, place, error), { cause: error });
  }
}

function memoryPlaces(env: TemporaryFolderOptions['env']): string[] {
  if ((env['TMPDIR'] ?? '') !== '') return [];
  return [env['XDG_RUNTIME_DIR'] ?? '', '/dev/shm'].filter(isAbsolute).filter(isSafeMemory);
}

/** Nobody else may rename what is in it. */
function isSafeMemory(place: string): boolean {
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    const { mode } = statSync(place);
    return MEMORY_TYPES.has(statfsSync(place).type) && ((mode & WORLD_WRITABLE) === 0 || (mode & STICKY) !== 0);
  } catch {
    return false;
  }
}

function hasRoom(place: string, size: number): boolean {
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize >= size;
}

function findNewFolder(place: string, prefix: string): string | undefined {
  try {
    const folder = newFolder(place, prefix);
    // The owner of another user's runtime folder could rename ours.
    const { uid, mode } = statSync(place);
    if ((mode & STICKY) !== 0 || statSync(folder).uid === uid) return folder;
    rmSync(folder, { recursive: true });
  } catch {
    // The next place will do.
  }
  return undefined;
}

function newFolder(place: string, prefix: string): string {
  for (let attempt = 1; ; attempt++) {
    const folder = join(place, prefix + String(randomInt(1, 2 ** 32)));
    try {
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === ATTEMPTS) throw error;
    }
  }
}
