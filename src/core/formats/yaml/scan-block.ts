import { isBlank, isBreak, isBreakOrEnd } from './characters.ts';
import type { Cursor, Mark } from './cursor.ts';

export interface BlockScalar {
  value: string;
  /** Before the line break of its last line; with `+` that may be a blank one. */
  end: number;
}

interface Breaks {
  text: string;
  /** Index of the last break among them. */
  last: number;
}

/**
 * Scans a literal or folded scalar at the cursor. `parentIndent` is the column of the block around, -1 if there is none;
 * `atHeaderComment` is called at the `#` of a comment on the header line.
 * @throws FormatError
 */
export function scanBlock(cursor: Cursor, parentIndent: number, atHeaderComment: () => void): BlockScalar {
  const { text } = cursor;
  const start = cursor.mark;
  const folded = cursor.code === 0x3e;
  cursor.index++;
  cursor.newlines = 0;
  const { chomping, increment } = scanHeader(cursor, start, atHeaderComment);
  let end = cursor.index;
  if (isBreak(cursor.code)) cursor.skipBreak();

  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  let breaks = scanBreaks(cursor, indent, start);
  if (indent === 0) indent = Math.max(breaks.deepest, parentIndent + 1, 1);
  let value = '';
  let lead = '';
  let afterBlank = false;
  while (cursor.index < cursor.length && cursor.column === indent) {
    const lineStart = cursor.index;
    const blank = isBlank(cursor.code);
    if (folded && !afterBlank && !blank && lead === '\n') {
      value += breaks.text === '' ? ' ' : breaks.text;
    } else {
      value += lead + breaks.text;
    }
    afterBlank = blank;
    passLine(cursor);
    value += text.slice(lineStart, cursor.index);
    end = cursor.index;
    lead = isBreak(cursor.code) ? cursor.skipBreak() : '';
    breaks = scanBreaks(cursor, indent, start);
  }
  if (chomping !== -1) value += lead;
  if (chomping === 1) {
    value += breaks.text;
    if (breaks.last >= 0) end = breaks.last;
  }
  return { value, end };
}

function scanHeader(cursor: Cursor, start: Mark, atComment: () => void): { chomping: number; increment: number } {
  let chomping = 0;
  let increment = 0;
  for (let i = 0; i < 2; i++) {
    const code = cursor.code;
    if (chomping === 0 && (code === 0x2b || code === 0x2d)) {
      chomping = code === 0x2b ? 1 : -1;
    } else if (increment === 0 && code >= 0x30 && code <= 0x39) {
      if (code === 0x30) throw cursor.scanError('found an indentation indicator equal to 0', start);
      increment = code - 0x30;
    } else {
      break;
    }
    cursor.index++;
  }
  cursor.skipBlanks();
  if (cursor.code === 0x23) atComment();
  if (!isBreakOrEnd(cursor.code)) throw cursor.scanError('did not find expected comment or line break', start);
  return { chomping, increment };
}

/** Moves the cursor to the end of the line. */
function passLine(cursor: Cursor): void {
  const { text, length } = cursor;
  let index = cursor.index;
  let blank = true;
  for (; index < length; index++) {
    const code = text.charCodeAt(index);
    if (isBreak(code)) break;
    blank &&= isBlank(code);
  }
  if (!blank) cursor.newlines = 0;
  cursor.index = index;
}

/** Passes indentation and empty lines. `indent` 0 means that it is not known yet: `deepest` then tells it. */
function scanBreaks(cursor: Cursor, indent: number, start: Mark): Breaks & { deepest: number } {
  let text = '';
  let last = -1;
  let deepest = 0;
  for (;;) {
    const left = indent === 0 ? Infinity : indent - cursor.column;
    const lineStart = cursor.index;
    while (cursor.code === 0x20 && cursor.index - lineStart < left) cursor.index++;
    const column = cursor.column;
    deepest = Math.max(deepest, column);
    if (cursor.code === 0x09 && (indent === 0 || column < indent)) {
      throw cursor.scanError('found a tab character where an indentation space is expected', start);
    }
    if (!isBreak(cursor.code)) return { text, last, deepest };
    last = cursor.index;
    text += cursor.skipBreak();
  }
}
