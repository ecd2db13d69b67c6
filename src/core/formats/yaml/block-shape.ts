/**
 * Block scalars: their lines from the value, and what the value does not tell as parts of a note (`notes.ts`).
 *
 * | part | meaning |
 * |---|---|
 * | `w80` | folded lines are filled with words up to 80 units of UTF-16 |
 * | `f12.40` | folds behind 12 units of the value, then 40 units behind that one |
 * | `b3.2.5.1` | blank line 3 (counted over all lines, from 0) has 2 spaces, line 5 has 1 |
 */
export interface BlockHeader {
  /** `|` or `>` with its indicators. */
  text: string;
  isFolded: boolean;
  /** The digit, 0 if there is none. */
  increment: number;
}

/** Reads the header at the start of a block scalar. */
export function blockHeader(source: string): BlockHeader | undefined {
  const match = /^([|>])(?:([1-9])[+-]?|[+-]([1-9])?)?/.exec(source);
  if (!match) return undefined;
  return { text: match[0], isFolded: match[1] === '>', increment: Number(match[2] ?? match[3] ?? 0) };
}

/** A value without the line feeds at its end, which the text below a block stands for. */
export function blockBody(value: string): string {
  let end = value.length;
  while (end > 0 && value[end - 1] === '\n') end--;
  return value.slice(0, end);
}

/**
 * The parts that make {@link blockLines} give these lines again.
 *
 * @param lines - without the block's indentation, up to the last one with text; those shorter than it hold their blanks
 * @param widths - for each line that is blank how many spaces it has, -1 for the others
 * @returns undefined where no parts can
 */
export function blockShape(
  lines: readonly string[],
  widths: readonly number[],
  isFolded: boolean,
  value: string,
): string[] | undefined {
  const body = blockBody(value);
  const blanks: number[] = [];
  for (const [index, width] of widths.entries()) if (width > 0) blanks.push(index, width);
  const blankParts = blanks.length > 0 ? [`b${blanks.join('.')}`] : [];
  if (!isFolded) return blankParts;
  const folds = findFolds(lines, body);
  if (!folds) return undefined;
  if (folds.length === 0) return blankParts;
  const width = foldedWidth(lines, body, folds);
  let position = 0;
  const steps = folds.map((at) => {
    const step = at - position;
    position = at;
    return step;
  });
  return [width === undefined ? `f${steps.join('.')}` : `w${width}`, ...blankParts];
}

function isIndentedLine(line: string): boolean {
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
    const isNormal = before !== undefined && !isIndentedLine(before) && !isIndentedLine(line);
    if (isNormal && blanks === 0) folds.push(at++);
    else at += isNormal || before === undefined ? blanks : blanks + 1;
    if (!body.startsWith(line, at)) return undefined;
    at += line.length;
    blanks = 0;
    before = line;
  }
  return at === body.length ? folds : undefined;
}

/** The width that lines were filled up to, if they were. */
function foldedWidth(lines: readonly string[], body: string, folds: readonly number[]): number | undefined {
  const width = lines.reduce((most, line) => (isIndentedLine(line) ? most : Math.max(most, line.length)), 0);
  const filled = fill(body, width);
  return filled.length === folds.length && filled.every((at, index) => at === folds[index]) ? width : undefined;
}

/** Folds that fill lines with words up to a width. */
function fill(body: string, width: number): number[] {
  const folds: number[] = [];
  let start = 0;
  for (const line of body.split('\n')) {
    if (!isIndentedLine(line)) fillLine(line, start, width, folds);
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

/**
 * The lines of a block, up to the last one with text.
 *
 * @param indent - the spaces in front of each line that is not blank
 * @returns undefined where the parts do not fit the value
 */
export function blockLines(
  value: string,
  isFolded: boolean,
  indent: string,
  parts: readonly string[],
): string[] | undefined {
  const body = blockBody(value);
  if (body === '') return undefined;
  let folds: number[] = [];
  const widths = new Map<number, number>();
  for (const part of parts) {
    const numbers = part.slice(1).split('.').map(Number);
    if (part.startsWith('b'))
      for (let i = 0; i + 1 < numbers.length; i += 2) widths.set(numbers[i] ?? 0, numbers[i + 1] ?? 0);
    else if (part.startsWith('w')) folds = fill(body, numbers[0] ?? 0);
    else if (part.startsWith('f')) folds = sums(numbers);
    else return undefined;
  }
  const lines = isFolded ? foldedLines(body, folds) : body.split('\n');
  return lines.map((line, index) =>
    line === '' ? ' '.repeat(Math.min(widths.get(index) ?? 0, indent.length)) : indent + line,
  );
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
    const isNormal = before !== undefined && !isIndentedLine(before) && !isIndentedLine(line);
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
