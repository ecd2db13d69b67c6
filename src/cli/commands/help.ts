import type { Command, CommandEntry } from '../command.ts';
import { findCommand, isCommandGroup } from '../command.ts';
import { SUCCESS, UNKNOWN_TOPIC } from '../exit-status.ts';
import { commandHelp, programHelp } from '../help/command-help.ts';
import type { Output } from '../output.ts';

export const helpCommand: Command = {
  parameters: '[command]',
  description: ['Shows the help of the program, or of a command with all its flags.'],
  examples: [{ command: 'help groups add', description: 'the flags of a command below another one' }],
  flags: [],
  honours: [],
  run: ({ output, args, commands }) =>
    showHelp(output, args, commands, [], () => Promise.resolve(programHelp(commands))),
};

/**
 * Prints the help of the command that `topic` leads to from these commands, or `overview` where it is empty.
 *
 * @returns the exit status; 3 and a message for a word that is no command
 */
export async function showHelp(
  output: Output,
  topic: readonly string[],
  commands: readonly CommandEntry[],
  path: readonly string[],
  overview: () => Promise<string>,
): Promise<number> {
  const [name, ...rest] = topic;
  if (name === undefined) {
    await output.data(await overview());
    return SUCCESS;
  }
  const entry = findCommand(commands, name);
  if (entry === undefined) {
    return unknownTopic(output, name, commands);
  }
  const command = await entry.load();
  const here = [...path, entry.name];
  const own = (): Promise<string> => Promise.resolve(commandHelp(here, entry, command));
  return showHelp(
    output,
    isCommandGroup(command) ? rest : [],
    isCommandGroup(command) ? command.commands : [],
    here,
    own,
  );
}

/** Says that a word is no command of these. @returns the exit status */
export async function unknownTopic(output: Output, name: string, commands: readonly CommandEntry[]): Promise<number> {
  await output.note(`No help topic for '${name}'`);
  if (output.hasHints) await output.hint((await import('../hints.ts')).commandHint(name, commands));
  return UNKNOWN_TOPIC;
}
