import type { Command, CommandEntry } from '../command.ts';
import { isCommandGroup } from '../command.ts';
import type { Flag } from '../flags/flag.ts';
import { dashed, flagNames } from '../flags/flag.ts';
import { COMMON_FLAGS, GLOBAL_FLAGS } from '../flags/global.ts';
import { PROGRAM_VERSION } from '../version.ts';
import { exampleLine } from './layout.ts';

interface Described {
  readonly path: readonly string[];
  readonly entry: CommandEntry;
  readonly command: Command;
}

const EXIT_STATUSES: readonly (readonly [status: number, meaning: string])[] = [
  [0, 'Success.'],
  [1, 'Any failure that has no status of its own.'],
  [2, 'The input cannot be read or parsed.'],
  [3, 'The output cannot be written; or an unknown help topic.'],
  [4, 'The result cannot be written in the format asked for.'],
  [6, 'A malformed encryption context.'],
  [7, 'A malformed path or value of set or unset.'],
  [8, 'Flags that exclude each other.'],
  [25, 'A value cannot be decrypted.'],
  [49, 'Keys were to be added to or removed from a file that does not exist.'],
  [51, 'The MAC is missing or does not match: the file was changed without sops.'],
  [91, 'A malformed path of --extract.'],
  [92, 'There is no document to encrypt.'],
  [100, 'No file was named, or it does not exist.'],
  [112, 'A key type stands twice in the decryption order.'],
  [128, 'None of your keys opens the file.'],
  [200, 'edit: nothing was changed.'],
  [201, 'edit: the editor failed or was not found.'],
  [203, 'The file is encrypted already.'],
];

/** The manual page of the program in roff, made from the same tables as help. */
export async function manualPage(commands: readonly CommandEntry[]): Promise<string> {
  const described = await describe(commands, []);
  const lines = [
    `.TH SOPS\\-TS 1 "" "sops\\-ts ${escape(PROGRAM_VERSION)}" "User Commands"`,
    '.SH NAME',
    'sops\\-ts \\- encrypt the values of structured files',
    '.SH SYNOPSIS',
    '.B sops\\-ts',
    '[\\fIflags\\fR] \\fIcommand\\fR [\\fIflags\\fR] [\\fIfile\\fR]',
    '.br',
    '.B sops\\-ts',
    '[\\fIflags\\fR] \\fIfile\\fR',
    '.SH DESCRIPTION',
    escape('Encrypts the values of YAML, JSON, dotenv, INI and binary files and leaves their keys readable.'),
    '.SH COMMANDS',
    ...described.flatMap(commandSection),
    '.SH "FLAGS BEFORE THE COMMAND, AND OF THE FORMS WITHOUT ONE"',
    `${COMMON_FLAGS.map((flag) => `\\fB${escape(dashed(flag.name))}\\fR`).join(' and ')} may stand behind every command, too.`,
    ...flagParagraphs(GLOBAL_FLAGS),
    '.SH ENVIRONMENT',
    ...variables(described),
    '.SH "EXIT STATUS"',
    ...EXIT_STATUSES.flatMap(([status, meaning]) => ['.TP', String(status), escape(meaning)]),
  ];
  return `${lines.join('\n')}\n`;
}

async function describe(entries: readonly CommandEntry[], path: readonly string[]): Promise<Described[]> {
  const described: Described[] = [];
  for (const entry of entries.filter((candidate) => candidate.hidden !== true)) {
    const command = await entry.load();
    const here = [...path, entry.name];
    if (isCommandGroup(command)) described.push(...(await describe(command.commands, here)));
    else described.push({ path: here, entry, command });
  }
  return described;
}

function commandSection({ path, entry, command }: Described): string[] {
  const usage = [...path, '[flags]', command.parameters].filter((part) => part !== '').join(' ');
  return [
    `.SS "${escape(usage)}"`,
    `${escape(entry.summary)}.`,
    ...command.description.flatMap((text) => ['.PP', escape(text)]),
    ...flagParagraphs(command.flags),
    ...command.examples.flatMap((example) => [
      '.PP',
      `Example: ${escape(example.description)}`,
      '.PP',
      '.RS',
      '.nf',
      escape(exampleLine(example)),
      '.fi',
      '.RE',
    ]),
  ];
}

function flagParagraphs(flags: readonly Flag[]): string[] {
  return flags
    .filter((flag) => flag.hidden !== true)
    .flatMap((flag) => {
      const names = flagNames(flag).map((name) => `\\fB${escape(dashed(name))}\\fR`);
      const value = flag.type === 'boolean' ? '' : ` \\fI${escape(flag.placeholder)}\\fR`;
      return ['.TP', `${names.join(', ')}${value}`, `${escape(flag.description)}.`];
    });
}

function variables(described: readonly Described[]): string[] {
  const meanings = new Map<string, string>();
  for (const flag of GLOBAL_FLAGS) {
    if (flag.env !== undefined) meanings.set(flag.env, `The default of ${dashed(flag.name)}.`);
  }
  for (const { command } of described) {
    for (const [name, meaning] of command.variables ?? []) meanings.set(name, `${meaning}.`);
  }
  return [...meanings].flatMap(([name, meaning]) => ['.TP', `\\fB${escape(name)}\\fR`, escape(meaning)]);
}

/** Text as roff takes it: no request at the start of a line, backslashes and dashes as they are. */
function escape(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replace(/^([.'])/, '\\&$1');
}
