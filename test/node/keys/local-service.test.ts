import { describe, expect, test } from 'vitest';
import { recoverDataKey, wrapDataKey } from '../../../src/core/keys/data-key.ts';
import { keyTypeOf } from '../../../src/core/keys/key-types.ts';
import type { KeyTypeName } from '../../../src/core/keys/master-key.ts';
import { nodeCrypto } from '../../../src/node/crypto.ts';
import { createLocalKeyService } from '../../../src/node/keys/local-service.ts';
import { alice, aliceIdentity } from './age/fixture.ts';
import { memoryHost } from './memory-host.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const cloud: [KeyTypeName, string, string][] = [
  ['kms', 'arn:aws:kms:us-east-1:1:key/2', 'AWS KMS'],
  ['gcp_kms', 'projects/p/locations/l/keyRings/r/cryptoKeys/k', 'GCP KMS'],
  ['hckms', 'tr-west-1:0123', 'HuaweiCloud KMS'],
  ['azure_kv', 'https://v/keys/n/1', 'Azure Key Vault'],
  ['hc_vault', 'https://v/v1/transit/keys/k', 'HashiCorp Vault'],
];

describe('the local key service', () => {
  const service = createLocalKeyService(memoryHost({ env: { HOME: '/h', SOPS_AGE_KEY: aliceIdentity } }));

  test('wraps and unwraps age keys', async () => {
    const group = keyTypeOf('age').parseList(alice);
    await wrapDataKey(dataKey, [group], 0, [service], nodeCrypto);
    expect([...(await recoverDataKey([group], 0, undefined, [service]))]).toEqual([...dataKey]);
  });

  test.each(cloud)('says that %s keys are not supported yet', async (type, list, name) => {
    const [key] = keyTypeOf(type).parseList(list);
    if (key === undefined) throw new Error('no key');
    const message = `${name} keys are not supported yet`;
    await expect(service.wrap(key, dataKey)).rejects.toThrow(expect.objectContaining({ code: 'generic', message }));
    await expect(service.unwrap(key)).rejects.toThrow(expect.objectContaining({ message }));
  });

  test('opens a group with a key that is not supported and one that is', async () => {
    const [age] = keyTypeOf('age').parseList(alice);
    if (age === undefined) throw new Error('no key');
    age.enc = await service.wrap(age, dataKey);
    const group = [...cloud.flatMap(([type, list]) => keyTypeOf(type).parseList(list)), age];
    expect([...(await recoverDataKey([group], 0, [], [service]))]).toEqual([...dataKey]);
  });
});
