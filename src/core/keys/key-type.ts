/**
 * What a key type is to the rest of the program, in one place: how the metadata block and `.sops.yaml` spell its keys, its
 * flag and environment variable, its text form. Wrapping and unwrapping is a key service's, not the type's.
 */
import { timeText } from '../tree/timestamp.ts';
import type { KeyTypeName, MasterKey } from './master-key.ts';

/** A field of an entry in the type's metadata list. */
export interface MetadataField {
  readonly name: string;
  readonly form: 'text' | 'map';
  /** False: left out when empty. True: written even when empty. */
  readonly always: boolean;
}

/** A field of an entry of a `key_groups` list in `.sops.yaml`. */
export interface GroupEntryField {
  readonly name: string;
  readonly form: 'text' | 'map';
}

/** The fields of `.sops.yaml` that hold keys of a type. Upstream: `config/config.go`. */
export interface ConfigFields {
  /** The flat field of a creation rule. */
  readonly rule: string;
  /** Whether the flat field takes a comma-separated text as well as a list, or a list alone. */
  readonly ruleForm: 'text-or-list' | 'list';
  /** What upstream calls the flat field in the outer part of its error text. */
  readonly errorName: string;
  /** The list inside an entry of `key_groups`. */
  readonly group: string;
  /** The fields of an entry of that list; undefined when an entry is a text. */
  readonly groupEntry: readonly GroupEntryField[] | undefined;
}

/** An entry of a `key_groups` list: a text, or the fields that {@link ConfigFields.groupEntry} names. */
export type GroupEntry = string | Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** What new keys are made with besides their own text. */
export interface KeyParseOptions {
  /** AWS KMS encryption context of every key. */
  readonly encryptionContext?: Readonly<Record<string, string>> | undefined;
  /** AWS profile of every key. */
  readonly awsProfile?: string | undefined;
  /** The creation date; now, when left out. */
  readonly now?: Date | undefined;
}

export interface KeyType {
  /** The name of the metadata list, and in a decryption order. */
  readonly name: KeyTypeName;
  /** The fields of a metadata entry, `created_at` and `enc` included, in the order in which they are written: alphabetical. */
  readonly metadataFields: readonly MetadataField[];
  /** Whether the list is written inside `key_groups` even when it is empty. Upstream: `stores/stores.go` `keygroup`. */
  readonly listedWhenEmpty: boolean;
  readonly config: ConfigFields;
  /** The flag without dashes; `--add-` and `--rm-` forms are made from it. */
  readonly flag: string;
  readonly environmentVariable: string;
  /**
   * What a key service calls such a key in its prompt, with {@link keyText} or {@link serviceKeyText} behind it; age has none
   * upstream.
   */
  readonly serviceLabel: string;
  /** What names the key in a key service's prompt, where that is not its text. */
  serviceKeyText?(key: MasterKey): string;
  /** The text that names a key in differences, `--rm-…` flags and errors. Upstream: `MasterKey.ToString`. */
  text(key: MasterKey): string;
  /**
   * Reads the list that the type's flag, environment variable or flat rule field holds; an empty text has no keys.
   *
   * @throws SopsError `invalid-key`
   */
  parseList(list: string, options?: KeyParseOptions): MasterKey[];
  /**
   * Reads one entry of the type's list in `key_groups`.
   *
   * @throws SopsError `invalid-key`
   */
  parseGroupEntry(entry: GroupEntry, options?: KeyParseOptions): MasterKey[];
  /**
   * Checks the fields of a key that comes from a metadata block.
   *
   * @throws SopsError `invalid-metadata`
   */
  checkLoaded?(key: MasterKey): void;
}

/** A field of a key as text; empty when it is missing. */
export function textField(key: MasterKey, name: string): string {
  const value = key.fields[name];
  return typeof value === 'string' ? value : '';
}

/** A text field of a `key_groups` entry; empty when it is missing. */
export function entryText(entry: GroupEntry, name: string): string {
  if (typeof entry === 'string') return entry;
  const value = entry[name];
  return typeof value === 'string' ? value : '';
}

/** The creation date of a new key: UTC, RFC 3339, seconds. */
export function creationDate(options: KeyParseOptions): string {
  return timeText(options.now ?? new Date());
}

/** Text fields that are always written; what nearly all types have. */
export function alwaysText(...names: string[]): MetadataField[] {
  return names.map((name) => ({ name, form: 'text', always: true }));
}
