import { SopsError } from '../errors.ts';
import type { KeyGroup } from '../keys/master-key.ts';
import type { Config, DestinationRule } from './config.ts';
import type { CreationSettings } from './creation-rule.ts';
import { matchesPath, settingsOfRule } from './creation-rule.ts';
import type { KeyGroupOptions } from './key-groups.ts';

/** Where `publish` puts a file. */
export type Destination =
  | { kind: 's3'; bucket: string; prefix: string }
  | { kind: 'gcs'; bucket: string; prefix: string }
  | { kind: 'vault'; address: string; path: string; mountName: string; kvVersion: number };

/** What a destination rule says. */
export interface DestinationSettings {
  /** Undefined when the rule names none. */
  destination: Destination | undefined;
  omitExtensions: boolean;
  /** The rule's `recreation_rule`: its keys and settings. */
  recreation: CreationSettings;
  /** Whether the `recreation_rule` has keys, so that the file is encrypted anew. */
  recreates: boolean;
}

/**
 * Finds the first destination rule whose regex matches the path as it was given.
 *
 * @throws SopsError `invalid-config` when no rule matches, or a regex that does not compile comes first: upstream passes over
 * the rule, and the file goes where a later one says (D37)
 */
export async function findDestinationRule(config: Config, path: string): Promise<DestinationRule> {
  for (const rule of config.destinationRules) {
    if (await matchesPath(rule.pathRegex, path)) return rule;
  }
  throw new SopsError('invalid-config', 'error loading config: no matching destination found in config');
}

/**
 * Gives the destination and the settings of a rule.
 *
 * @throws SopsError `invalid-config` for more than one destination, and as `settingsOfRule`
 */
export async function settingsOfDestinationRule(
  rule: DestinationRule,
  options: KeyGroupOptions = {},
): Promise<DestinationSettings> {
  const destinations = destinationsOf(rule);
  if (destinations.length > 1) {
    throw new SopsError(
      'invalid-config',
      'error loading config: more than one destinations were found in a single destination rule, you can only use one per rule',
    );
  }
  const recreation = await settingsOfRule(rule.recreationRule, options);
  return {
    destination: destinations[0],
    omitExtensions: rule.omitExtensions,
    recreation,
    recreates: recreation.keyGroups.some((group: KeyGroup) => group.length > 0),
  };
}

function destinationsOf(rule: DestinationRule): Destination[] {
  const destinations: Destination[] = [];
  if (rule.s3Bucket !== '') destinations.push({ kind: 's3', bucket: rule.s3Bucket, prefix: rule.s3Prefix });
  if (rule.gcsBucket !== '') destinations.push({ kind: 'gcs', bucket: rule.gcsBucket, prefix: rule.gcsPrefix });
  if (rule.vaultPath !== '') {
    destinations.push({
      kind: 'vault',
      address: rule.vaultAddress,
      path: rule.vaultPath,
      mountName: rule.vaultKvMountName,
      kvVersion: rule.vaultKvVersion,
    });
  }
  return destinations;
}
