/**
 * The shape of a value as it is written: which of its characters are the value and what is around and between them. It is noted
 * behind a ciphertext, and holds nothing of the value.
 *
 * A shape is a list of counted letters: `v` characters of the value (without a number: all that are left), `d` a double quote,
 * `q` a single one, `g` a backquote, `b` a backslash, `s` a blank, `t` a tab, `n` a line feed, `r` a carriage return.
 * `dvd` is a value in double quotes, `4vbn2sv` one that goes on behind a backslash in the next line, indented by two.
 */

import type { Form } from '../format.ts';
import type { IniValue } from './ini-source.ts';
import { readValue } from './read-line.ts';

const LETTERS = new Map<string, string>([
  ['"', 'd'],
  ["'", 'q'],
  ['`', 'g'],
  ['\\', 'b'],
  [' ', 's'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\r', 'r'],
]);

const CHARACTERS = new Map<string, string>(Array.from(LETTERS, ([character, letter]) => [letter, character]));

/** The shape of a value in a text; undefined when there are other characters around it. */
export function shapeOf(text: string, { start, end, segments }: IniValue): string | undefined {
  const pieces: string[] = [];
  let at = start;
  for (const [index, [from, to]] of segments.entries()) {
    const around = literalShape(text.slice(at, from));
    if (around === undefined) return undefined;
    pieces.push(around, index === segments.length - 1 ? 'v' : to > from ? `${to - from}v` : '');
    at = to;
  }
  const tail = literalShape(text.slice(at, end));
  return tail === undefined ? undefined : pieces.join('') + tail;
}

function literalShape(literal: string): string | undefined {
  const pieces: string[] = [];
  for (const [run] of literal.matchAll(/(.)\1*/gs)) {
    const letter = LETTERS.get(run.slice(0, 1));
    if (letter === undefined) return undefined;
    pieces.push(run.length === 1 ? letter : `${run.length}${letter}`);
  }
  return pieces.join('');
}

/** A value in a shape; undefined when the shape does not fit. Whether it would be read as the value is not looked at. */
export function expanded(value: string, shape: string): string | undefined {
  const pieces: string[] = [];
  let at = 0;
  let read = 0;
  for (const [all, count, letter = ''] of shape.matchAll(/(\d{0,9})([vdqgbstnr])/g)) {
    read += all.length;
    if (letter === 'v') {
      const end = count === '' ? value.length : at + Number(count);
      if (end > value.length) return undefined;
      pieces.push(value.slice(at, end));
      at = end;
    } else {
      const size = count === '' ? 1 : Number(count);
      if (size > MAX_RUN) return undefined;
      pieces.push((CHARACTERS.get(letter) ?? '').repeat(size));
    }
  }
  return read === shape.length && at === value.length ? pieces.join('') : undefined;
}

/** Longer runs of one character around a value are no one's style. */
const MAX_RUN = 10_000;

/**
 * A value in a shape in which it is read as that value.
 *
 * @param rest - the comment that follows on its line, if any: it keeps a backslash from continuing the value
 */
export function shaped(value: string, shape: string, rest: string): string | undefined {
  const written = expanded(value, shape);
  return written !== undefined && readsAs(written, value, 'plain', rest) ? written : undefined;
}

/** Whether a written value is read as `value`. @param rest - what follows it on its line: nothing or a comment */
export function readsAs(written: string, value: string, form: Form, rest = ''): boolean {
  try {
    const read = readValue(`${written}${rest}\n\n`, 0, form);
    const hasComment = read.comment !== undefined;
    return read.text === value && hasComment === (rest !== '') && read.start === 0 && read.end === written.length;
  } catch {
    return false;
  }
}
