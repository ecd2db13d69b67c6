import { renewDataKey, sealAndEmit } from '../../core/document/file.ts';
import { SopsError } from '../../core/errors.ts';
import type { Source } from '../../core/formats/format.ts';
import { keyText } from '../../core/keys/key-types.ts';
import type { KeyGroup, MasterKey } from '../../core/keys/master-key.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { isMissing } from '../../node/files.ts';
import type { Command, CommandContext } from '../command.ts';
import type { Configuration } from '../configuration.ts';
import { findConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { readEncryptionContext } from '../encryption-settings.ts';
import { MARSHAL_PREFIX, withDumpPrefixAsync } from '../error-prefix.ts';
import { SUCCESS } from '../exit-status.ts';
import type { StringFlag } from '../flags/flag.ts';
import type { KeyFlags } from '../flags/key-flags.ts';
import { CHANGE_KEY_FLAGS, KEY_FLAGS } from '../flags/key-flags.ts';
import * as flags from '../flags/table.ts';
import { emitSettings, inputFormat, namingPath, outputFormat } from '../formats.ts';
import { openSource } from '../open-source.ts';
import { checkOutputFlags, requireFile, warnOfExtraArguments } from '../positionals.ts';
import type { SourceFile } from '../source.ts';
import { readSource, writeResult } from '../source.ts';

export const rotateCommand: Command = {
  parameters: 'file',
  description: [
    'Gives a file a new data key: every value is encrypted again, and the data key for every key of the file. Keys can be added and removed on the way; added ones go into the first key group. Rules in .sops.yaml play no part (see updatekeys for that). Without -i the result is printed.',
  ],
  examples: [
    { command: 'rotate -i secrets.yaml', description: 'a new data key' },
    { command: 'rotate -i --add-age age1... --rm-pgp 85D7... secrets.yaml', description: 'change keys too' },
  ],
  flags: [
    flags.IN_PLACE,
    flags.OUTPUT,
    flags.INPUT_TYPE,
    flags.OUTPUT_TYPE,
    flags.FILENAME_OVERRIDE,
    flags.ENCRYPTION_CONTEXT,
    ...CHANGE_KEY_FLAGS,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  async run(context) {
    const file = requireFile(context);
    await warnOfExtraArguments(context);
    checkOutputFlags(context);
    if (changesKeys(context) && isMissing(file)) {
      throw new SopsError(
        'keys-on-missing-file',
        `Error: cannot add or remove keys on non-existent file ${quoted(file)}, use the \`edit\` subcommand instead.`,
      );
    }
    const { source, result } = await rotate(context, file, await findConfiguration(context));
    await writeResult(context, source, result);
    return SUCCESS;
  },
};

/** Whether any flag adds or removes keys. */
export function changesKeys({ flags: values }: CommandContext): boolean {
  return KEY_FLAGS.some(({ add, remove }) => values.get(add) !== '' || values.get(remove) !== '');
}

/**
 * Encrypts a file again with a new data key, after its keys were added and removed.
 *
 * @throws SopsError
 */
export async function rotate(
  context: CommandContext,
  file: string,
  { config }: Configuration,
): Promise<{ source: SourceFile; result: Source }> {
  const path = namingPath(context, file);
  const target = outputFormat(context, path);
  const environment = await documentEnvironment(context);
  const added = await keysOf(context, ({ add }) => add);
  const removed = new Set((await keysOf(context, ({ remove }) => remove)).map(keyText));
  const source = await readSource(context, file);
  const opened = await openSource(context, source, inputFormat(context, path), environment);
  const { metadata } = opened;
  metadata.groups = metadata.groups.map((group, index) =>
    (index === 0 ? withKeys(group, added) : group).filter((key) => !removed.has(keyText(key))),
  );
  const renewed = await renewDataKey(opened, environment);
  const result = await withDumpPrefixAsync(MARSHAL_PREFIX, async () =>
    sealAndEmit(renewed, target, emitSettings(context, target, config.stores), environment, { isNewKey: true }),
  );
  return { source, result };
}

async function keysOf(context: CommandContext, flagOf: (flags: KeyFlags) => StringFlag): Promise<MasterKey[]> {
  const encryptionContext = await readEncryptionContext(context);
  const options = {
    encryptionContext,
    awsProfile: context.flags.get(flags.AWS_PROFILE),
    now: context.host.now(),
  };
  return KEY_FLAGS.flatMap((kind) => kind.type.parseList(context.flags.get(flagOf(kind)), options));
}

/** The group with keys added that it does not have yet (D13). */
function withKeys(group: KeyGroup, added: readonly MasterKey[]): KeyGroup {
  const nameOf = (key: MasterKey): string => `${key.type}/${keyText(key)}`;
  const known = new Set(group.map(nameOf));
  const result = [...group];
  for (const key of added) {
    if (known.has(nameOf(key))) continue;
    known.add(nameOf(key));
    result.push(key);
  }
  return result;
}
