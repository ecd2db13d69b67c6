import type { Command, CommandEntry, CommandGroup, Example } from '../command.ts';
import { COMMAND_SECTIONS, isCommandGroup } from '../command.ts';
import type { Flag } from '../flags/flag.ts';
import { COMMON_FLAGS } from '../flags/global.ts';
import * as flags from '../flags/table.ts';
import { exampleLine, flagTable, flagTables, PROGRAM, paragraphs, table } from './layout.ts';

const BEFORE_COMMANDS: readonly Flag[] = [flags.CONFIG, flags.INDENT, flags.VERBOSE, flags.VERSION, flags.HELP];

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
      { command: 'keygen -o ~/.config/sops/age/keys.txt', description: 'make a key' },
      { command: 'encrypt -i --age age1... secrets.yaml', description: 'encrypt a file for it' },
      { command: 'edit secrets.yaml', description: 'edit the values in your editor' },
      { command: `decrypt --extract '["db"]["password"]' secrets.yaml`, description: 'print one of them' },
    ]),
    flagTable('Flags before the command', BEFORE_COMMANDS),
    flagTable('Old forms without a command, which take the flags of these commands', flags.MODE_FLAGS),
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
  return [
    `Usage:\n  ${[name, '[flags]', command.parameters].filter((part) => part !== '').join(' ')}`,
    ...(command.description.length === 0 ? [] : [paragraphs(command.description)]),
    ...flagTables([...command.flags, ...COMMON_FLAGS]),
    ...(command.honours.length === 0 ? [] : [flagTable('Before the command', command.honours)]),
    ...(command.variables === undefined ? [] : [table('Environment', command.variables)]),
    ...(command.examples.length === 0 ? [] : [examples(command.examples)]),
  ];
}

function commandRows(entries: readonly CommandEntry[]): (readonly [string, string])[] {
  return entries
    .filter((entry) => entry.hidden !== true)
    .map((entry) => [[entry.name, ...(entry.aliases ?? [])].join(', '), entry.summary] as const);
}

function examples(list: readonly Example[]): string {
  const lines = list.flatMap((example) => [`  # ${example.description}`, `  ${exampleLine(example)}`]);
  return ['Examples:', ...lines].join('\n');
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
