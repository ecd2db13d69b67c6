import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd } from './characters.ts';
import type { Cursor, Mark } from './cursor.ts';
import { scanTagHandle, scanUri, scanWord } from './scan-properties.ts';

export interface Directive {
  type: 'version-directive' | 'tag-directive';
  /** `major.minor`, or the handle. */
  value: string;
  /** The prefix that the handle stands for. */
  suffix: string;
  end: number;
}

/**
 * Scans a `%YAML` or `%TAG` directive at the cursor, up to the start of the next line. A comment behind it is passed.
 * @throws FormatError
 */
export function scanDirective(cursor: Cursor): Directive {
  const start = cursor.mark;
  cursor.newlines = 0;
  const name = scanWord(cursor, cursor.index + 1);
  if (name === '') throw cursor.scanError('could not find expected directive name', start);
  if (!isBlankOrEnd(cursor.code)) throw cursor.scanError('found unexpected non-alphabetical character', start);
  let directive: Directive;
  if (name === 'YAML') {
    cursor.skipBlanks();
    const major = scanNumber(cursor, start);
    if (cursor.code !== 0x2e) throw cursor.scanError("did not find expected digit or '.' character", start);
    cursor.index++;
    const minor = scanNumber(cursor, start);
    directive = {
      type: 'version-directive',
      value: `${String(major)}.${String(minor)}`,
      suffix: '',
      end: cursor.index,
    };
  } else if (name === 'TAG') {
    directive = scanTagDirective(cursor, start);
  } else {
    throw cursor.scanError('found unknown directive name', start);
  }
  cursor.skipBlanks();
  if (cursor.code === 0x23) while (!isBreakOrEnd(cursor.code)) cursor.index++;
  if (!isBreakOrEnd(cursor.code)) throw cursor.scanError('did not find expected comment or line break', start);
  if (isBreak(cursor.code)) cursor.skipBreak();
  return directive;
}

function scanTagDirective(cursor: Cursor, start: Mark): Directive {
  cursor.skipBlanks();
  const value = scanTagHandle(cursor, start, true);
  if (!isBlank(cursor.code)) throw cursor.scanError('did not find expected whitespace', start);
  cursor.skipBlanks();
  const suffix = scanUri(cursor, '', start);
  if (!isBlankOrEnd(cursor.code)) throw cursor.scanError('did not find expected whitespace or line break', start);
  return { type: 'tag-directive', value, suffix, end: cursor.index };
}

function scanNumber(cursor: Cursor, start: Mark): number {
  let value = 0;
  let digits = 0;
  for (; cursor.code >= 0x30 && cursor.code <= 0x39; cursor.index++) {
    if (++digits > 2) throw cursor.scanError('found extremely long version number', start);
    value = value * 10 + cursor.code - 0x30;
  }
  if (digits === 0) throw cursor.scanError('did not find expected version number', start);
  return value;
}
