/**
 * The data key of a file: wrapped by every master key, recovered by any one of each group that is needed.
 * Upstream: `sops.go` `UpdateMasterKeysWithKeyServices`, `GetDataKeyWithKeyServices`.
 */
import { SopsError } from '../errors.ts';
import { defaultDecryptionOrder, sortByDecryptionOrder } from './decryption-order.ts';
import { keyText } from './key-types.ts';
import type { KeyGroup, KeyService, MasterKey } from './master-key.ts';
import { quoted } from './quoted.ts';
import type { GroupResult, KeyFailure } from './recovery-error.ts';
import { KeyRecoveryError } from './recovery-error.ts';
import { combineShares, splitSecret } from './shamir.ts';

/** The bytes of a new data key. */
export const dataKeyLength = 32;

/** The source of randomness: what keys need of the injected crypto. */
export interface Randomness {
  randomBytes(length: number): Uint8Array;
}

/**
 * Wraps the data key, or with several groups one Shamir part of it per group, with every master key, and puts the results into
 * the keys. When any key fails, no key is changed.
 *
 * @param threshold - how many groups are to be needed; 0: all of them
 * @returns the threshold to be stored: with several groups never 0
 * @throws SopsError `generic`: the reasons, in brackets and separated by blanks, for the caller to say what failed
 */
export async function wrapDataKey(
  dataKey: Uint8Array,
  groups: readonly KeyGroup[],
  threshold: number,
  services: readonly KeyService[],
  randomness: Randomness,
): Promise<number> {
  if (services.length === 0) throw failedToWrap(['no key services provided, cannot update master keys']);
  if (groups.length === 0) throw failedToWrap(['no key groups provided']);
  const needed = groups.length > 1 && threshold === 0 ? groups.length : threshold;
  const parts = groups.length === 1 ? [dataKey] : splitDataKey(dataKey, groups.length, needed, randomness);
  if (groups.some((group) => group.length === 0)) throw failedToWrap(['empty key group provided']);
  const wrapped = new Map<MasterKey, string>();
  const problems: string[] = [];
  for (const [index, group] of groups.entries()) {
    const part = parts[index] ?? dataKey;
    for (const key of group) {
      const result = await wrapPart(key, part, services);
      if (typeof result === 'string') wrapped.set(key, result);
      else problems.push(...result);
    }
  }
  if (problems.length > 0) throw failedToWrap(problems);
  for (const [key, enc] of wrapped) key.enc = enc;
  return needed;
}

function failedToWrap(problems: readonly string[]): SopsError {
  return new SopsError('generic', `[${problems.join(' ')}]`);
}

function splitDataKey(dataKey: Uint8Array, parts: number, threshold: number, randomness: Randomness): Uint8Array[] {
  try {
    return splitSecret(dataKey, parts, threshold, (length) => randomness.randomBytes(length));
  } catch (error) {
    throw failedToWrap([`could not split data key into parts for Shamir: ${reasonOf(error)}`]);
  }
}

/** The wrapped part of the first service that succeeds, or the problems of all. */
async function wrapPart(
  key: MasterKey,
  part: Uint8Array,
  services: readonly KeyService[],
): Promise<string | readonly string[]> {
  const problems: string[] = [];
  for (const service of services) {
    try {
      return await service.wrap(key, part);
    } catch (error) {
      problems.push(`failed to encrypt new data key with master key ${quoted(keyText(key))}: ${reasonOf(error)}`);
    }
  }
  return problems;
}

/**
 * Recovers the data key. Groups are tried in turn until as many parts as the threshold are there (upstream asks every group;
 * D26). A threshold below two cannot be the one that the key was split with, so then every group is tried.
 *
 * @param order - names of key types; others come last. Left out: age, pgp. Empty: the order of the file
 * @returns the data key as it was wrapped; its length is not checked
 * @throws KeyRecoveryError `no-data-key`
 * @throws SopsError `no-data-key` when the parts do not fit together
 */
export async function recoverDataKey(
  groups: readonly KeyGroup[],
  threshold: number,
  order: readonly string[] | undefined,
  services: readonly KeyService[],
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const results: GroupResult[] = [];
  const enough = groups.length > 1 && threshold >= 2 ? threshold : groups.length;
  for (const group of groups) {
    if (parts.length === enough) break;
    const outcome = await recoverPart(sortByDecryptionOrder(group, order ?? defaultDecryptionOrder), services);
    if (outcome instanceof Uint8Array) parts.push(outcome);
    results.push(outcome instanceof Uint8Array ? { recovered: true } : { recovered: false, failures: outcome });
  }
  if (groups.length > 1) {
    if (parts.length < threshold) throw new KeyRecoveryError(threshold, results);
    return combineParts(parts);
  }
  const [dataKey] = parts;
  if (dataKey === undefined) throw new KeyRecoveryError(threshold, results);
  return dataKey;
}

function combineParts(parts: readonly Uint8Array[]): Uint8Array {
  try {
    return combineShares(parts);
  } catch (error) {
    throw new SopsError('no-data-key', `could not get data key from shamir parts: ${reasonOf(error)}`);
  }
}

async function recoverPart(
  keys: readonly MasterKey[],
  services: readonly KeyService[],
): Promise<Uint8Array | readonly KeyFailure[]> {
  const failures: KeyFailure[] = [];
  for (const key of keys) {
    const reasons: string[] = [];
    for (const service of services) {
      try {
        return await service.unwrap(key);
      } catch (error) {
        reasons.push(reasonOf(error));
      }
    }
    failures.push({ key: keyText(key), reasons });
  }
  return failures;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
