/** Comparing the keys of one file with its creation rule, and replacing them. Upstream: `cmd/sops/subcommand/updatekeys`. */
import type { CreationSettings } from '../core/config/creation-rule.ts';
import type { EncryptedFile, Environment } from '../core/document/file.ts';
import { emitEncrypted, findDataKey, readEncrypted } from '../core/document/file.ts';
import { prefixed, SopsError } from '../core/errors.ts';
import { wrapDataKey } from '../core/keys/data-key.ts';
import { absolutePath, fileKind } from '../node/files.ts';
import type { CommandContext } from './command.ts';
import type { Configuration } from './configuration.ts';
import { findRuleSettings } from './configuration.ts';
import { MARSHAL_PREFIX, withDumpPrefix } from './error-prefix.ts';
import * as flags from './flags/table.ts';
import { emitSettings, inputFormat } from './formats.ts';
import type { ChangeLine } from './group-changes.ts';
import { groupChanges, haveKeysChanged, thresholdChanges } from './group-changes.ts';
import { askYesOrNo } from './question.ts';
import type { SourceFile } from './source.ts';
import { readSource, writeInPlace } from './source.ts';

/** A file beside what its rule wants. */
interface Comparison {
  readonly file: string;
  readonly source: SourceFile;
  readonly encrypted: EncryptedFile;
  readonly configuration: Configuration;
  readonly rule: CreationSettings;
  readonly threshold: number;
  /** What would change; empty when the file follows its rule. */
  readonly changes: readonly ChangeLine[];
}

/**
 * Tells on stdout what makes a file differ from its rule. Needs no private key.
 *
 * @param name - the file as the user named it
 * @returns whether it follows the rule
 * @throws SopsError
 */
export async function checkKeys(
  context: CommandContext,
  name: string,
  configured: () => Promise<Configuration>,
): Promise<boolean> {
  const { changes } = await compare(context, name, configured);
  if (changes.length === 0) return true;
  await context.output.changes([{ kind: 'file', text: `${name}:` }, ...changes]);
  return false;
}

/**
 * Gives a file the keys of its rule, when the user agrees.
 *
 * @throws SopsError
 */
export async function updateKeys(
  context: CommandContext,
  name: string,
  configured: () => Promise<Configuration>,
  environment: Environment,
): Promise<void> {
  const { output } = context;
  const comparison = await compare(context, name, configured, (file) =>
    output.progress(`Syncing keys for file ${file}`),
  );
  const { file, source, encrypted, configuration, rule, threshold, changes } = comparison;
  if (changes.length === 0) return output.progress(`File ${file} already up to date`);
  await output.data("The following changes will be made to the file's groups:\n");
  await output.changes(changes);
  if (!context.flags.get(flags.YES) && !(await isAgreed(context))) {
    return output.progress(`File ${file} left unchanged`);
  }
  await replaceKeys(encrypted, rule, threshold, environment);
  const settings = emitSettings(context, encrypted.format, configuration.config.stores);
  const result = withDumpPrefix(MARSHAL_PREFIX, () => emitEncrypted(encrypted, encrypted.format, settings));
  await writeInPlace(context, source, file, result);
  await output.progress(`File ${file} synced with new keys`);
}

async function compare(
  context: CommandContext,
  name: string,
  configured: () => Promise<Configuration>,
  onStart?: (file: string) => Promise<void>,
): Promise<Comparison> {
  const file = absolutePath(context.host.cwd, name);
  if (fileKind(file) === 'folder') throw new SopsError('generic', "can't operate on a directory");
  const configuration = await configured();
  await onStart?.(file);
  const source = await readSource(context, file);
  const encrypted = readEncrypted(source.bytes, inputFormat(context, file));
  const rule = await findRuleSettings(context, configuration, file);
  if (rule === undefined) {
    throw new SopsError('generic', `The config file ${configuration.path ?? ''} does not contain any creation rule`);
  }
  const { metadata } = encrypted;
  const threshold = chooseThreshold(encrypted, rule);
  const isSame = !haveKeysChanged(metadata.groups, rule.keyGroups) && threshold === metadata.threshold;
  const changes = isSame
    ? []
    : [...thresholdChanges(metadata.threshold, threshold), ...groupChanges(metadata.groups, rule.keyGroups)];
  return { file, source, encrypted, configuration, rule, threshold, changes };
}

/**
 * The rule's threshold, else the file's as far as the groups go. A 1 that is left over from a single group counts as none: with
 * several groups no data key can be split by it (D7).
 */
function chooseThreshold({ metadata }: EncryptedFile, { keyGroups, shamirThreshold }: CreationSettings): number {
  if (shamirThreshold !== 0) return shamirThreshold;
  const { threshold } = metadata;
  if (keyGroups.length === 1) return metadata.groups.length === 1 ? threshold : 0;
  return threshold === 1 ? keyGroups.length : Math.min(threshold, keyGroups.length);
}

function isAgreed({ host, output }: CommandContext): Promise<boolean> {
  return askYesOrNo('Is this okay? (y/n):', {
    readByte: () => host.stdin.readByte(),
    print: (text) => output.data(text),
  });
}

async function replaceKeys(
  encrypted: EncryptedFile,
  { keyGroups }: CreationSettings,
  threshold: number,
  environment: Environment,
): Promise<void> {
  const dataKey = await findDataKey(encrypted, environment);
  const { metadata } = encrypted;
  try {
    metadata.threshold = await wrapDataKey(dataKey, keyGroups, threshold, environment.services, environment.crypto);
  } catch (error) {
    throw prefixed('error updating one or more master keys: ', error, 'generic');
  }
  metadata.groups = keyGroups;
}
