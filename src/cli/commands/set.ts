import { SopsError } from '../../core/errors.ts';
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
  parameters: 'file path [value]',
  description: [
    'Sets one value of an encrypted file, in place. The path is a list of keys and list positions in brackets; what is missing on the way is made. The value is JSON. Values that did not change keep their ciphertext.',
    'A value on the command line can be seen by other users of the machine; --value-stdin and --value-file avoid that.',
  ],
  examples: [
    { command: `set secrets.yaml '["db"]["password"]' '"hunter2"'`, description: 'set a string' },
    { command: `set secrets.yaml '["hosts"][0]' '{"name": "a", "port": 80}'`, description: 'set a mapping' },
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
    const [name = '', index = ''] = checkArguments(context);
    const file = absolutePath(context.host.cwd, name);
    const configuration = await findConfiguration(context);
    const path = readValuePath(index, 'Invalid set index format');
    const value = parseJsonValue(await readValue(context));
    const environment = await documentEnvironment(context);
    const change = (document: Parameters<typeof setValue>[0]): boolean =>
      setValue(document, path, value) || !context.flags.get(flags.IDEMPOTENT);
    await changeFile(context, file, configuration, environment, change, { isChecked: true });
    return SUCCESS;
  },
};

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
  if (!isStdin && args.length !== 3) {
    throw new SopsError(
      'no-file',
      'Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.',
    );
  }
  return args;
}

async function readValue({ flags: values, args, host }: CommandContext): Promise<string> {
  if (values.get(flags.VALUE_STDIN)) return decodeText(await host.stdin.readAll());
  const [, , value = ''] = args;
  if (!values.get(flags.VALUE_FILE)) return value;
  try {
    return decodeText(readWhole(absolutePath(host.cwd, value)));
  } catch (error) {
    throw new SopsError('generic', readErrorText(value, error), { cause: error });
  }
}
