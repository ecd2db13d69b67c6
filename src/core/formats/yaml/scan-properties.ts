import { hexDigit, isBlankOrEnd, isWord } from './characters.ts';
import type { Cursor, Mark } from './cursor.ts';

/**
 * Scans an anchor or alias at the cursor, which stands at its `&` or `*`, and gives its name.
 * @throws FormatError
 */
export function scanAnchor(cursor: Cursor): string {
  const start = cursor.mark;
  const name = scanWord(cursor, cursor.index + 1);
  if (name === '' || !(isBlankOrEnd(cursor.code) || '?:,]}%@`'.includes(String.fromCharCode(cursor.code)))) {
    throw cursor.scanError('did not find expected alphabetic or numeric character', start);
  }
  return name;
}

export interface Tag {
  /** `''` for a verbatim tag and for `!`, else a handle to look up. */
  handle: string;
  suffix: string;
}

/**
 * Scans a tag at the cursor, which stands at its `!`.
 * @throws FormatError
 */
export function scanTag(cursor: Cursor): Tag {
  const start = cursor.mark;
  let handle = '';
  let suffix: string;
  if (cursor.codeAt(cursor.index + 1) === 0x3c) {
    cursor.index += 2;
    suffix = scanUri(cursor, '', start);
    if (cursor.code !== 0x3e) throw cursor.scanError("did not find the expected '>'", start);
    cursor.index++;
  } else {
    handle = scanTagHandle(cursor, start, false);
    if (handle.length > 1 && handle.endsWith('!')) {
      suffix = scanUri(cursor, '', start);
    } else {
      suffix = scanUri(cursor, handle, start);
      handle = '!';
      if (suffix === '') {
        handle = '';
        suffix = '!';
      }
    }
  }
  if (!isBlankOrEnd(cursor.code)) throw cursor.scanError('did not find expected whitespace or line break', start);
  return { handle, suffix };
}

/** Scans `!`, `!!` or `!name!`, or for a tag that has no handle `!name`. */
export function scanTagHandle(cursor: Cursor, start: Mark, directive: boolean): string {
  if (cursor.code !== 0x21) throw cursor.scanError("did not find expected '!'", start);
  const name = scanWord(cursor, cursor.index + 1);
  if (cursor.code === 0x21) {
    cursor.index++;
    return `!${name}!`;
  }
  if (directive && name !== '') throw cursor.scanError("did not find expected '!'", start);
  return `!${name}`;
}

/** Scans the rest of a tag; `head` is what was read of it before, its `!` not counted. */
export function scanUri(cursor: Cursor, head: string, start: Mark): string {
  let uri = head.slice(1);
  let segment = cursor.index;
  const from = cursor.index;
  for (;;) {
    const code = cursor.code;
    if (code === 0x25) {
      uri += cursor.text.slice(segment, cursor.index);
      uri += scanUriEscape(cursor, start);
      segment = cursor.index;
    } else if (isWord(code) || (code !== 0 && ";/?:@&=+$,.!~*'()[]".includes(String.fromCharCode(code)))) {
      cursor.index++;
    } else {
      break;
    }
  }
  if (head === '' && cursor.index === from) throw cursor.scanError('did not find expected tag URI', start);
  return uri + cursor.text.slice(segment, cursor.index);
}

/** Decodes one UTF-8 character written as `%XX`, once for each byte. */
function scanUriEscape(cursor: Cursor, start: Mark): string {
  let left = 1;
  let escaped = '';
  for (let first = true; left > 0; left--) {
    const high = cursor.code === 0x25 ? hexDigit(cursor.codeAt(cursor.index + 1)) : -1;
    const low = hexDigit(cursor.codeAt(cursor.index + 2));
    if (high < 0 || low < 0) throw cursor.scanError('did not find URI escaped octet', start);
    if (first) {
      if (high === 0xf && low > 7) throw cursor.scanError('found an incorrect leading UTF-8 octet', start);
      if (high >= 8 && high < 0xc) throw cursor.scanError('found an incorrect leading UTF-8 octet', start);
      left = high < 8 ? 1 : high < 0xe ? 2 : high === 0xe ? 3 : 4;
      first = false;
    } else if (high >> 2 !== 2) {
      throw cursor.scanError('found an incorrect trailing UTF-8 octet', start);
    }
    escaped += cursor.text.slice(cursor.index, cursor.index + 3);
    cursor.index += 3;
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw cursor.scanError('found an incorrect trailing UTF-8 octet', start);
  }
}

/** Moves the cursor behind the word that begins at an index, and gives the word. */
export function scanWord(cursor: Cursor, from: number): string {
  let index = from;
  while (isWord(cursor.codeAt(index))) index++;
  cursor.index = index;
  return cursor.text.slice(from, index);
}
