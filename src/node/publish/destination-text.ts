import { posix } from 'node:path';
import type { Destination } from '../../core/config/destination-rule.ts';
import type { Variables } from '../http/proxy.ts';
import { vaultSecret } from './vault-secret.ts';

/** Where a file goes, for the user: `s3://bucket/prefixname`, `gcs://bucket/prefixname`, `<address>/v1/<path>`. */
export function destinationText(destination: Destination, name: string, env: Variables): string {
  if (destination.kind !== 'vault') return `${destination.kind}://${destination.bucket}/${destination.prefix}${name}`;
  const { address, path } = vaultSecret(destination, name, env);
  return `${address}/v1/${path}`;
}

/**
 * What a file is called at its destination.
 *
 * @param path - as it was given
 * @param root - the folder that is published; undefined for a file by itself (upstream calls it `.` with `--recursive`, D38)
 * @param omitsExtension - leaves out everything from the last dot, but for a name that only consists of it (`.env`)
 */
export function destinationName(path: string, root: string | undefined, omitsExtension: boolean): string {
  const name = root === undefined ? posix.basename(path) : posix.relative(root, path);
  return omitsExtension ? name.replace(/(?<=[^/])\.[^./]*$/, '') : name;
}
