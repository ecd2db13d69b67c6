import { SopsError } from '../errors.ts';
import type { KeyParseOptions, KeyType } from '../keys/key-type.ts';
import { keyText, keyTypesInRules } from '../keys/key-types.ts';
import type { KeyGroup } from '../keys/master-key.ts';
import type { CreationRule, KeyGroupRule } from './config.ts';

/** What keys are made with besides the rule: the date, and the encryption context of the flag-only form's flat `kms` keys. */
export type KeyGroupOptions = Pick<KeyParseOptions, 'encryptionContext' | 'now'>;

/**
 * The key groups of a rule: those of `key_groups`, or else one group of the flat key fields, which may be empty. Keys given twice
 * in a group of `key_groups` count once; the flat fields are taken as they are. Upstream: `config.go`
 * `getKeyGroupsFromCreationRule`.
 *
 * @throws SopsError `invalid-config` for a flat field of a wrong type; `invalid-key` for a malformed key
 */
export function keyGroupsOfRule(rule: CreationRule, options: KeyGroupOptions = {}): KeyGroup[] {
  if (rule.keyGroups.length > 0) return rule.keyGroups.map((group) => keysOfGroup(group, { now: options.now }));
  const group: KeyGroup = [];
  for (const type of keyTypesInRules) {
    append(group, type.parseList(flatKeys(rule, type).join(','), { ...options, awsProfile: rule.awsProfile }));
  }
  return [group];
}

function flatKeys(rule: CreationRule, type: KeyType): readonly string[] {
  const field = rule.keys.get(type.name);
  if (field === undefined) return [];
  if (field.kind === 'keys') return field.keys;
  const { errorName, rule: fieldName } = type.config;
  throw new SopsError(
    'invalid-config',
    `invalid ${errorName} key configuration: invalid ${fieldName} key configuration: ${field.reason}`,
  );
}

/** The keys of a group, those of merged groups first. Groups may be merged to any depth. */
function keysOfGroup(root: KeyGroupRule, options: KeyParseOptions): KeyGroup {
  const keys: KeyGroup = [];
  const seen = new Set<string>();
  const waiting: { group: KeyGroupRule; merged: boolean }[] = [{ group: root, merged: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { group, merged } = next;
    if (!merged && group.merge.length > 0) {
      waiting.push({ group, merged: true });
      for (const inner of group.merge.toReversed()) waiting.push({ group: inner, merged: false });
      continue;
    }
    for (const key of ownKeys(group, options)) {
      const name = `${key.type}/${keyText(key)}`;
      if (seen.has(name)) continue;
      seen.add(name);
      keys.push(key);
    }
  }
  return keys;
}

function ownKeys(group: KeyGroupRule, options: KeyParseOptions): KeyGroup {
  const keys: KeyGroup = [];
  for (const type of keyTypesInRules) {
    for (const entry of group.keys.get(type.name) ?? []) append(keys, type.parseGroupEntry(entry, options));
  }
  return keys;
}

function append(group: KeyGroup, keys: KeyGroup): void {
  for (const key of keys) group.push(key);
}
