import { ageKeyType } from './age/age-key-type.ts';
import { azureKvKeyType } from './azure-kv/azure-kv-key-type.ts';
import { gcpKmsKeyType } from './gcp-kms/gcp-kms-key-type.ts';
import { hcVaultKeyType } from './hc-vault/hc-vault-key-type.ts';
import { hckmsKeyType } from './hckms/hckms-key-type.ts';
import type { KeyType } from './key-type.ts';
import { kmsKeyType } from './kms/kms-key-type.ts';
import type { KeyTypeName, MasterKey } from './master-key.ts';
import { pgpKeyType } from './pgp/pgp-key-type.ts';

/**
 * Every key type, in the order in which a metadata block's lists are read: the "file order" in which keys are tried when no
 * decryption order is given. Upstream: `stores/stores.go` `internalGroupFrom`.
 */
export const keyTypes: readonly KeyType[] = [
  kmsKeyType,
  gcpKmsKeyType,
  hckmsKeyType,
  azureKvKeyType,
  hcVaultKeyType,
  pgpKeyType,
  ageKeyType,
];

/** The order of the keys that a creation rule or a group in it gives. Upstream: `config/config.go`. */
export const keyTypesInRules: readonly KeyType[] = [
  ageKeyType,
  pgpKeyType,
  kmsKeyType,
  gcpKmsKeyType,
  hckmsKeyType,
  azureKvKeyType,
  hcVaultKeyType,
];

/** The order of the keys that flags and environment variables give. Upstream: `cmd/sops/main.go` `keyGroups`. */
export const keyTypesInFlags: readonly KeyType[] = [
  kmsKeyType,
  gcpKmsKeyType,
  hckmsKeyType,
  azureKvKeyType,
  pgpKeyType,
  hcVaultKeyType,
  ageKeyType,
];

const byName = new Map<string, KeyType>(keyTypes.map((type) => [type.name, type]));

/** Gives the type of that name. */
export function keyTypeOf(name: KeyTypeName): KeyType {
  const type = byName.get(name);
  if (type === undefined) throw new TypeError(`unknown key type ${name}`);
  return type;
}

/** Gives the text that names a key in differences, `--rm-…` flags and errors. */
export function keyText(key: MasterKey): string {
  return keyTypeOf(key.type).text(key);
}

/** Names a key as a key service's prompt does. Upstream: `keyservice/server.go` `keyToString`; age has no name there (D24). */
export function serviceKeyText(key: MasterKey): string {
  const type = keyTypeOf(key.type);
  return `${type.serviceLabel} ${type.serviceKeyText?.(key) ?? type.text(key)}`;
}
