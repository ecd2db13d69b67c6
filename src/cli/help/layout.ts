/** How help texts are laid out: 80 columns, two columns of names and descriptions under headings. */
import type { Example } from '../command.ts';
import type { Flag } from '../flags/flag.ts';
import { dashed, FLAG_SECTIONS, flagNames } from '../flags/flag.ts';

/** What the program is called in its help. */
export const PROGRAM: string = 'sops-ts';

const WIDTH = 80;
const MARGIN = '  ';
/** Names longer than this stand on a line of their own. */
const LONGEST_NAME = 30;

/** Breaks a text into lines of at most `width` characters, at blanks. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Paragraphs with a blank line between them. */
export function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => wrap(text, WIDTH).join('\n')).join('\n\n');
}

/** A heading and rows of a name and its description. */
export function table(heading: string, rows: readonly (readonly [name: string, description: string])[]): string {
  const fitting = rows.map(([name]) => name.length).filter((length) => length <= LONGEST_NAME);
  const column = Math.max(...fitting, 0) + 2;
  const lines = rows.flatMap(([name, description]) => row(name, description, column));
  return [`${heading}:`, ...lines].join('\n');
}

function row(name: string, description: string, column: number): string[] {
  const indent = ' '.repeat(MARGIN.length + column);
  const [first = '', ...rest] = wrap(description, WIDTH - indent.length);
  const further = rest.map((line) => `${indent}${line}`);
  if (name.length + 2 > column) return [`${MARGIN}${name}`, `${indent}${first}`, ...further];
  return [`${MARGIN}${name.padEnd(column)}${first}`, ...further];
}

/** One table of flags for each section that has any. */
export function flagTables(flags: readonly Flag[]): string[] {
  const visible = flags.filter((flag) => flag.hidden !== true);
  return FLAG_SECTIONS.flatMap((section) => {
    const members = visible.filter((flag) => flag.section === section);
    return members.length === 0 ? [] : [flagTable(section, members)];
  });
}

/** An example as it is typed. */
export function exampleLine({ environment, command }: Example): string {
  return `${environment === undefined ? '' : `${environment} `}${PROGRAM} ${command}`;
}

/** A heading and the flags under it. */
export function flagTable(heading: string, flags: readonly Flag[]): string {
  return table(
    heading,
    flags.map((flag) => [flagLabel(flag), flagText(flag)] as const),
  );
}

/** A flag's spellings, shortest first, and what stands for its value. */
export function flagLabel(flag: Flag): string {
  const names = flagNames(flag).toSorted((a, b) => a.length - b.length);
  const [first = ''] = names;
  const label = `${first.length === 1 ? '' : '    '}${names.map(dashed).join(', ')}`;
  return flag.type === 'boolean' ? label : `${label} ${flag.placeholder}`;
}

function flagText(flag: Flag): string {
  const initial = flag.type === 'string' && flag.initial !== '' ? ` (default: ${flag.initial})` : '';
  return `${flag.description}${initial}${flag.env === undefined ? '' : ` [$${flag.env}]`}`;
}
