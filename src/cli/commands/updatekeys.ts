import type { CreationSettings } from '../../core/config/creation-rule.ts';
import type { EncryptedFile, Environment } from '../../core/document/file.ts';
import { emitEncrypted, findDataKey, readEncrypted } from '../../core/document/file.ts';
import { SopsError } from '../../core/errors.ts';
import { wrapDataKey } from '../../core/keys/data-key.ts';
import { absolutePath, findFileKind } from '../../node/files.ts';
import type { Command, CommandContext } from '../command.ts';
import type { Configuration } from '../configuration.ts';
import { findConfigPath, findRuleSettings, readConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { prefixed, withDumpPrefix } from '../error-prefix.ts';
import { SUCCESS } from '../exit-status.ts';
import * as flags from '../flags/table.ts';
import { emitSettings, inputFormat } from '../formats.ts';
import { groupChanges, haveKeysChanged, thresholdChanges } from '../group-changes.ts';
import { askYesOrNo } from '../question.ts';
import { readSource, writeInPlace } from '../source.ts';

export const updatekeysCommand: Command = {
  parameters: 'file...',
  description: [
    'Makes the keys of encrypted files those of their creation rules in .sops.yaml. The data key and every value stay; only the data key is encrypted anew. What will change is shown, and asked for unless -y is given. Files that have the right keys already are left alone.',
  ],
  examples: [
    { command: 'updatekeys secrets.yaml', description: 'after a change of the rule' },
    { command: 'updatekeys -y secrets/*.yaml', description: 'many files, without questions' },
  ],
  flags: [flags.YES, flags.INPUT_TYPE, ...flags.KEYSERVICE_FLAGS],
  honours: [flags.DECRYPTION_ORDER],
  async run(context) {
    const path = await findConfigPath(context);
    if (path === undefined) throw new SopsError('generic', 'config file not found');
    let configuration: Configuration | undefined;
    // Once for all files, but not before the first of them is looked at: that is the order of the errors.
    const configured = (): Configuration => (configuration ??= readConfiguration(context, path));
    const { args, output } = context;
    if (args.length === 0) throw new SopsError('no-file', 'Error: no file specified');
    const environment = await documentEnvironment(context);
    const [only] = args;
    if (args.length === 1 && only !== undefined) {
      await updateFile(context, only, environment, configured);
      return SUCCESS;
    }
    let failures = 0;
    for (const name of args) {
      try {
        await updateFile(context, name, environment, configured);
      } catch (error) {
        if (!(error instanceof SopsError)) throw error;
        failures++;
        await output.log({ logger: 'CMD', level: 'error', message: error.message });
      }
    }
    if (failures > 0) throw new SopsError('generic', `failed updating ${failures} key(s)`);
    return SUCCESS;
  },
};

async function updateFile(
  context: CommandContext,
  name: string,
  environment: Environment,
  configured: () => Configuration,
): Promise<void> {
  const { host, output } = context;
  const file = absolutePath(host.cwd, name);
  checkFile(file);
  const configuration = configured();
  await output.progress(`Syncing keys for file ${file}`);
  const source = await readSource(context, file);
  const encrypted = readEncrypted(source.bytes, inputFormat(context, file));
  const rule = await findRuleSettings(context, configuration, file);
  if (rule === undefined) {
    throw new SopsError('generic', `The config file ${configuration.path ?? ''} does not contain any creation rule`);
  }
  const threshold = chooseThreshold(encrypted, rule);
  if (!(await isWanted(context, file, encrypted, rule, threshold))) return;
  await replaceKeys(encrypted, rule, threshold, environment);
  const settings = emitSettings(context, encrypted.format, configuration.config.stores);
  const result = withDumpPrefix('Could not marshal tree: ', () => emitEncrypted(encrypted, encrypted.format, settings));
  await writeInPlace(context, source, file, result);
  await output.progress(`File ${file} synced with new keys`);
}

function checkFile(file: string): void {
  const kind = findFileKind(file);
  if (kind === undefined) throw new SopsError('generic', `stat ${file}: no such file or directory`);
  if (kind === 'folder') throw new SopsError('generic', "can't operate on a directory");
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

/** Whether there is something to change, and the user agrees. */
async function isWanted(
  context: CommandContext,
  file: string,
  { metadata }: EncryptedFile,
  rule: CreationSettings,
  threshold: number,
): Promise<boolean> {
  const { output } = context;
  if (!haveKeysChanged(metadata.groups, rule.keyGroups) && threshold === metadata.threshold) {
    await output.progress(`File ${file} already up to date`);
    return false;
  }
  await output.data("The following changes will be made to the file's groups:\n");
  await output.changes([
    ...thresholdChanges(metadata.threshold, threshold),
    ...groupChanges(metadata.groups, rule.keyGroups),
  ]);
  if (context.flags.get(flags.YES) || (await isAgreed(context))) return true;
  await output.progress(`File ${file} left unchanged`);
  return false;
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
