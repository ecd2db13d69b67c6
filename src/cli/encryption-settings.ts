/**
 * How a new file is to be encrypted, from flags, their variables and the creation rule.
 * Upstream: `main.go` `getEncryptConfig`, `keyGroups`, `shamirThreshold`.
 */
import type { CreationSettings } from '../core/config/creation-rule.ts';
import type { EncryptionSettings } from '../core/document/file.ts';
import { SopsError } from '../core/errors.ts';
import type { Format } from '../core/formats/format.ts';
import { parseEncryptionContext } from '../core/keys/kms/kms-key-type.ts';
import type { KeyGroup } from '../core/keys/master-key.ts';
import type { Selection, SelectionSetting } from '../core/tree/selection.ts';
import { DEFAULT_SELECTION, SELECTION_SETTINGS, selectionOf } from '../core/tree/selection.ts';
import type { CommandContext } from './command.ts';
import type { StringFlag } from './flags/flag.ts';
import { KEY_FLAGS } from './flags/key-flags.ts';
import * as table from './flags/table.ts';

const SETTING_FLAGS: Readonly<Record<SelectionSetting, StringFlag>> = {
  unencrypted_suffix: table.UNENCRYPTED_SUFFIX,
  encrypted_suffix: table.ENCRYPTED_SUFFIX,
  unencrypted_regex: table.UNENCRYPTED_REGEX,
  encrypted_regex: table.ENCRYPTED_REGEX,
  unencrypted_comment_regex: table.UNENCRYPTED_COMMENT_REGEX,
  encrypted_comment_regex: table.ENCRYPTED_COMMENT_REGEX,
};

/** What a setting is called in the warning that a binary file has no use for it; one of them upstream passes over. */
const BINARY_WARNINGS: readonly (readonly [SelectionSetting, string, string])[] = [
  ['unencrypted_suffix', 'an unencrypted suffix', 'produces one key that should always be encrypted'],
  ['encrypted_suffix', 'an encrypted suffix', 'produces one key that should always be encrypted'],
  ['encrypted_regex', 'an encrypted regex', 'produces one key that should always be encrypted'],
  ['unencrypted_regex', 'an unencrypted regex', 'produces one key that should always be encrypted'],
  ['encrypted_comment_regex', 'an encrypted comment regex', 'never produces comments'],
];

/**
 * @param rule - what the matching creation rule says; undefined without configuration
 * @throws SopsError `conflicting-parameters` for more than one selection setting, `invalid-encryption-context`, `invalid-key`,
 * `generic` when there are no keys
 */
export async function encryptionSettings(
  context: CommandContext,
  inputFormat: Format,
  rule: CreationSettings | undefined,
): Promise<EncryptionSettings> {
  const selection = await chooseSelection(context, inputFormat, rule);
  const groups = await keyGroups(context, rule);
  const isBinary = inputFormat.name === 'binary';
  return {
    groups,
    threshold: context.flags.get(table.THRESHOLD) || (rule?.shamirThreshold ?? 0),
    selection,
    macOnlyEncrypted: !isBinary && (isMacOnlyEncrypted(context) || (rule?.macOnlyEncrypted ?? false)),
  };
}

function isMacOnlyEncrypted({ flags, globals }: CommandContext): boolean {
  return flags.get(table.MAC_ONLY_ENCRYPTED) || globals.get(table.MAC_ONLY_ENCRYPTED);
}

async function chooseSelection(
  { flags, output }: CommandContext,
  inputFormat: Format,
  rule: CreationSettings | undefined,
): Promise<Selection | undefined> {
  const settings: Partial<Record<SelectionSetting, string>> = {};
  for (const setting of SELECTION_SETTINGS) {
    settings[setting] = flags.get(SETTING_FLAGS[setting]) || (rule?.selection[setting] ?? '');
  }
  if (inputFormat.name !== 'binary') return selectionOf(settings, severalSettings) ?? DEFAULT_SELECTION;
  for (const [setting, what, why] of BINARY_WARNINGS) {
    if ((settings[setting] ?? '') === '') continue;
    await output.warn(
      `Using ${what} does not make sense with the input store (the binary store ${why}) and will be ignored.`,
    );
  }
  return undefined;
}

function severalSettings(): SopsError {
  return new SopsError(
    'conflicting-parameters',
    'Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, ' +
      'encrypted_comment_regex, or unencrypted_comment_regex in the same file',
  );
}

async function keyGroups(context: CommandContext, rule: CreationSettings | undefined): Promise<KeyGroup[]> {
  const encryptionContext = await readEncryptionContext(context);
  const { flags, host } = context;
  const options = { encryptionContext, awsProfile: flags.get(table.AWS_PROFILE), now: host.now() };
  const lists = KEY_FLAGS.map(({ type, use }) => ({ type, list: flags.get(use) }));
  if (lists.some(({ list }) => list !== '')) {
    return [lists.flatMap(({ type, list }) => type.parseList(list, options))];
  }
  if (rule !== undefined) return rule.keyGroups;
  throw new SopsError(
    'generic',
    'config file not found, or has no creation rules, and no keys provided through command line options',
    { hint: 'name a key with --age or another key flag, or put a creation rule into .sops.yaml' },
  );
}

/** @throws SopsError `invalid-encryption-context` */
export async function readEncryptionContext({ flags, output }: CommandContext): Promise<Record<string, string>> {
  const encryptionContext = parseEncryptionContext(flags.get(table.ENCRYPTION_CONTEXT));
  if (encryptionContext !== undefined) return encryptionContext;
  await output.log({
    logger: 'AWSKMS',
    level: 'warning',
    message: 'Encryption context contains a non-string value, context will not be used',
  });
  throw new SopsError('invalid-encryption-context', 'Invalid KMS encryption context format');
}
