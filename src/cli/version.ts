import { UPSTREAM_VERSION } from '../core/metadata/metadata.ts';

/** This program's own version, the one in package.json. */
export const PROGRAM_VERSION = '0.1.0';

/** The first line of `--version`: clients parse its first two words. */
export function versionLine(): string {
  return `sops ${UPSTREAM_VERSION} (sops-ts ${PROGRAM_VERSION})`;
}
