import { isBlank, isBlankOrEnd, isBreak, isFlowIndicator } from './characters.ts';
import type { Cursor, Mark } from './cursor.ts';

export interface PlainScalar {
  value: string;
  /** Behind the last character of the value; the cursor may be further, behind blanks and breaks. */
  end: number;
  /** Whether line breaks were passed behind it. */
  passedBreaks: boolean;
}

/**
 * Scans a plain scalar at the cursor. `indent` is the least column that continues it in a block.
 * @throws FormatError
 */
export function scanPlain(cursor: Cursor, indent: number, flow: boolean): PlainScalar {
  const start = cursor.mark;
  let value = '';
  let segment = cursor.index;
  let end = cursor.index;
  let fold: string | undefined;
  while (!cursor.atDocumentMarker() && cursor.code !== 0x23) {
    const lineStart = cursor.index;
    const lineEnd = passLine(cursor, flow);
    if (lineEnd > lineStart) {
      if (fold !== undefined) {
        value += cursor.text.slice(segment, end) + fold;
        segment = lineStart;
        fold = undefined;
      }
      end = lineEnd;
      cursor.newlines = 0;
    }
    if (!isBreak(cursor.code)) break;
    fold = passBreaks(cursor, indent, start);
    if (!flow && cursor.column < indent) break;
  }
  return { value: value + cursor.text.slice(segment, end), end, passedBreaks: fold !== undefined };
}

/** Moves the cursor past what belongs to the scalar on this line and the blanks behind it; gives the end without those. */
function passLine(cursor: Cursor, flow: boolean): number {
  const { text, length } = cursor;
  let index = cursor.index;
  let end = index;
  for (; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || code === 0x09) continue;
    if (code < 0x20 || code === 0x85 || code === 0x2028 || code === 0x2029) break;
    if (code === 0x3a && isBlankOrEnd(cursor.codeAt(index + 1))) break;
    if (code === 0x23 && end < index) break;
    if (flow && isFlowIndicator(code)) break;
    end = index + 1;
  }
  cursor.index = index;
  return end;
}

/** Passes line breaks and the blanks behind them, and gives what they fold to. */
function passBreaks(cursor: Cursor, indent: number, start: Mark): string {
  const lead = cursor.skipBreak();
  let trail = '';
  for (;;) {
    const code = cursor.code;
    if (isBreak(code)) {
      trail += cursor.skipBreak();
    } else if (isBlank(code)) {
      if (code === 0x09 && cursor.column < indent) {
        throw cursor.scanError('found a tab character that violates indentation', start);
      }
      cursor.index++;
    } else {
      return foldBreaks(lead, trail);
    }
  }
}

/** What the first line break and the ones behind it become inside a flow scalar. */
export function foldBreaks(lead: string, trail: string): string {
  if (lead !== '\n') return lead + trail;
  return trail === '' ? ' ' : trail;
}
