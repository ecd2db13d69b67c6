import type { Form } from '../format.ts';
import { isBreak } from './characters.ts';
import type { Edit } from './edits.ts';
import type { YamlSource } from './origin.ts';

/** What everything that changes a text shares. */
export interface LayoutContext {
  readonly source: YamlSource;
  readonly form: Form;
  /** Columns of an indentation in the canonical style. */
  readonly step: number;
  /** As in `EmitOptions`. */
  readonly keepsComments: boolean;
  /** The text's own kind of line break. */
  readonly lineBreak: string;
  readonly edits: Edit[];
  /** Where the text will end, if its last lines are cut together with the break in front of them; else its length. */
  textEnd: number;
  /** Whether items came, left, or were replaced, other than the metadata. */
  isRebuilt: boolean;
  /** Whether something new comes behind that. */
  hasTail: boolean;
}

/** Index of the line break at or behind a position, or the end of the text. */
export function lineEnd(text: string, from: number): number {
  let index = from;
  while (index < text.length && !isBreak(text.charCodeAt(index))) index++;
  return index;
}

/** Index of the first character of the line that a position is on. */
export function lineStart(text: string, from: number): number {
  let index = from;
  while (index > 0 && !isBreak(text.charCodeAt(index - 1))) index--;
  return index === 0 && text.charCodeAt(0) === 0xfeff ? Math.min(1, from) : index;
}

/** Behind the line break at a position; the position itself at the end of the text. */
export function afterBreak(text: string, at: number): number {
  if (at >= text.length) return at;
  return text.charCodeAt(at) === 0x0d && text.charCodeAt(at + 1) === 0x0a ? at + 2 : at + 1;
}

/** In front of the line break that ends just before a position. */
export function beforeBreak(text: string, at: number): number {
  if (at >= 2 && text.charCodeAt(at - 1) === 0x0a && text.charCodeAt(at - 2) === 0x0d) return at - 2;
  return at > 0 && isBreak(text.charCodeAt(at - 1)) ? at - 1 : at;
}

/** Whether a position is at the start of a line. */
export function isStartOfLine(text: string, at: number): boolean {
  return at === 0 || beforeBreak(text, at) < at || (at === 1 && text.charCodeAt(0) === 0xfeff);
}

/** Whether there is nothing but spaces and tabs between two positions. */
export function isBlankBetween(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x09) return false;
  }
  return true;
}

/**
 * How deep a block of text must not stand above a line, since it would take in what follows: the column of the comment on the
 * next line that is not blank, or of the last blank of those in between. `from` is the start of a line.
 */
export function depthBelow(text: string, from: number): number {
  let depth = -1;
  for (let start = from; start < text.length; ) {
    const end = lineEnd(text, start);
    const line = text.slice(start, end);
    if (line.trim() !== '') {
      const column = line.length - line.trimStart().length;
      return line[column] === '#' ? Math.max(depth, column) : depth;
    }
    depth = Math.max(depth, line.length - 1);
    start = afterBreak(text, end);
  }
  return depth;
}
