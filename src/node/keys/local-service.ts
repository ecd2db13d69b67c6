import { SopsError } from '../../core/errors.ts';
import type { KeyService, KeyTypeName } from '../../core/keys/master-key.ts';
import { createAgeAccess } from './age/age-access.ts';
import type { KeyHost } from './key-host.ts';
import { createPgpAccess } from './pgp/pgp-access.ts';

/** What an unsupported type is called. */
const cloudNames: Readonly<Record<Exclude<KeyTypeName, 'age' | 'pgp'>, string>> = {
  kms: 'AWS KMS',
  gcp_kms: 'GCP KMS',
  hckms: 'HuaweiCloud KMS',
  azure_kv: 'Azure Key Vault',
  hc_vault: 'HashiCorp Vault',
};

/** Makes the key service of this process: it wraps and unwraps with what the user's environment offers. */
export function createLocalKeyService(host: KeyHost): KeyService {
  const age = createAgeAccess(host);
  const pgp = createPgpAccess(host);
  const accessTo = (type: KeyTypeName): KeyService => {
    if (type === 'age') return age;
    if (type === 'pgp') return pgp;
    throw new SopsError('generic', `${cloudNames[type]} keys are not supported yet`);
  };
  return {
    wrap: async (key, plaintext) => accessTo(key.type).wrap(key, plaintext),
    unwrap: async (key) => accessTo(key.type).unwrap(key),
  };
}
