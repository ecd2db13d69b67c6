/** The forms without a command: `-d`, `-e`, `-r`, `--set`, and edit. Upstream: `app.Action` in `main.go`. */

import type { CreationSettings } from '../../core/config/creation-rule.ts';
import { SopsError } from '../../core/errors.ts';
import type { Source } from '../../core/formats/format.ts';
import { parseDecryptionOrder } from '../../core/keys/decryption-order.ts';
import { parseEncryptionContext } from '../../core/keys/kms/kms-key-type.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { setValue } from '../../core/tree/set.ts';
import { isMissing } from '../../node/files.ts';
import { changeFile, readValuePath } from '../change-value.ts';
import type { CommandContext } from '../command.ts';
import type { Configuration } from '../configuration.ts';
import { findConfiguration, findOptionalConfiguration, findRuleSettings } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { SUCCESS } from '../exit-status.ts';
import * as flags from '../flags/table.ts';
import { namingPath } from '../formats.ts';
import { parseJsonValue } from '../json-value.ts';
import { checkExists, checkOutputFlags, requireFile, warnOfExtraArguments } from '../positionals.ts';
import type { SourceFile } from '../source.ts';
import { writeResult } from '../source.ts';

interface Modes {
  readonly encrypt: boolean;
  readonly decrypt: boolean;
  readonly rotate: boolean;
  readonly set: boolean;
}

interface Outcome {
  readonly source: SourceFile;
  readonly result: Source;
}

/** @returns the exit status */
export async function runWithoutCommand(context: CommandContext): Promise<number> {
  const file = requireFile(context);
  await warnOfExtraArguments(context);
  checkOutputFlags(context);
  const modes = modesOf(context);
  const isEdit = !Object.values(modes).includes(true);
  if (isMissing(file)) await checkMissingFile(context, file, modes);
  if (Object.values(modes).filter(Boolean).length > 1) {
    await context.output.warn(
      'More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes made by the last ' +
        'one will be visible. Note that this behavior is deprecated and will cause an error eventually.',
    );
  }
  const isPureDecrypt = modes.decrypt && !modes.encrypt && !modes.rotate && !modes.set;
  const configuration = await (isPureDecrypt ? findOptionalConfiguration(context) : findConfiguration(context));
  const rule = isPureDecrypt ? undefined : await ruleOf(context, configuration, file);
  parseDecryptionOrder(context.flags.get(flags.DECRYPTION_ORDER));
  if (isEdit) {
    const { edit } = await import('./edit.ts');
    return edit(context, file, configuration, () => Promise.resolve(rule));
  }
  const outcome = await runModes(context, file, modes, configuration, rule);
  if (outcome !== undefined) {
    await writeResult(context, outcome.source, outcome.result, { isClear: modes.decrypt });
  }
  return SUCCESS;
}

function modesOf({ flags: values }: CommandContext): Modes {
  return {
    encrypt: values.get(flags.ENCRYPT_MODE),
    decrypt: values.get(flags.DECRYPT_MODE),
    rotate: values.get(flags.ROTATE_MODE),
    set: values.get(flags.SET_MODE) !== '',
  };
}

async function checkMissingFile(context: CommandContext, file: string, modes: Modes): Promise<void> {
  const { changesKeys } = await import('./rotate.ts');
  if (changesKeys(context)) {
    throw new SopsError(
      'keys-on-missing-file',
      `Error: cannot add or remove keys on non-existent file ${quoted(file)}, use \`--kms\` and \`--pgp\` instead.`,
    );
  }
  if (modes.encrypt || modes.decrypt || modes.rotate) checkExists(file);
}

/** Unlike the commands, every form but decryption wants a rule that matches, whether it uses it or not. */
function ruleOf(
  context: CommandContext,
  configuration: Configuration,
  file: string,
): Promise<CreationSettings | undefined> {
  const encryptionContext = parseEncryptionContext(context.flags.get(flags.ENCRYPTION_CONTEXT));
  return findRuleSettings(context, configuration, namingPath(context, file), encryptionContext);
}

/**
 * Runs the modes in upstream's order, each on the file as it was. The last result counts; that of encryption may fail when
 * another mode follows, but for its keys and settings.
 */
async function runModes(
  context: CommandContext,
  file: string,
  modes: Modes,
  configuration: Configuration,
  rule: CreationSettings | undefined,
): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  let failure: SopsError | undefined;
  if (modes.encrypt) {
    const { prepareEncryption } = await import('./encrypt.ts');
    const isLast = !modes.decrypt && !modes.rotate && !modes.set;
    const encrypt = await prepareEncryption(context, file, configuration, () => Promise.resolve(rule));
    try {
      outcome = await encrypt();
    } catch (error) {
      if (isLast || !(error instanceof SopsError)) throw error;
    }
  }
  if (modes.decrypt) {
    const { decrypt } = await import('./decrypt.ts');
    try {
      outcome = await decrypt(context, file, configuration);
    } catch (error) {
      if (!(error instanceof SopsError)) throw error;
      failure = error;
    }
  }
  if (modes.rotate) {
    const { rotate } = await import('./rotate.ts');
    outcome = await rotate(context, file, configuration);
  }
  if (modes.set) {
    await setInFile(context, file, configuration);
    return undefined;
  }
  if (failure !== undefined) throw failure;
  return outcome;
}

async function setInFile(context: CommandContext, file: string, configuration: Configuration): Promise<void> {
  const text = context.flags.get(flags.SET_MODE);
  const end = text.indexOf('] ');
  if (end < 0) throw new SopsError('invalid-set', 'Invalid --set format');
  const value = parseJsonValue(text.slice(end + 2));
  const path = readValuePath(text.slice(0, end + 1), 'Invalid --set format');
  const environment = await documentEnvironment(context);
  const change = (document: Parameters<typeof setValue>[0]): boolean => {
    setValue(document, path, value);
    return true;
  };
  await changeFile(context, file, configuration, environment, change, { isChecked: true });
}
