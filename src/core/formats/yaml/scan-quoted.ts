import { hexDigit, isBlank, isBreak } from './characters.ts';
import type { Cursor, Mark } from './cursor.ts';
import { foldBreaks } from './scan-plain.ts';

const SINGLE = 0x27;
const DOUBLE = 0x22;
const BACKSLASH = 0x5c;

/** What the character behind a backslash stands for; `x`, `u` and `U` are followed by digits. */
const ESCAPES: ReadonlyMap<number, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }).map(([name, value]) => [name.charCodeAt(0), value]),
);

/**
 * Scans a quoted scalar at the cursor, which stands at the opening quote, and gives its value.
 * @throws FormatError
 */
export function scanQuoted(cursor: Cursor): string {
  const { text, length } = cursor;
  const start = cursor.mark;
  const quote = cursor.code;
  let value = '';
  let segment = ++cursor.index;
  for (;;) {
    if (cursor.atDocumentMarker()) throw cursor.scanError('found unexpected document indicator', start);
    if (cursor.index >= length) throw cursor.scanError('found unexpected end of stream', start);
    const code = text.charCodeAt(cursor.index);
    if (code === quote) {
      if (quote === DOUBLE || cursor.codeAt(cursor.index + 1) !== SINGLE) break;
      value += text.slice(segment, cursor.index + 1);
      cursor.index += 2;
      segment = cursor.index;
    } else if (code === BACKSLASH && quote === DOUBLE) {
      value += text.slice(segment, cursor.index);
      value += scanEscape(cursor, start);
      segment = cursor.index;
    } else if (isBlank(code)) {
      const blanks = cursor.index;
      cursor.skipBlanks();
      if (!isBreak(cursor.code)) continue;
      value += text.slice(segment, blanks) + passBreaks(cursor, cursor.skipBreak());
      segment = cursor.index;
    } else if (isBreak(code)) {
      value += text.slice(segment, cursor.index) + passBreaks(cursor, cursor.skipBreak());
      segment = cursor.index;
    } else {
      cursor.index = passContent(cursor, quote);
    }
  }
  value += text.slice(segment, cursor.index++);
  cursor.newlines = 0;
  return value;
}

/** The end of a run of ordinary characters. */
function passContent(cursor: Cursor, quote: number): number {
  const { text, length } = cursor;
  let index = cursor.index + 1;
  for (; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || code === quote || code === BACKSLASH || code === 0x85 || code === 0x2028 || code === 0x2029)
      break;
  }
  return index;
}

/** Passes the blanks and breaks behind a first break, and gives what all of them become. */
function passBreaks(cursor: Cursor, lead: string): string {
  let trail = '';
  for (;;) {
    cursor.skipBlanks();
    if (!isBreak(cursor.code)) return foldBreaks(lead, trail);
    trail += cursor.skipBreak();
  }
}

function scanEscape(cursor: Cursor, start: Mark): string {
  const name = cursor.codeAt(cursor.index + 1);
  if (isBreak(name)) {
    cursor.index++;
    cursor.skipBreak();
    return passBreaks(cursor, '');
  }
  const value = ESCAPES.get(name);
  if (value !== undefined) {
    cursor.index += 2;
    return value;
  }
  const digits = name === 0x78 ? 2 : name === 0x75 ? 4 : name === 0x55 ? 8 : 0;
  if (digits === 0) throw cursor.scanError('found unknown escape character', start);
  cursor.index += 2;
  let code = 0;
  for (let i = 0; i < digits; i++) {
    const digit = hexDigit(cursor.codeAt(cursor.index + i));
    if (digit < 0) throw cursor.scanError('did not find expected hexdecimal number', start);
    code = code * 16 + digit;
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw cursor.scanError('found invalid Unicode character escape code', start);
  }
  cursor.index += digits;
  return String.fromCodePoint(code);
}
