import { SopsError } from '../../core/errors.ts';
import { formatOfPath } from '../../core/formats/formats.ts';
import { execWithEnvironment } from '../../node/exec.ts';
import { variablesOf } from '../../node/exec-environment.ts';
import { absolutePath } from '../../node/files.ts';
import { endLike } from '../child-end.ts';
import type { Command, CommandContext } from '../command.ts';
import { findOptionalConfiguration } from '../configuration.ts';
import { documentEnvironment } from '../document-environment.ts';
import { execUser } from '../exec-user.ts';
import * as flags from '../flags/table.ts';
import { openSource } from '../open-source.ts';
import { readSource } from '../source.ts';

export const execEnvCommand: Command = {
  parameters: 'file command',
  description: [
    'Runs a command with the values of an encrypted file in its environment. The file is flat: a name and a value for each variable. The command is one argument, a line for /bin/sh; its exit status becomes that of this program, and it gets the signals that are sent to this program.',
    'With -f, which may be given again, the arguments are a program and its arguments instead, run without a shell. Where files have the same name, the last one counts. Write -- before the program, so that its flags are its own.',
  ],
  examples: [
    { command: "exec-env secrets.env 'node server.js'", description: 'run a server with its secrets' },
    { command: 'exec-env -f base.env -f prod.env -- node server.js', description: 'several files, no shell' },
    { command: `exec-env --pristine secrets.yaml 'env'`, description: 'see nothing but the values' },
  ],
  flags: [
    flags.VALUE_FILES,
    flags.PRISTINE,
    flags.SAME_PROCESS,
    flags.USER,
    flags.BACKGROUND,
    flags.DECRYPTION_ORDER,
    ...flags.KEYSERVICE_FLAGS,
  ],
  honours: [],
  async run(context) {
    const { names, command, args } = readArguments(context);
    const { flags: values, host } = context;
    const isBackground = values.get(flags.BACKGROUND);
    const sameProcess = values.get(flags.SAME_PROCESS);
    const variables = await decryptVariables(context, names);
    if (sameProcess && host.exec.replaceProcess === undefined) await tellOfChild(context);
    const end = await execWithEnvironment(
      {
        command,
        args,
        variables,
        background: isBackground,
        pristine: values.get(flags.PRISTINE),
        sameProcess,
        user: execUser(context),
      },
      host.exec,
    );
    return endLike(context, end, { isSilent: sameProcess });
  },
};

/** Scripts compare stderr, where upstream is silent: only somebody who looks on is told. */
async function tellOfChild({ output }: CommandContext): Promise<void> {
  const message =
    'this runtime cannot replace its process, which takes Node 22.15 or later: the command runs as a child that gets the signals';
  if (output.hasHints) await output.hint(message);
  else await output.log({ logger: 'EXEC', level: 'info', message });
}

interface Arguments {
  readonly names: readonly string[];
  readonly command: string;
  /** Of a program; undefined for a line for the shell. */
  readonly args: readonly string[] | undefined;
}

function readArguments({ flags: values, args }: CommandContext): Arguments {
  const names = values.get(flags.VALUE_FILES);
  if (names.length > 0) {
    const [command, ...rest] = args;
    if (command === undefined) throw new SopsError('generic', 'error: missing program to run');
    return { names, command, args: rest };
  }
  const [name, command, ...rest] = args;
  if (name === undefined || command === undefined || rest.length > 0) {
    throw new SopsError('generic', 'error: missing file to decrypt');
  }
  return { names: [name], command, args: undefined };
}

async function decryptVariables(context: CommandContext, names: readonly string[]): Promise<[string, string][]> {
  await findOptionalConfiguration(context);
  const environment = await documentEnvironment(context);
  await checkBackground(context);
  const variables: [string, string][] = [];
  for (const name of names) {
    const source = await readSource(context, absolutePath(context.host.cwd, name), name);
    const { tree } = await openSource(context, source, formatOfPath(name), environment);
    const [document] = tree.documents;
    for (const variable of document === undefined ? [] : variablesOf(document)) variables.push(variable);
  }
  return variables;
}

async function checkBackground({ flags: values, output }: CommandContext): Promise<void> {
  if (!values.get(flags.BACKGROUND)) return;
  await output.warn("exec-env's --background option is deprecated and will be removed in a future version of sops");
  if (!values.get(flags.SAME_PROCESS)) return;
  throw new SopsError('conflicting-parameters', 'Error: The --same-process flag cannot be used with --background');
}
