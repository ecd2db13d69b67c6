import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import type { Config } from '../core/config/config.ts';
import { NO_CONFIG } from '../core/config/config.ts';
import { loadConfig } from '../core/config/load-config.ts';
import { SopsError } from '../core/errors.ts';
import { absolutePath, readErrorText, readWhole } from './files.ts';

const CONFIG_NAME = '.sops.yaml';
const ALTERNATE_NAME = '.sops.yml';
const MAX_DEPTH = 100;

/** What the search for a configuration came to. */
export interface ConfigSearch {
  /** As upstream prints it, relative to the folder: `../.sops.yaml`. Undefined when there is none. */
  readonly path: string | undefined;
  /** A `.sops.yml` that was passed over; say it once. */
  readonly warning: string | undefined;
}

/**
 * Searches `.sops.yaml` in a folder and those above it; a folder of that name counts, and cannot be read then. Upstream:
 * `config.go` `LookupConfigFile`.
 *
 * @param folder - the working folder, not that of the file to encrypt
 */
export function searchConfig(folder: string): ConfigSearch {
  let alternate: string | undefined;
  const ignoring = (): string =>
    `ignoring "${alternate ?? ''}" when searching for config file; the config file must be called "${CONFIG_NAME}"`;
  const levels = levelsUp(folder);
  for (let level = 0; level < levels; level++) {
    const path = '../'.repeat(level) + CONFIG_NAME;
    if (exists(folder, path)) {
      return { path, warning: alternate === undefined ? undefined : `${ignoring()}; using "${path}" instead` };
    }
    if (alternate === undefined) {
      const other = '../'.repeat(level) + ALTERNATE_NAME;
      if (exists(folder, other)) alternate = other;
    }
  }
  return { path: undefined, warning: alternate === undefined ? undefined : ignoring() };
}

/**
 * Reads a configuration file.
 *
 * @param path - as found or given; may be relative to the folder
 * @throws SopsError `invalid-config`: `could not read config file: open x: no such file or directory`, or as `loadConfig`
 */
export function readConfig(folder: string, path: string): Config {
  let bytes: Uint8Array;
  try {
    bytes = readWhole(fromFolder(folder, path));
  } catch (error) {
    throw new SopsError('invalid-config', `could not read config file: ${readErrorText(path, error)}`, {
      cause: error,
    });
  }
  return loadConfig(bytes);
}

/**
 * Reads a configuration file for what does not depend on it: a file that cannot be read or is no configuration counts as none, and
 * gives a warning (upstream refuses to decrypt then, D22).
 *
 * @throws whatever is no {@link SopsError}
 */
export function readConfigIfValid(folder: string, path: string): { config: Config; warning: string | undefined } {
  try {
    return { config: readConfig(folder, path), warning: undefined };
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    return { config: NO_CONFIG, warning: `ignoring the config file, which is not needed here: ${error.message}` };
  }
}

/** The folder that the paths of rules are relative to: absolute, links not resolved. See `pathForRules`. */
export function folderOfConfig(folder: string, path: string): string {
  return absolutePath(folder, dirname(path));
}

/** Not cleaned: a `..` behind a link to a folder leads to the real folder's parent, as for upstream. */
function fromFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : `${folder}/${path}`;
}

function exists(folder: string, path: string): boolean {
  try {
    statSync(fromFolder(folder, path));
    return true;
  } catch {
    return false;
  }
}

/** The folders from this one to the root; upstream goes on above the root, where it finds nothing else. */
function levelsUp(folder: string): number {
  try {
    const names = realpathSync(folder)
      .split(/[/\\]/)
      .filter((name) => name !== '');
    return Math.min(MAX_DEPTH, names.length + 1);
  } catch {
    return MAX_DEPTH;
  }
}
