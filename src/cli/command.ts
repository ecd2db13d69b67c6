import type { Flag } from './flags/flag.ts';
import type { FlagValues } from './flags/values.ts';
import type { CliHost } from './host.ts';
import type { Output } from './output.ts';

/** What a command gets. */
export interface CommandContext {
  readonly host: CliHost;
  readonly output: Output;
  /** The command's flags; those written before the command's name count as if written behind it (D20). */
  readonly flags: FlagValues;
  /** The flags before the command's name, such as `--config`. */
  readonly globals: FlagValues;
  /** The positional arguments. */
  readonly args: readonly string[];
  /** The commands beside this one, itself included. */
  readonly commands: readonly CommandEntry[];
}

export interface Example {
  /** Variables that stand before the program's name, as a shell takes them. */
  readonly environment?: string | undefined;
  /** What stands behind the program's name. */
  readonly command: string;
  readonly description: string;
}

/** A command: its flags, its help, what completion offers, and what it does. */
export interface Command {
  /** What stands behind the name in the usage line, such as `[file]`. */
  readonly parameters: string;
  /** What the command does, in paragraphs. */
  readonly description: readonly string[];
  readonly examples: readonly Example[];
  readonly flags: readonly Flag[];
  /** Flags of the program that only some commands honour, and this one does. */
  readonly honours: readonly Flag[];
  /** Environment variables besides those of the flags: name and meaning. */
  readonly variables?: readonly (readonly [name: string, meaning: string])[] | undefined;
  /**
   * @returns the exit status
   * @throws SopsError and the errors of `run.ts`, which turns them into output
   */
  run(context: CommandContext): Promise<number>;
}

/** A command's line in the registry. Its module is loaded only when it is needed. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[] | undefined;
  /** One line without a final period. */
  readonly summary: string;
  readonly section: CommandSection;
  readonly hidden?: boolean | undefined;
  load(): Promise<Command | CommandGroup>;
}

/** A command that only has commands below it. */
export interface CommandGroup {
  readonly description: readonly string[];
  readonly commands: readonly CommandEntry[];
}

export const COMMAND_SECTIONS = ['Encrypt and decrypt', 'Change a file', 'Keys', 'Use the values', 'Other'] as const;

export type CommandSection = (typeof COMMAND_SECTIONS)[number];

/** Whether a loaded command only has commands below it. */
export function isCommandGroup(command: Command | CommandGroup): command is CommandGroup {
  return 'commands' in command;
}

/** The command of a name or alias. */
export function findCommand(commands: readonly CommandEntry[], name: string): CommandEntry | undefined {
  return commands.find((entry) => entry.name === name || entry.aliases?.includes(name));
}
