/** Writing a secret to Vault's key-value store, version 1 or 2. Upstream: `publish/vault.go`. */
import { SopsError } from '../../core/errors.ts';
import type { Variables } from '../http/proxy.ts';
import type { VaultClient } from '../vault/vault-client.ts';
import { createVaultClient, VaultError } from '../vault/vault-client.ts';
import { dataOfAnswer, isSameData, parseData } from './vault-data.ts';
import type { VaultSecret } from './vault-secret.ts';

const NOT_FOUND = 404;

/** What an upload came to: `unchanged` when the secret had that data already, and nothing was written. */
export type UploadResult = 'written' | 'unchanged';

/**
 * Writes data to a secret, unless it is there already.
 *
 * @param data - a JSON object
 * @param warn - told, before anything is written, why the present data cannot be compared
 * @throws SopsError `generic`: Vault's refusal, or why it cannot be reached
 */
export async function uploadToVault(
  secret: VaultSecret,
  data: string,
  env: Variables,
  warn: (problem: string) => Promise<void>,
): Promise<UploadResult> {
  const client = createVaultClient(secret.address, env);
  const { path, kvVersion } = secret;
  try {
    if (await holds(client, secret, data)) return 'unchanged';
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    await warn(error.message);
  }
  await client.request({ method: 'PUT', path, body: kvVersion === 2 ? `{"data":${data}}` : data });
  return 'written';
}

async function holds(client: VaultClient, { path, kvVersion }: VaultSecret, data: string): Promise<boolean> {
  let answer: string;
  try {
    answer = (await client.request({ method: 'GET', path })).body.toString();
  } catch (error) {
    if (error instanceof VaultError && error.status === NOT_FOUND) return false;
    throw error;
  }
  const present = dataOfAnswer(answer, kvVersion);
  const wanted = parseData(data);
  return present !== undefined && wanted !== undefined && isSameData(present, wanted, kvVersion);
}
