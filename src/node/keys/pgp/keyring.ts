import { goErrorText, systemCode } from '../../go-errors.ts';
import { joinPath } from '../config-folder.ts';
import type { KeyHost } from '../key-host.ts';
import type { KeyringAccess } from './pgp-access.ts';

/**
 * The keyrings of old GnuPG versions and of `gpg --export`: found, but not read in this release. The reasons are upstream's as
 * long as there is no keyring.
 */
export function createKeyringAccess(host: KeyHost): KeyringAccess {
  return {
    encrypt(fingerprint) {
      const ring = findRing(host, ['pubring.gpg']);
      return failed(
        'path' in ring
          ? `reading ${ring.path} is not supported yet`
          : `key with fingerprint '${fingerprint}' is not available in keyring`,
      );
    },
    decrypt() {
      const ring = findRing(host, ['secring.gpg', 'pubring.gpg']);
      return failed(
        'path' in ring ? `reading ${ring.path} is not supported yet` : `could not load secring: ${ring.reason}`,
      );
    },
  };
}

function failed(reason: string): Promise<never> {
  return Promise.reject(new Error(reason));
}

/** The first of the files that exists; the reason is that of the last. */
function findRing(host: KeyHost, names: readonly string[]): { path: string } | { reason: string } {
  let reason = '';
  for (const name of names) {
    const path = joinPath(host, gnupgHome(host), name);
    try {
      host.readFile(path);
      return { path };
    } catch (error) {
      reason = goErrorText('open', path, error);
      if (systemCode(error) !== 'ENOENT') break;
    }
  }
  return { reason };
}

/** Upstream: `pgp/keysource.go` `gnuPGHome`. */
function gnupgHome(host: KeyHost): string {
  return host.env('GNUPGHOME') || joinPath(host, host.accountHome() ?? host.env('HOME') ?? '', '.gnupg');
}
