import type { CreationSettings } from '../../core/config/creation-rule.ts';
import { encryptText } from '../../core/document/encrypt-text.ts';
import type { EncryptionSettings } from '../../core/document/file.ts';
import { SopsError } from '../../core/errors.ts';
import type { Source } from '../../core/formats/format.ts';
import { absolutePath } from '../../node/files.ts';
import type { Command, CommandContext } from '../command.ts';
import type { Configuration } from '../configuration.ts';
import { findConfiguration, findRuleSettings } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { encryptionSettings } from '../encryption-settings.ts';
import { MARSHAL_PREFIX, withDumpPrefixAsync } from '../error-prefix.ts';
import { SUCCESS } from '../exit-status.ts';
import { USE_KEY_FLAGS } from '../flags/key-flags.ts';
import * as flags from '../flags/table.ts';
import { emitSettings, inputFormat, namingPath, outputFormat } from '../formats.ts';
import { checkExists, checkOutputFlags, warnOfExtraArguments } from '../positionals.ts';
import type { SourceFile } from '../source.ts';
import { readSource, writeResult } from '../source.ts';

export const encryptCommand: Command = {
  parameters: '[file]',
  description: [
    'Encrypts the values of a file with a new data key and prints the result. The keys to encrypt for come from the flags, from their environment variables, or from the first rule in .sops.yaml that matches the file. Without a file it reads stdin; then --filename-override is needed.',
  ],
  examples: [
    { command: 'encrypt -i secrets.yaml', description: 'encrypt a file by the rules in .sops.yaml' },
    { command: 'encrypt --age age1... secrets.yaml > s.enc.yaml', description: 'encrypt for a recipient' },
    {
      command: "encrypt -i --encrypted-regex '^(data|stringData)$' secret.yaml",
      description: 'encrypt only some values, here of a Kubernetes Secret',
    },
    { command: 'encrypt --filename-override s.yaml < plain.yaml', description: 'read stdin as YAML' },
  ],
  flags: [
    flags.IN_PLACE,
    flags.OUTPUT,
    flags.INPUT_TYPE,
    flags.OUTPUT_TYPE,
    flags.FILENAME_OVERRIDE,
    ...USE_KEY_FLAGS,
    flags.AWS_PROFILE,
    flags.ENCRYPTION_CONTEXT,
    flags.THRESHOLD,
    ...flags.SELECTION_FLAGS,
    flags.MAC_ONLY_ENCRYPTED,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  async run(context) {
    const [name] = context.args;
    if (name === undefined) checkStdinFlags(context);
    await warnOfExtraArguments(context);
    checkOutputFlags(context);
    const file = name === undefined ? undefined : absolutePath(context.host.cwd, name);
    if (file !== undefined) checkExists(file);
    const path = namingPath(context, file);
    const configuration = await findConfiguration(context);
    const { source, result } = await encrypt(context, file, configuration, () =>
      findRuleSettings(context, configuration, path),
    );
    await writeResult(context, source, result);
    return SUCCESS;
  },
};

/**
 * Encrypts a file, or stdin. Keys and configuration are looked at before the file is read.
 *
 * @param findSettings - gives what the creation rule says
 * @throws SopsError
 */
export async function encrypt(
  context: CommandContext,
  file: string | undefined,
  configuration: Configuration,
  findSettings: () => Promise<CreationSettings | undefined>,
): Promise<{ source: SourceFile; result: Source }> {
  return (await prepareEncryption(context, file, configuration, findSettings))();
}

/**
 * Looks at keys and configuration.
 *
 * @returns what then reads and encrypts the file
 * @throws SopsError
 */
export async function prepareEncryption(
  context: CommandContext,
  file: string | undefined,
  configuration: Configuration,
  findSettings: () => Promise<CreationSettings | undefined>,
): Promise<() => Promise<{ source: SourceFile; result: Source }>> {
  const path = namingPath(context, file);
  const format = inputFormat(context, path);
  const target = outputFormat(context, path);
  const environment = await documentEnvironment(context, { isDecrypting: false });
  const settings: EncryptionSettings = await encryptionSettings(context, format, await findSettings());
  return async () => {
    const source = await readSource(context, file);
    const result = await withDumpPrefixAsync(MARSHAL_PREFIX, async () =>
      encryptText(source.bytes, {
        format,
        outputFormat: target,
        settings,
        environment,
        ...emitSettings(context, target, configuration.config.stores),
      }),
    );
    return { source, result };
  };
}

function checkStdinFlags({ flags: values }: CommandContext): void {
  if (values.get(flags.IN_PLACE)) {
    throw new SopsError('conflicting-parameters', 'Error: cannot use --in-place when reading from stdin');
  }
  if (values.get(flags.FILENAME_OVERRIDE) === '') {
    throw new SopsError('conflicting-parameters', 'Error: must specify --filename-override when reading from stdin');
  }
}
