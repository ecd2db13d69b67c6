import { SopsError } from '../../core/errors.ts';
import { formatOfPath } from '../../core/formats/formats.ts';
import { execWithEnvironment } from '../../node/exec.ts';
import { variablesOf } from '../../node/exec-environment.ts';
import { absolutePath } from '../../node/files.ts';
import { endLike } from '../child-end.ts';
import type { Command, CommandContext } from '../command.ts';
import { findOptionalConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import * as flags from '../flags/table.ts';
import { openSource } from '../open-source.ts';
import { readSource } from '../source.ts';

export const execEnvCommand: Command = {
  parameters: 'file command',
  description: [
    'Runs a command with the values of an encrypted file in its environment. The file is flat: a name and a value for each variable. The command is one argument, a line for /bin/sh; its exit status becomes that of this program.',
  ],
  examples: [
    { command: "exec-env secrets.env 'node server.js'", description: 'run a server with its secrets' },
    { command: `exec-env --pristine secrets.yaml 'env'`, description: 'see nothing but the values' },
  ],
  flags: [
    flags.PRISTINE,
    flags.SAME_PROCESS,
    flags.USER,
    flags.BACKGROUND,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [],
  async run(context) {
    const [name, command, ...rest] = context.args;
    if (name === undefined || command === undefined || rest.length > 0) {
      throw new SopsError('generic', 'error: missing file to decrypt');
    }
    const { flags: values, host } = context;
    const isBackground = values.get(flags.BACKGROUND);
    const sameProcess = values.get(flags.SAME_PROCESS);
    const variables = await decryptVariables(context, name);
    const end = await execWithEnvironment(
      {
        command,
        variables,
        background: isBackground,
        pristine: values.get(flags.PRISTINE),
        sameProcess,
        user: values.get(flags.USER),
      },
      host.exec,
    );
    return endLike(context, end, { isSilent: sameProcess });
  },
};

async function decryptVariables(context: CommandContext, name: string): Promise<[string, string][]> {
  const file = absolutePath(context.host.cwd, name);
  await findOptionalConfiguration(context);
  const environment = await documentEnvironment(context);
  await checkBackground(context);
  const source = await readSource(context, file);
  const { tree } = await openSource(context, source, formatOfPath(name), environment);
  const [document] = tree.documents;
  return document === undefined ? [] : variablesOf(document);
}

async function checkBackground({ flags: values, output }: CommandContext): Promise<void> {
  if (!values.get(flags.BACKGROUND)) return;
  await output.warn("exec-env's --background option is deprecated and will be removed in a future version of sops");
  if (!values.get(flags.SAME_PROCESS)) return;
  throw new SopsError('conflicting-parameters', 'Error: The --same-process flag cannot be used with --background');
}
