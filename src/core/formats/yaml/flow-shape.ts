/**
 * Line breaks and escapes of plain and quoted scalars: what a source text has beyond its value, as parts of a note
 * (`notes.ts`). Each part but `w` begins with the number of UTF-16 units of the value since the part before it.
 *
 * | part | meaning |
 * |---|---|
 * | `12f4` | a line break and 4 spaces; as many breaks as the value's space or line feeds need |
 * | `12F1.0.2.4` | the same with blanks: 1 space before the break, blank lines of 0 and 2, then 4 |
 * | `12k4` | an escaped line break and 4 spaces |
 * | `12K0.2.4` | an escaped line break, blank lines of 0 and 2, which are line feeds of the value, then 4 spaces |
 * | `12x`, `12u`, `12U` | an escape with hexadecimal digits; `y`, `v`, `V`: with small letters |
 * | `12n3` | an escape by name, see {@link NAMES} |
 * | `12r` | a character as it is, where it would be escaped |
 * | `w60.72.4` | lines filled with words up to 60 (the first) and 72 units, the following ones indented by 4 |
 */
import { doubleQuoted } from './scalar-text.ts';

export type FlowStyle = 'plain' | 'single' | 'double';

const NAMES = '0abtnvfre "\'\\N_LP\t';
const NAMED = '\0\x07\b\t\n\v\f\r\x1b "\'\\\x85\xa0\u2028\u2029\t';
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

interface Special {
  /** Index into the value. */
  at: number;
  /** UTF-16 units of the value that it stands for. */
  length: number;
  code: string;
}

/**
 * The parts that make {@link renderFlow} give `source` again.
 *
 * @param source - the scalar with its quotes
 * @returns undefined where no parts can
 */
export function flowShape(source: string, style: FlowStyle, value: string, lineBreak: string): string[] | undefined {
  const specials = findSpecials(source, style, value);
  if (!specials) return undefined;
  for (const parts of [filledShape(source, specials, value), listedShape(specials)]) {
    if (parts && renderFlow(parts, style, value, lineBreak) === source) return parts;
  }
  return undefined;
}

function listedShape(specials: readonly Special[]): string[] {
  let position = 0;
  return specials.map(({ at, length, code }) => {
    const count = at - position;
    position = at + length;
    return `${count === 0 ? '' : count}${code}`;
  });
}

/** The shape as a width that lines are filled up to, if that could be. */
function filledShape(source: string, specials: readonly Special[], value: string): string[] | undefined {
  if (specials.length === 0 || specials.some(({ code }) => code[0] !== 'f')) return undefined;
  const indent = specials[0]?.code.slice(1) ?? '';
  const starts = [0, ...specials.map(({ at, length }) => at + length)];
  const ends = [...specials.map(({ at }) => at), value.length];
  const widths = starts.map((start, index) => (ends[index] ?? start) - start);
  const [first = 0, ...rest] = widths;
  return source.includes('\t') ? undefined : [`w${first}.${Math.max(...reduceLarge(rest))}.${indent}`];
}

/** Spreading a long list into a call overflows the stack. */
function reduceLarge(numbers: readonly number[]): number[] {
  return [numbers.reduce((most, number) => Math.max(most, number), 0)];
}

function findSpecials(source: string, style: FlowStyle, value: string): Special[] | undefined {
  const specials: Special[] = [];
  const end = style === 'plain' ? source.length : source.length - 1;
  let at = 0;
  for (let index = style === 'plain' ? 0 : 1; index < end; ) {
    const special = specialAt(source, index, end, style, value, at);
    if (special) {
      specials.push({ at, length: special.length, code: special.code });
      index += special.width;
      at += special.length;
      continue;
    }
    const [text, length] = defaultText(value, at, style);
    if (length === 0 || !source.startsWith(text, index)) return undefined;
    index += text.length;
    at += length;
  }
  return at === value.length ? specials : undefined;
}

/** What stands for the value's next character where nothing is said. */
function defaultText(value: string, at: number, style: FlowStyle): [string, number] {
  const point = value.codePointAt(at);
  if (point === undefined) return ['', 0];
  const character = String.fromCodePoint(point);
  if (style === 'single' && character === "'") return ["''", 1];
  return [style === 'double' ? escaped(character, value) : character, character.length];
}

function escaped(character: string, value: string): string {
  // A text that starts with a byte order mark is escaped as a whole.
  if (value.startsWith('\ufeff')) return doubleQuoted(`\ufeff${character}`).slice(7, -1);
  return /[ !#-[\]-~]/.test(character) ? character : doubleQuoted(character).slice(1, -1);
}

interface Found {
  width: number;
  length: number;
  code: string;
}

function specialAt(
  source: string,
  index: number,
  end: number,
  style: FlowStyle,
  value: string,
  at: number,
): Found | undefined {
  const code = source.charCodeAt(index);
  if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) {
    const fold = foldAt(source, index, value, at);
    if (fold) return fold;
  }
  if (style !== 'double') return undefined;
  if (code === 0x5c) return escapeAt(source, index, value, at);
  const [text, length] = defaultText(value, at, style);
  if (length > 0 && text.startsWith('\\') && source.startsWith(value.slice(at, at + length), index) && index < end) {
    return { width: length, length, code: 'r' };
  }
  return undefined;
}

const FOLD = /([ \t]*)(?:\r\n|[\r\n])((?:[ \t]*(?:\r\n|[\r\n]))*)( *)/y;

function foldAt(source: string, index: number, value: string, at: number): Found | undefined {
  FOLD.lastIndex = index;
  const match = FOLD.exec(source);
  if (!match) return undefined;
  const [whole, trail = '', blanks = '', indent = ''] = match;
  if (trail.includes('\t') || blanks.includes('\t')) return undefined;
  const widths = widthsOf(blanks);
  const folded = widths.length === 0 ? ' ' : '\n'.repeat(widths.length);
  if (!value.startsWith(folded, at)) return undefined;
  const isSimple = trail === '' && widths.every((width) => width === 0) && value[at + folded.length] !== '\n';
  const code = isSimple ? `f${indent.length}` : `F${[trail.length, ...widths, indent.length].join('.')}`;
  return { width: whole.length, length: folded.length, code };
}

function escapeAt(source: string, index: number, value: string, at: number): Found | undefined {
  const [text] = defaultText(value, at, 'double');
  if (text.length > 1 && source.startsWith(text, index)) return undefined;
  const name = source[index + 1] ?? '';
  if (name === '\n' || name === '\r') return escapedFoldAt(source, index, value, at);
  const digits = HEX_DIGITS[name];
  if (digits !== undefined) {
    const hex = source.slice(index + 2, index + 2 + digits);
    const length = Number.parseInt(hex, 16) > 0xffff ? 2 : 1;
    const isSmall = /[a-f]/.test(hex);
    return { width: 2 + digits, length, code: isSmall ? (SMALL_NAMES[name] ?? '') : name };
  }
  return { width: 2, length: 1, code: `n${NAMES.indexOf(name)}` };
}

function escapedFoldAt(source: string, index: number, value: string, at: number): Found | undefined {
  FOLD.lastIndex = index + 1;
  const [whole = '', , blanks = '', indent = ''] = FOLD.exec(source) ?? [];
  const widths = widthsOf(blanks);
  if (blanks.includes('\t') || !value.startsWith('\n'.repeat(widths.length), at)) return undefined;
  const code = widths.length === 0 ? `k${indent.length}` : `K${[...widths, indent.length].join('.')}`;
  return { width: 1 + whole.length, length: widths.length, code };
}

/** How wide blank lines are. */
function widthsOf(blanks: string): number[] {
  return blanks
    .split(/\r\n|[\r\n]/)
    .slice(0, -1)
    .map((line) => line.length);
}

const SMALL_NAMES: Readonly<Record<string, string>> = { x: 'y', u: 'v', U: 'V' };
const CAPITAL_NAMES: Readonly<Record<string, string>> = { y: 'x', v: 'u', V: 'U' };

/**
 * Writes a value in a style with a shape.
 *
 * @returns undefined where the parts do not fit the value
 */
export function renderFlow(
  parts: readonly string[],
  style: FlowStyle,
  value: string,
  lineBreak: string,
): string | undefined {
  const fill = /^w(\d+)\.(\d+)\.(\d+)$/.exec(parts[0] ?? '');
  const listed = fill ? filledParts(value, fill.slice(1).map(Number), style) : parts;
  const pieces: string[] = [];
  let at = 0;
  for (const part of listed) {
    const match = /^(\d*)([A-Za-z])([\d.]*)$/.exec(part);
    if (!match) return undefined;
    const until = at + Number(match[1]);
    if (until > value.length) return undefined;
    at = pushDefault(pieces, value, at, until, style);
    const rendered = renderSpecial(match[2] ?? '', (match[3] ?? '').split('.').map(Number), value, at, lineBreak);
    if (!rendered) return undefined;
    pieces.push(rendered.text);
    at += rendered.length;
  }
  pushDefault(pieces, value, at, value.length, style);
  const inner = pieces.join('');
  if (style === 'plain') return inner;
  return style === 'single' ? `'${inner}'` : `"${inner}"`;
}

function pushDefault(pieces: string[], value: string, from: number, until: number, style: FlowStyle): number {
  let at = from;
  while (at < until) {
    const [text, length] = defaultText(value, at, style);
    pieces.push(text);
    at += length;
  }
  return at;
}

function renderSpecial(
  letter: string,
  numbers: readonly number[],
  value: string,
  at: number,
  lineBreak: string,
): { text: string; length: number } | undefined {
  const [first = 0] = numbers;
  switch (letter) {
    case 'f':
    case 'F': {
      const trail = letter === 'F' ? first : 0;
      const widths = letter === 'F' ? numbers.slice(1, -1) : new Array<number>(lineFeedsAt(value, at)).fill(0);
      if (tooLarge(numbers)) return undefined;
      const text = ' '.repeat(trail) + lineBreak + blankLines(widths, lineBreak) + ' '.repeat(numbers.at(-1) ?? 0);
      return { text, length: Math.max(widths.length, 1) };
    }
    case 'k':
    case 'K': {
      if (tooLarge(numbers)) return undefined;
      const widths = numbers.slice(0, -1);
      const text = `\\${lineBreak}${blankLines(widths, lineBreak)}${' '.repeat(numbers.at(-1) ?? 0)}`;
      return { text, length: widths.length };
    }
    case 'r': {
      const character = String.fromCodePoint(value.codePointAt(at) ?? 0x20);
      return { text: character, length: character.length };
    }
    case 'n':
      return NAMED[first] === value[at] ? { text: `\\${NAMES[first]}`, length: 1 } : undefined;
    default:
      return renderHex(letter, value, at);
  }
}

function blankLines(widths: readonly number[], lineBreak: string): string {
  return widths.map((width) => ' '.repeat(width) + lineBreak).join('');
}

/** Keeps a forged note from asking for gigabytes of blanks. */
function tooLarge(numbers: readonly number[]): boolean {
  return numbers.some((number) => !(number <= 10_000));
}

function renderHex(letter: string, value: string, at: number): { text: string; length: number } | undefined {
  const name = CAPITAL_NAMES[letter] ?? letter;
  const digits = HEX_DIGITS[name];
  const point = value.codePointAt(at);
  if (digits === undefined || point === undefined) return undefined;
  const hex = point.toString(16).padStart(digits, '0');
  if (hex.length > digits) return undefined;
  return { text: `\\${name}${name === letter ? hex.toUpperCase() : hex}`, length: point > 0xffff ? 2 : 1 };
}

function lineFeedsAt(value: string, at: number): number {
  let end = at;
  while (value[end] === '\n') end++;
  return end - at;
}

/** The folds of lines that are filled with words up to a width. */
function filledParts(value: string, [first = 0, rest = 0, indent = 0]: readonly number[], style: FlowStyle): string[] {
  const parts: string[] = [];
  let position = 0;
  let lineStart = 0;
  const fold = (at: number, length: number): void => {
    parts.push(`${at - position}f${indent}`);
    position = lineStart = at + length;
  };
  for (const { at, length, next } of gaps(value, style)) {
    if (value[at] === '\n') fold(at, length);
    else if (next - lineStart > (parts.length === 0 ? first : rest)) fold(at, length);
  }
  return parts;
}

/** The blanks that may become a line break, with where the word behind each ends. */
function* gaps(value: string, style: FlowStyle): Generator<{ at: number; length: number; next: number }> {
  const gap = style === 'double' ? / (?=[^ \n]|$)/g : /\n+| (?=[^ \n])/g;
  let match = gap.exec(value);
  while (match) {
    const following = gap.exec(value);
    if (value[match.index - 1] !== ' ' || match[0] !== ' ') {
      yield { at: match.index, length: match[0].length, next: following?.index ?? value.length };
    }
    match = following;
  }
}
