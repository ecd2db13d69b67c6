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
  /** The text's own kind of line break. */
  readonly lineBreak: string;
  readonly edits: Edit[];
  /** Where the text will end, if its last lines are cut together with the break in front of them; else its length. */
  textEnd: number;
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

/** Whether there is nothing but spaces and tabs between two positions. */
export function isBlankBetween(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x09) return false;
  }
  return true;
}
