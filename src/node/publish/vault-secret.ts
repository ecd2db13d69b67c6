import type { Destination } from '../../core/config/destination-rule.ts';
import type { Variables } from '../http/proxy.ts';
import { defaultVaultAddress } from '../vault/vault-settings.ts';

/** A secret of Vault's key-value store. */
export interface VaultSecret {
  readonly address: string;
  /** Below `/v1/`. */
  readonly path: string;
  readonly kvVersion: 1 | 2;
}

const DEFAULT_MOUNT = 'secret/';

/** The secret that a destination rule means for a file. Upstream: `publish/vault.go`. */
export function vaultSecret(
  destination: Extract<Destination, { kind: 'vault' }>,
  name: string,
  env: Variables,
): VaultSecret {
  const kvVersion = destination.kvVersion === 1 ? 1 : 2;
  const mount = withSlash(destination.mountName || DEFAULT_MOUNT);
  const path = `${mount}${kvVersion === 2 ? 'data/' : ''}${withSlash(destination.path)}${name}`;
  return { address: destination.address || defaultVaultAddress(env), path, kvVersion };
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
