import { prefixed, SopsError } from '../errors.ts';
import type { KeyGroup } from '../keys/master-key.ts';
import type { Regex } from '../tree/regex.ts';
import { compileRegex } from '../tree/regex.ts';
import type { Selection, SelectionSetting } from '../tree/selection.ts';
import { selectionOf } from '../tree/selection.ts';
import type { Config, CreationRule } from './config.ts';
import type { KeyGroupOptions } from './key-groups.ts';
import { keyGroupsOfRule } from './key-groups.ts';

/** What a rule says about a file that is to be encrypted. */
export interface CreationSettings {
  /** At least one; a rule without keys gives one empty group. */
  keyGroups: KeyGroup[];
  /** 0 when the rule does not say. */
  shamirThreshold: number;
  /** At most one setting that is not empty, its regex known to compile. */
  selection: Readonly<Partial<Record<SelectionSetting, string>>>;
  macOnlyEncrypted: boolean;
}

/**
 * The path that a rule's `path_regex` is matched against: relative to the configuration's folder when the file is below it, else
 * absolute. Purely textual, symbolic links stay; a configuration in `/` has no effect on the path. Upstream: `config.go`
 * `parseCreationRuleForFile`.
 *
 * @param file - absolute, cleaned
 * @param configFolder - absolute, cleaned
 * @param separator - of path segments
 */
export function pathForRules(file: string, configFolder: string, separator = '/'): string {
  const prefix = configFolder + separator;
  return file.startsWith(prefix) ? file.slice(prefix.length) : file;
}

/**
 * Finds the first rule whose regex matches. Undefined when the configuration has no rules at all, which counts as having no
 * configuration.
 *
 * @param path - see {@link pathForRules}
 * @throws SopsError `invalid-config` when no rule matches, or a regex that does not compile comes first
 */
export async function findCreationRule(config: Config, path: string): Promise<CreationRule | undefined> {
  if (config.creationRules === undefined) return undefined;
  for (const rule of config.creationRules) {
    if (await matchesPath(rule.pathRegex, path)) return rule;
  }
  throw new SopsError('invalid-config', 'error loading config: no matching creation rules found');
}

/**
 * Whether a rule's `path_regex` matches; an empty one always does.
 *
 * @throws SopsError `invalid-config` with `can not compile regexp: ` and Go's text
 */
export async function matchesPath(pathRegex: string, path: string): Promise<boolean> {
  if (pathRegex === '') return true;
  let regex: Regex;
  try {
    regex = await compileRegex(pathRegex);
  } catch (error) {
    throw prefixed('can not compile regexp: ', error);
  }
  return regex.matches(path);
}

/**
 * Gives the keys and settings of a rule.
 *
 * @throws SopsError `invalid-config` for more than one selection setting, for a selection regex that does not compile (upstream
 * encrypts nothing then, D3), and for a key field of a wrong type; `invalid-key` for a malformed key
 */
export async function settingsOfRule(rule: CreationRule, options: KeyGroupOptions = {}): Promise<CreationSettings> {
  const { selection } = rule;
  const chosen = selectionOf(selection, severalSettings);
  const keyGroups = keyGroupsOfRule(rule, options);
  if (chosen?.setting.endsWith('_regex')) {
    try {
      await compileRegex(chosen.text);
    } catch (error) {
      throw prefixed(`error loading config: invalid ${chosen.setting}: `, error);
    }
  }
  const { shamirThreshold, macOnlyEncrypted } = rule;
  return { keyGroups, shamirThreshold, selection, macOnlyEncrypted };
}

/** The one selection setting of a rule; undefined when it has none. */
export function selectionOfRule({ selection }: CreationSettings): Selection | undefined {
  return selectionOf(selection, severalSettings);
}

function severalSettings(): SopsError {
  return new SopsError(
    'invalid-config',
    'error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, ' +
      'unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex for the same rule',
  );
}
