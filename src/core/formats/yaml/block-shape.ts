/**
 * Block scalars: their header and lines from the value, and what the value does not tell as parts of a note (`notes.ts`).
 *
 * | part | meaning |
 * |---|---|
 * | `L2`, `G2` | a literal or folded block, its text 2 columns right of the collection around it |
 * | `L2k`, `L2s`, `L2c` | the same with `+`, `-` or neither, where the end of the value tells otherwise |
 * | `L2i` | with an indentation digit where it needs none, or without one where the canonical style has it |
 * | `L2r` | with `+` or `-` in front of the digit |
 * | `w80` | folded lines are filled with words up to 80 units of UTF-16 |
 * | `f12.40` | folds behind 12 units of the value, then 40 units behind that one |
 * | `b3.2.5.1` | blank line 3 (counted over all lines, from 0) has 2 spaces, line 5 has 1 |
 */
export interface BlockHeader {
  /** `|` or `>` with its indicators. */
  text: string;
  isFolded: boolean;
  /** `+`, `-` or nothing. */
  chomping: string;
  /** The digit, 0 if there is none. */
  increment: number;
}

/** Reads the header at the start of a block scalar. */
export function blockHeader(source: string): BlockHeader | undefined {
  const match = /^([|>])(?:([1-9])([+-]?)|([+-])([1-9]?))?/.exec(source);
  if (!match) return undefined;
  const [text, sign, digit, after, before, secondDigit] = match;
  return {
    text,
    isFolded: sign === '>',
    chomping: before ?? after ?? '',
    increment: Number(digit || secondDigit || 0),
  };
}

/** The header and the lines of a block. */
export interface Block {
  header: string;
  /** With their indentation. */
  lines: string[];
}

/**
 * The parts that make {@link renderBlock} give a block again.
 *
 * @param lines - as they stand in the text
 * @param indent - column of the collection around it, 0 at least
 * @returns undefined where no parts can
 */
export function blockShape(
  header: BlockHeader,
  lines: readonly string[],
  indent: number,
  value: string,
): string[] | undefined {
  const first = lines.find((line) => !isBlank(line)) ?? '';
  const margin = header.increment === 0 ? first.length - first.trimStart().length : indent + header.increment;
  const offset = (margin === 0 ? indent + 1 : margin) - indent;
  if (offset < 1) return undefined;
  const part = headerPart(header, offset, value);
  const width = indent + offset;
  const blanks: number[] = [];
  const stripped: string[] = [];
  for (const [index, line] of lines.entries()) {
    const isEmpty = line.length <= width && isBlank(line);
    if (isEmpty && line.length > 0) blanks.push(index, line.length);
    stripped.push(isEmpty ? '' : line.slice(width));
  }
  const blankParts = blanks.length > 0 ? [`b${blanks.join('.')}`] : [];
  const folds = header.isFolded ? findFolds(stripped, blockBody(value)) : [];
  if (!folds) return undefined;
  return [part, ...foldParts(stripped, blockBody(value), folds), ...blankParts];
}

function headerPart({ isFolded, chomping, increment, text }: BlockHeader, offset: number, value: string): string {
  const letters = [isFolded ? 'G' : 'L', String(offset)];
  if (chomping !== usualChomping(value)) letters.push(CHOMPING_LETTERS[chomping] ?? '');
  if (increment > 0 !== hasUsualDigit(value)) letters.push('i');
  if (/[+-]\d/.test(text)) letters.push('r');
  return letters.join('');
}

const CHOMPING_LETTERS: Readonly<Record<string, string>> = { '+': 'k', '-': 's', '': 'c' };
const CHOMPING: Readonly<Record<string, string>> = { k: '+', s: '-', c: '' };

function usualChomping(value: string): string {
  if (!value.endsWith('\n')) return '-';
  return value === '\n' || value.endsWith('\n\n') ? '+' : '';
}

function hasUsualDigit(value: string): boolean {
  return value.startsWith(' ') || value.startsWith('\n');
}

function isBlank(line: string): boolean {
  return /^ *$/.test(line);
}

/** A value without the line feeds at its end. */
function blockBody(value: string): string {
  let end = value.length;
  while (end > 0 && value[end - 1] === '\n') end--;
  return value.slice(0, end);
}

function isIndented(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t');
}

/** Where the value has a space for a line break. */
function findFolds(lines: readonly string[], body: string): number[] | undefined {
  const folds: number[] = [];
  let at = 0;
  let blanks = 0;
  let before: string | undefined;
  for (const line of lines) {
    if (line === '') {
      blanks++;
      continue;
    }
    const isNormal = before !== undefined && !isIndented(before) && !isIndented(line);
    if (isNormal && blanks === 0) folds.push(at++);
    else at += isNormal || before === undefined ? blanks : blanks + 1;
    if (!body.startsWith(line, at)) return undefined;
    at += line.length;
    blanks = 0;
    before = line;
  }
  return at === body.length ? folds : undefined;
}

function foldParts(lines: readonly string[], body: string, folds: readonly number[]): string[] {
  if (folds.length === 0) return [];
  const width = lines.reduce((most, line) => (isIndented(line) ? most : Math.max(most, line.length)), 0);
  const filled = fill(body, width);
  if (filled.length === folds.length && filled.every((at, index) => at === folds[index])) return [`w${width}`];
  let position = 0;
  const steps = folds.map((at) => {
    const step = at - position;
    position = at;
    return step;
  });
  return [`f${steps.join('.')}`];
}

/** Folds that fill lines with words up to a width. */
function fill(body: string, width: number): number[] {
  const folds: number[] = [];
  let start = 0;
  for (const line of body.split('\n')) {
    if (!isIndented(line)) fillLine(line, start, width, folds);
    start += line.length + 1;
  }
  return folds;
}

function fillLine(line: string, start: number, width: number, folds: number[]): void {
  let lineStart = 0;
  const gap = /(?<! ) (?! |$)/g;
  let match = gap.exec(line);
  while (match) {
    const following = gap.exec(line);
    if ((following?.index ?? line.length) - lineStart > width) {
      folds.push(start + match.index);
      lineStart = match.index + 1;
    }
    match = following;
  }
}

/** Keeps a forged note from asking for gigabytes of blanks. */
const WIDEST = 1000;

/**
 * Writes a value as a block.
 *
 * @param parts - the first one is that of the header
 * @param indent - column of the collection around it, 0 at least
 * @returns undefined where the parts make no sense
 */
export function renderBlock(parts: readonly string[], value: string, indent: number): Block | undefined {
  const [, sign, columns, letters = ''] = /^([LG])(\d+)([a-z]*)$/.exec(parts[0] ?? '') ?? [];
  const offset = Number(columns);
  if (sign === undefined || !(offset > 0 && offset <= WIDEST)) return undefined;
  const isFolded = sign === 'G';
  const chomping = CHOMPING[/[ksc]/.exec(letters)?.[0] ?? ''] ?? usualChomping(value);
  const hasDigit = hasUsualDigit(value) !== letters.includes('i');
  const digit = hasDigit ? String(offset) : '';
  const indicators = letters.includes('r') ? chomping + digit : digit + chomping;
  const lines = blockLines(value, isFolded, parts.slice(1), chomping === '+');
  const margin = ' '.repeat(indent + offset);
  const widths = blankWidths(parts.slice(1));
  return {
    header: (isFolded ? '>' : '|') + indicators,
    lines: lines.map((line, index) =>
      line === '' ? ' '.repeat(Math.min(widths.get(index) ?? 0, WIDEST)) : margin + line,
    ),
  };
}

function blankWidths(parts: readonly string[]): Map<number, number> {
  const widths = new Map<number, number>();
  for (const part of parts) {
    if (!part.startsWith('b')) continue;
    const numbers = part.slice(1).split('.').map(Number);
    for (let i = 0; i + 1 < numbers.length; i += 2) widths.set(numbers[i] ?? 0, numbers[i + 1] ?? 0);
  }
  return widths;
}

function blockLines(value: string, isFolded: boolean, parts: readonly string[], isKept: boolean): string[] {
  const body = blockBody(value);
  let lines: string[] = [];
  if (body !== '') lines = isFolded ? foldedLines(body, foldsOf(parts, body)) : body.split('\n');
  if (!isKept) return lines;
  const breaks = value.length - body.length - (body === '' ? 0 : 1);
  for (let i = 0; i < breaks; i++) lines.push('');
  return lines;
}

function foldsOf(parts: readonly string[], body: string): number[] {
  for (const part of parts) {
    if (part.startsWith('w')) return fill(body, Number(part.slice(1)));
    if (part.startsWith('f')) return sums(part.slice(1).split('.').map(Number));
  }
  return [];
}

function sums(steps: readonly number[]): number[] {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

function foldedLines(body: string, folds: readonly number[]): string[] {
  const lines: string[] = [];
  let fold = 0;
  let start = 0;
  let blanks = 0;
  let before: string | undefined;
  for (const line of body.split('\n')) {
    const end = start + line.length;
    if (line === '') {
      blanks++;
      start = end + 1;
      continue;
    }
    const isNormal = before !== undefined && !isIndented(before) && !isIndented(line);
    for (let i = isNormal ? -1 : 0; i < blanks; i++) lines.push('');
    let from = start;
    for (; fold < folds.length && (folds[fold] ?? 0) < end; fold++) {
      lines.push(body.slice(from, folds[fold]));
      from = (folds[fold] ?? 0) + 1;
    }
    lines.push(body.slice(from, end));
    blanks = 0;
    before = line;
    start = end + 1;
  }
  return lines;
}
