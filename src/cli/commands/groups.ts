import type { EncryptedFile, Environment } from '../../core/document/file.ts';
import { emitEncrypted, findDataKey, readEncrypted } from '../../core/document/file.ts';
import { prefixed, SopsError } from '../../core/errors.ts';
import { wrapDataKey } from '../../core/keys/data-key.ts';
import type { KeyGroup } from '../../core/keys/master-key.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { KeyRecoveryError } from '../../core/keys/recovery-error.ts';
import { absolutePath, readInput } from '../../node/files.ts';
import type { Command, CommandContext, CommandGroup } from '../command.ts';
import { findConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { readEncryptionContext } from '../encryption-settings.ts';
import { SUCCESS } from '../exit-status.ts';
import { GROUP_KEY_FLAGS, KEY_FLAGS } from '../flags/key-flags.ts';
import * as flags from '../flags/table.ts';
import { emitSettings, outputFormat } from '../formats.ts';
import { FatalError } from '../output.ts';
import { writeResult } from '../source.ts';

const MAX_INDEX = 0xffffffff;

const addCommand: Command = {
  parameters: '',
  description: [
    'Adds a key group to an encrypted file. With several groups the data key is split into parts, one for each group; as many as the threshold are needed to decrypt (all of them, when there is none). Without -i the result is printed.',
  ],
  examples: [
    {
      command: 'groups add -i -f secrets.yaml --age age1... --pgp 85D7...',
      description: 'a second group; from now on both are needed',
    },
  ],
  flags: [
    flags.GROUP_FILE,
    flags.IN_PLACE,
    ...GROUP_KEY_FLAGS,
    flags.AWS_PROFILE,
    flags.ENCRYPTION_CONTEXT,
    flags.THRESHOLD,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  async run(context) {
    if (context.args.length > 0) throw new SopsError('generic', 'error: no positional arguments allowed');
    const group = await newGroup(context);
    return changeGroups(context, (groups) => [...groups, group]);
  },
};

const deleteCommand: Command = {
  parameters: 'index',
  description: [
    'Removes a key group from an encrypted file; the first one has the index 0. The data key is split anew for the groups that stay. Without -i the result is printed.',
  ],
  examples: [{ command: 'groups delete -i -f secrets.yaml 1', description: 'remove the second group' }],
  flags: [flags.GROUP_FILE, flags.IN_PLACE, flags.THRESHOLD, ...flags.KEYSERVICE_FLAGS],
  honours: [flags.INDENT],
  async run(context) {
    const [text, ...rest] = context.args;
    if (text === undefined || rest.length > 0) {
      throw new SopsError('generic', 'error: exactly one positional argument (index) required');
    }
    const index = parseIndex(text);
    return changeGroups(context, (groups) => withoutGroup(groups, index));
  },
};

export const groupsCommands: CommandGroup = {
  description: [
    'Changes the key groups of an encrypted file. When a file has several, keys of more than one group are needed to decrypt it (Shamir secret sharing).',
  ],
  commands: [
    {
      name: 'add',
      summary: 'Add a key group to a file',
      section: 'Keys',
      load: () => Promise.resolve(addCommand),
    },
    {
      name: 'delete',
      summary: 'Remove a key group from a file',
      section: 'Keys',
      load: () => Promise.resolve(deleteCommand),
    },
  ],
};

/** Keys that do not parse are errors (upstream leaves them out, D5). @throws SopsError `invalid-key`, `generic` */
async function newGroup(context: CommandContext): Promise<KeyGroup> {
  const { flags: values, host } = context;
  const options = {
    encryptionContext: await readEncryptionContext(context),
    awsProfile: values.get(flags.AWS_PROFILE),
    now: host.now(),
  };
  const group = KEY_FLAGS.flatMap(({ type, group: flag }) =>
    values.get(flag).flatMap((text) => type.parseList(text, options)),
  );
  if (group.length > 0) return group;
  throw new SopsError('generic', 'Error: the new group has no keys', {
    hint: 'name one with --age or another key flag',
  });
}

function withoutGroup(groups: readonly KeyGroup[], index: number): KeyGroup[] {
  if (index >= groups.length) {
    throw new SopsError('generic', `there is no key group ${index}: the file has ${groups.length}, the first one is 0`);
  }
  if (groups.length === 1) {
    throw new SopsError('generic', 'removing the only key group would leave a file that nobody can decrypt');
  }
  return groups.filter((_group, position) => position !== index);
}

/** Upstream's errors here carry no exit status, so that they are fatal log lines, but for a file that cannot be read. */
async function changeGroups(
  context: CommandContext,
  change: (groups: readonly KeyGroup[]) => KeyGroup[],
): Promise<number> {
  const { flags: values, host } = context;
  const name = values.get(flags.GROUP_FILE);
  const file = absolutePath(host.cwd, name);
  const { config } = await findConfiguration(context);
  const format = outputFormat(context, name);
  const environment = await documentEnvironment(context);
  const source = { file, bytes: readInput(file, name) };
  const result = await fatally(async () => {
    const encrypted = readEncrypted(source.bytes, format);
    await rewrap(encrypted, environment, values.get(flags.THRESHOLD), change);
    return emitEncrypted(encrypted, format, emitSettings(context, format, config.stores));
  });
  await writeResult(context, source, result);
  return SUCCESS;
}

async function rewrap(
  { metadata, ...rest }: EncryptedFile,
  environment: Environment,
  newThreshold: number,
  change: (groups: readonly KeyGroup[]) => KeyGroup[],
): Promise<void> {
  const dataKey = await findDataKey({ metadata, ...rest }, environment);
  const groups = change(metadata.groups);
  const threshold = newThreshold === 0 ? metadata.threshold : newThreshold;
  if (groups.length < metadata.groups.length && groups.length < threshold) {
    throw new SopsError(
      'generic',
      'removing this key group will make the Shamir threshold impossible to satisfy: ' +
        `Shamir threshold is ${threshold}, but we only have ${groups.length} key groups`,
    );
  }
  try {
    metadata.threshold = await wrapDataKey(dataKey, groups, threshold, environment.services, environment.crypto);
  } catch (error) {
    throw prefixed('could not encrypt the data key: ', error);
  }
  metadata.groups = groups;
}

async function fatally<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof KeyRecoveryError) throw new FatalError(error.summary);
    throw error instanceof SopsError ? new FatalError(error.message, 'CMD', error.hint) : error;
  }
}

/** Upstream: Go's `strconv.ParseUint(text, 10, 32)`. */
function parseIndex(text: string): number {
  const failed = (reason: string): FatalError =>
    new FatalError(`failed to parse [index] argument: strconv.ParseUint: parsing ${quoted(text)}: ${reason}`);
  if (!/^\d+$/.test(text)) throw failed('invalid syntax');
  if (Number(text) > MAX_INDEX) throw failed('value out of range');
  return Number(text);
}
