import { UPSTREAM_VERSION } from '../core/metadata/metadata.ts';

/** Put in by the build, from package.json. */
declare const __SOPS_TS_VERSION__: string | undefined;

/** This program's own version; `unbuilt` where the sources run as they are. */
export const PROGRAM_VERSION: string = typeof __SOPS_TS_VERSION__ === 'string' ? __SOPS_TS_VERSION__ : 'unbuilt';

/** The first line of `--version`: clients parse its first two words. */
export function versionLine(): string {
  return `sops ${UPSTREAM_VERSION} (sops-ts ${PROGRAM_VERSION})`;
}
