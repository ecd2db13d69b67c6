import { SopsError } from '../../core/errors.ts';
import type { MapNode } from '../../core/tree/node.ts';
import { MissingKeyError, unsetValue } from '../../core/tree/unset.ts';
import { absolutePath } from '../../node/files.ts';
import { changeFile, readValuePath } from '../change-value.ts';
import type { Command } from '../command.ts';
import { findConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { SUCCESS } from '../exit-status.ts';
import * as flags from '../flags/table.ts';

export const unsetCommand: Command = {
  parameters: 'file path',
  description: ['Removes one value of an encrypted file, in place. The path is written as for set.'],
  examples: [
    { command: `unset secrets.yaml '["db"]["password"]'`, description: 'remove a key' },
    { command: `unset --idempotent secrets.yaml '["old"]'`, description: 'remove it where it is there' },
  ],
  flags: [
    flags.INPUT_TYPE,
    flags.OUTPUT_TYPE,
    flags.IDEMPOTENT,
    flags.THRESHOLD,
    flags.IGNORE_MAC,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  async run(context) {
    const [name = '', index = ''] = context.args;
    if (context.args.length !== 2) {
      throw new SopsError('no-file', 'Error: no file specified, or index is missing');
    }
    const file = absolutePath(context.host.cwd, name);
    const configuration = await findConfiguration(context);
    const path = readValuePath(index, 'Invalid unset index format');
    const environment = await documentEnvironment(context);
    const isIdempotent = context.flags.get(flags.IDEMPOTENT);
    const change = (document: MapNode): boolean => {
      try {
        unsetValue(document, path);
        return true;
      } catch (error) {
        if (isIdempotent && error instanceof MissingKeyError) return false;
        throw error;
      }
    };
    await changeFile(context, file, configuration, environment, change, { isChecked: false });
    return SUCCESS;
  },
};
