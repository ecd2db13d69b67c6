import { SopsError } from '../../core/errors.ts';
import type { KeyPath } from '../../core/tree/key-path.ts';
import type { MapNode, Node } from '../../core/tree/node.ts';
import { setValue } from '../../core/tree/set.ts';
import { decodeText } from '../../core/tree/utf8.ts';
import { absolutePath, readErrorText, readWhole } from '../../node/files.ts';
import { changeFile, readValuePath } from '../change-value.ts';
import type { Command, CommandContext } from '../command.ts';
import { findConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { SUCCESS } from '../exit-status.ts';
import * as flags from '../flags/table.ts';
import { parseJsonValue } from '../json-value.ts';

export const setCommand: Command = {
  parameters: 'file path [value] [path value]...',
  description: [
    'Sets values of an encrypted file, in place: all of those that are given, or none. A path is a list of keys and list positions in brackets; what is missing on the way is made. A value is JSON. Values that did not change keep their ciphertext.',
    'A value on the command line can be seen by other users of the machine; --value-stdin and --value-file avoid that.',
  ],
  examples: [
    { command: `set secrets.yaml '["db"]["password"]' '"hunter2"'`, description: 'set a string' },
    { command: `set secrets.yaml '["hosts"][0]' '{"name": "a", "port": 80}'`, description: 'set a mapping' },
    { command: `set s.yaml '["user"]' '"ann"' '["port"]' 5432`, description: 'set several values' },
    { command: `set --value-stdin secrets.yaml '["token"]' < token.json`, description: 'read the value' },
  ],
  flags: [
    flags.INPUT_TYPE,
    flags.OUTPUT_TYPE,
    flags.VALUE_FILE,
    flags.VALUE_STDIN,
    flags.IDEMPOTENT,
    flags.THRESHOLD,
    flags.IGNORE_MAC,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  async run(context) {
    const [name = '', ...words] = checkArguments(context);
    const file = absolutePath(context.host.cwd, name);
    const configuration = await findConfiguration(context);
    const settings = await readSettings(context, words);
    const environment = await documentEnvironment(context);
    const change = (document: MapNode): boolean => {
      const changes = settings.map(({ path, value }) => setValue(document, path, value));
      return changes.includes(true) || !context.flags.get(flags.IDEMPOTENT);
    };
    await changeFile(context, file, configuration, environment, change, { isChecked: true });
    return SUCCESS;
  },
};

interface Setting {
  readonly path: KeyPath;
  readonly value: Node;
}

function checkArguments({ flags: values, args }: CommandContext): readonly string[] {
  const isStdin = values.get(flags.VALUE_STDIN);
  if (isStdin && values.get(flags.VALUE_FILE)) {
    throw new SopsError('generic', 'Error: cannot use both --value-file and --value-stdin');
  }
  if (isStdin && args.length !== 2) {
    throw new SopsError(
      'no-file',
      'Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --value-stdin is used.',
    );
  }
  // A file, and pairs of a path and a value.
  if (!isStdin && (args.length < 3 || args.length % 2 === 0)) {
    throw new SopsError(
      'no-file',
      'Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.',
    );
  }
  return args;
}

/** The paths are read first, all of them: that is the order of the errors. */
async function readSettings(context: CommandContext, words: readonly string[]): Promise<Setting[]> {
  const isPath = (_word: string, position: number): boolean => position % 2 === 0;
  const paths = words.filter(isPath).map((word) => readValuePath(word, 'Invalid set index format'));
  const values = words.filter((_word, position) => position % 2 === 1);
  const settings: Setting[] = [];
  for (const [position, path] of paths.entries()) {
    settings.push({ path, value: parseJsonValue(await readValue(context, values[position])) });
  }
  return settings;
}

async function readValue({ flags: values, host }: CommandContext, word = ''): Promise<string> {
  if (values.get(flags.VALUE_STDIN)) return decodeText(await host.stdin.readAll());
  if (!values.get(flags.VALUE_FILE)) return word;
  try {
    return decodeText(readWhole(absolutePath(host.cwd, word)));
  } catch (error) {
    throw new SopsError('generic', readErrorText(word, error), { cause: error });
  }
}
