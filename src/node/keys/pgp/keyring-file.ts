import { goErrorText, systemCode } from '../../go-errors.ts';
import { joinPath } from '../config-folder.ts';
import type { KeyHost } from '../key-host.ts';

/** A keyring file and what it holds: OpenPGP keys one after another, without armour. */
export interface KeyringFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads the first keyring of these names that exists in the GnuPG folder. Upstream: `pgp/keysource.go` `getSecRing`.
 *
 * @throws Error whose message is why the last one cannot be read
 */
export async function readKeyringFile(host: KeyHost, names: readonly string[]): Promise<KeyringFile> {
  const home = await gnupgHome(host);
  let reason = '';
  for (const name of names) {
    const path = joinPath(host, home, name);
    try {
      return { path, bytes: host.readFile(path) };
    } catch (error) {
      reason = goErrorText('open', path, error);
      if (systemCode(error) !== 'ENOENT') break;
    }
  }
  throw new Error(reason);
}

/** Upstream: `pgp/keysource.go` `gnuPGHome`. */
async function gnupgHome(host: KeyHost): Promise<string> {
  return host.env('GNUPGHOME') || joinPath(host, (await host.accountHome()) ?? host.env('HOME') ?? '', '.gnupg');
}
