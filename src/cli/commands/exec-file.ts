import { SopsError } from '../../core/errors.ts';
import { encodeText } from '../../core/tree/utf8.ts';
import { execWithFile } from '../../node/exec.ts';
import { absolutePath } from '../../node/files.ts';
import { endLike } from '../child-end.ts';
import type { Command } from '../command.ts';
import { findOptionalConfiguration } from '../configuration.ts';
import { execUser } from '../exec-user.ts';
import * as flags from '../flags/table.ts';
import { decrypt } from './decrypt.ts';

export const execFileCommand: Command = {
  parameters: 'file command',
  description: [
    'Runs a command that reads the decrypted file from a path: each {} in the command stands for it. By default the path is a named pipe, which can be read once and never touches a disk. The command is one argument, a line for /bin/sh; its exit status becomes that of this program, and it gets the signals that are sent to this program.',
  ],
  examples: [
    { command: `exec-file secrets.json 'deploy --config {}'`, description: 'pass a file in clear' },
    { command: `exec-file --no-fifo --filename app.env s.env 'run {}'`, description: 'to a picky program' },
  ],
  flags: [
    flags.INPUT_TYPE,
    flags.OUTPUT_TYPE,
    flags.NO_FIFO,
    flags.TEMPORARY_NAME,
    flags.USER,
    flags.BACKGROUND,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [flags.INDENT],
  async run(context) {
    const [name, command, ...rest] = context.args;
    if (name === undefined || command === undefined || rest.length > 0) {
      throw new SopsError('generic', 'error: missing file to decrypt');
    }
    const { flags: values, host, output } = context;
    const file = absolutePath(host.cwd, name);
    const { result } = await decrypt(context, file, await findOptionalConfiguration(context), name);
    const background = values.get(flags.BACKGROUND);
    if (background) {
      await output.warn(
        "exec-file's --background option is deprecated and will be removed in a future version of sops",
      );
    }
    const end = await execWithFile(
      {
        command,
        content: typeof result === 'string' ? encodeText(result) : result,
        background,
        regularFile: values.get(flags.NO_FIFO),
        filename: values.get(flags.TEMPORARY_NAME),
        user: execUser(context),
      },
      host.exec,
    );
    return endLike(context, end);
  },
};
