/** What a configuration file says. Upstream: `config/config.go`. */
import type { GroupEntry } from '../keys/key-type.ts';
import type { KeyTypeName } from '../keys/master-key.ts';
import type { SelectionSetting } from '../tree/selection.ts';

export interface Config {
  /** Undefined when the file has none, which counts as no configuration; an empty list never matches. */
  creationRules: readonly CreationRule[] | undefined;
  destinationRules: readonly DestinationRule[];
  stores: StoreSettings;
  /** Keys that mean nothing, in the order of the file. Upstream ignores them without a word. */
  warnings: readonly ConfigWarning[];
}

/** A key of the file that means nothing at its place. */
export interface ConfigWarning {
  /** 1-based; undefined when the file's reader does not tell. */
  line: number | undefined;
  key: string;
  /** A key that means something there and looks like this one. */
  suggestion: string | undefined;
  /** One line: `unknown key "x" in a creation rule (did you mean "y"?)`. */
  message: string;
}

/** One entry of `creation_rules`, or the `recreation_rule` of a destination rule. Empty texts are settings left out. */
export interface CreationRule {
  pathRegex: string;
  /** The flat key fields. */
  keys: ReadonlyMap<KeyTypeName, KeyField>;
  awsProfile: string;
  /** Replace the flat key fields when there is one. */
  keyGroups: readonly KeyGroupRule[];
  shamirThreshold: number;
  selection: Readonly<Partial<Record<SelectionSetting, string>>>;
  macOnlyEncrypted: boolean;
}

/** A flat key field; a wrong type is an error only when the rule is chosen. */
export type KeyField = { kind: 'keys'; keys: readonly string[] } | { kind: 'invalid'; reason: string };

/** One entry of `key_groups`. */
export interface KeyGroupRule {
  /** Groups whose keys come first. */
  merge: KeyGroupRule[];
  keys: Map<KeyTypeName, GroupEntry[]>;
}

/** One entry of `destination_rules`. Empty texts are settings left out. */
export interface DestinationRule {
  pathRegex: string;
  s3Bucket: string;
  s3Prefix: string;
  gcsBucket: string;
  gcsPrefix: string;
  vaultPath: string;
  vaultAddress: string;
  vaultKvMountName: string;
  /** 0 when left out. */
  vaultKvVersion: number;
  recreationRule: CreationRule;
  omitExtensions: boolean;
}

/** Indentation as the file gives it: what each number means is in `store-settings.ts`. */
export interface StoreSettings {
  readonly yaml: { readonly indent: number };
  readonly json: { readonly indent: number };
  readonly jsonBinary: { readonly indent: number };
}

/** What counts without a configuration file. */
export const DEFAULT_STORES: StoreSettings = { yaml: { indent: 0 }, json: { indent: -1 }, jsonBinary: { indent: -1 } };

/** An empty configuration. */
export const NO_CONFIG: Config = {
  creationRules: undefined,
  destinationRules: [],
  stores: DEFAULT_STORES,
  warnings: [],
};
