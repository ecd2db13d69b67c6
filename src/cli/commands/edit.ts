import type { CreationSettings } from '../../core/config/creation-rule.ts';
import { startNewFile } from '../../core/document/edit.ts';
import type { Environment, OpenFile } from '../../core/document/file.ts';
import { openFile, readEncrypted } from '../../core/document/file.ts';
import { prefixed } from '../../core/errors.ts';
import { findFileKind } from '../../node/files.ts';
import type { Command, CommandContext } from '../command.ts';
import type { Configuration } from '../configuration.ts';
import { findConfiguration, findOptionalConfiguration, findRuleSettings } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { runSession } from '../edit/session.ts';
import { encryptionSettings } from '../encryption-settings.ts';
import { MARSHAL_PREFIX, withDumpPrefix } from '../error-prefix.ts';
import { SUCCESS } from '../exit-status.ts';
import { USE_KEY_FLAGS } from '../flags/key-flags.ts';
import * as flags from '../flags/table.ts';
import { emitSettings, inputFormat, namingPath, outputFormat } from '../formats.ts';
import { requireFile, warnOfExtraArguments } from '../positionals.ts';
import { readSource } from '../source.ts';

export const editCommand: Command = {
  parameters: 'file',
  description: [
    'Opens the decrypted file in an editor and encrypts it again when the editor ends. Values that did not change keep their ciphertext, and the layout is the one that the editor leaves. A file that does not exist starts with an example; the flags for keys and for what to encrypt count for it alone.',
    'The clear text is in a folder that only its owner can read, in memory where the system allows it, and goes when the command ends. A text that cannot be saved goes back to the editor; without a terminal it is kept, encrypted, beside the file.',
  ],
  examples: [
    { command: 'edit secrets.yaml', description: 'edit a file, or make one by the rules in .sops.yaml' },
    {
      environment: "SOPS_EDITOR='code --wait'",
      command: 'edit secrets.yaml',
      description: 'with another editor',
    },
  ],
  flags: [
    flags.INPUT_TYPE,
    flags.OUTPUT_TYPE,
    flags.SHOW_MASTER_KEYS,
    ...USE_KEY_FLAGS,
    flags.AWS_PROFILE,
    flags.ENCRYPTION_CONTEXT,
    flags.THRESHOLD,
    ...flags.SELECTION_FLAGS,
    flags.MAC_ONLY_ENCRYPTED,
    flags.IGNORE_MAC,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  variables: [
    ['SOPS_EDITOR', 'The editor, with its arguments as a shell would split them'],
    ['EDITOR', 'The editor where SOPS_EDITOR is not set; without either vim, nano or vi'],
  ],
  async run(context) {
    const file = requireFile(context);
    await warnOfExtraArguments(context);
    // A file that is there needs no rules.
    const configuration = await (findFileKind(file) === undefined ? findConfiguration : findOptionalConfiguration)(
      context,
    );
    return edit(context, file, configuration, () => findRuleSettings(context, configuration, file));
  },
};

/**
 * Edits a file, or makes one.
 *
 * @param findSettings - gives what the creation rule for a new file says
 * @returns the exit status
 * @throws SopsError
 */
export async function edit(
  context: CommandContext,
  file: string,
  { config }: Configuration,
  findSettings: () => Promise<CreationSettings | undefined>,
): Promise<number> {
  const path = namingPath(context, file);
  const target = outputFormat(context, path);
  const environment = await documentEnvironment(context);
  const isNew = findFileKind(file) === undefined;
  const { opened, bytes } = isNew
    ? { opened: await startFile(context, path, environment, findSettings), bytes: 'absent' as const }
    : await openExisting(context, file, path, environment);
  const options = {
    ...withDumpPrefix(MARSHAL_PREFIX, () => emitSettings(context, target, config.stores)),
    outputFormat: target,
    showMetadata: context.flags.get(flags.SHOW_MASTER_KEYS),
    environment,
  };
  await runSession(context, { path: file, expected: bytes, opened, options });
  return SUCCESS;
}

async function startFile(
  context: CommandContext,
  path: string,
  environment: Environment,
  findSettings: () => Promise<CreationSettings | undefined>,
): Promise<OpenFile> {
  const format = inputFormat(context, path);
  const settings = await encryptionSettings(context, format, await findSettings());
  try {
    return await startNewFile(format, settings, environment);
  } catch (error) {
    throw prefixed('Error encrypting the data key with one or more master keys: ', error, 'no-data-key');
  }
}

async function openExisting(
  context: CommandContext,
  file: string,
  path: string,
  environment: Environment,
): Promise<{ opened: OpenFile; bytes: Uint8Array }> {
  const { bytes } = await readSource(context, file);
  const encrypted = readEncrypted(bytes, inputFormat(context, path));
  return { opened: await openFile(encrypted, environment, { ignoreMac: context.flags.get(flags.IGNORE_MAC) }), bytes };
}
