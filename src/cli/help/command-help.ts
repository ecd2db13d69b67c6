import type { Command, CommandEntry, CommandGroup } from '../command.ts';
import { COMMAND_SECTIONS, isCommandGroup } from '../command.ts';
import type { Flag } from '../flags/flag.ts';
import * as flags from '../flags/table.ts';
import { flagTable, flagTables, paragraphs, table } from './layout.ts';

const PROGRAM = 'sops-ts';

const BEFORE_COMMANDS: readonly Flag[] = [flags.CONFIG, flags.INDENT, flags.VERBOSE, flags.VERSION, flags.HELP];
const MODES: readonly Flag[] = [flags.DECRYPT_MODE, flags.ENCRYPT_MODE, flags.ROTATE_MODE, flags.SET_MODE];

/** The help of the whole program. */
export function programHelp(commands: readonly CommandEntry[]): string {
  const blocks = [
    `${PROGRAM}: encrypts the values of YAML, JSON, dotenv, INI and binary files and\nleaves their keys readable, in the file format of sops.`,
    `Usage:\n  ${PROGRAM} [flags] <command> [flags] [file]\n  ${PROGRAM} [flags] <file>     edit a file, or one of the old forms below`,
    ...COMMAND_SECTIONS.flatMap((section) => {
      const rows = commandRows(commands.filter((entry) => entry.section === section));
      return rows.length === 0 ? [] : [table(section, rows)];
    }),
    table('Environment', [
      ['SOPS_AGE_KEY_FILE', 'A file with age identities (default: keys.txt in the sops folder of your configuration)'],
      ['SOPS_AGE_KEY', 'The identities themselves'],
      ['SOPS_AGE_KEY_CMD', 'A command that prints them'],
      ['SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'An SSH private key to decrypt with'],
      ['SOPS_GPG_EXEC', 'The gpg program to run'],
      ['SOPS_EDITOR, EDITOR', 'The editor that edit starts'],
      ['NO_COLOR', 'Never use colours'],
    ]),
    examples([
      ['keygen -o ~/.config/sops/age/keys.txt', 'make a key'],
      ['encrypt -i --age age1... secrets.yaml', 'encrypt a file for it'],
      ['edit secrets.yaml', 'edit the values in your editor'],
      [`decrypt --extract '["db"]["password"]' secrets.yaml`, 'print one of them'],
    ]),
    flagTable('Flags before the command', BEFORE_COMMANDS),
    flagTable('Old forms without a command, which take the flags of these commands', MODES),
    `Flags of a command may stand before its name too. Run \`${PROGRAM} help <command>\`\nfor the flags of a command, \`${PROGRAM} man | man -l -\` for everything.`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The help of one command or group of commands. `path` is its name, with its group's before it. */
export function commandHelp(path: readonly string[], entry: CommandEntry, command: Command | CommandGroup): string {
  const name = [PROGRAM, ...path].join(' ');
  const title = `${name}: ${lowerFirst(entry.summary)}`;
  const blocks = isCommandGroup(command) ? groupBlocks(name, command) : commandBlocks(name, command);
  return `${[title, ...blocks].join('\n\n')}\n`;
}

function groupBlocks(name: string, group: CommandGroup): string[] {
  return [
    `Usage:\n  ${name} <command> [flags]`,
    ...(group.description.length === 0 ? [] : [paragraphs(group.description)]),
    table('Commands', commandRows(group.commands)),
    ...flagTables([flags.HELP]),
  ];
}

function commandBlocks(name: string, command: Command): string[] {
  const rows = command.examples.map((example) => [example.command, example.description] as const);
  return [
    `Usage:\n  ${[name, '[flags]', command.parameters].filter((part) => part !== '').join(' ')}`,
    ...(command.description.length === 0 ? [] : [paragraphs(command.description)]),
    ...flagTables([...command.flags, flags.HELP]),
    ...(command.honours.length === 0 ? [] : [flagTable('Before the command', command.honours)]),
    ...(command.variables === undefined ? [] : [table('Environment', command.variables)]),
    ...(rows.length === 0 ? [] : [examples(rows)]),
  ];
}

function commandRows(entries: readonly CommandEntry[]): (readonly [string, string])[] {
  return entries
    .filter((entry) => entry.hidden !== true)
    .map((entry) => [[entry.name, ...(entry.aliases ?? [])].join(', '), entry.summary] as const);
}

function examples(rows: readonly (readonly [command: string, description: string])[]): string {
  const lines = rows.flatMap(([command, description]) => [`  # ${description}`, `  ${PROGRAM} ${command}`]);
  return ['Examples:', ...lines].join('\n');
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
