/**
 * The key and the value of an INI line. Upstream: gopkg.in/ini.v1 1.67.3, `parser.go` (`readKeyName`, `readValue`), with its quirks:
 * the last closing quote of a line counts, a backslash at the end continues a value, a comment character ends it.
 */
import { FormatError } from '../../errors.ts';
import type { Form } from '../format.ts';
import { skipGoSpace, trimGoSpace } from './go-space.ts';
import type { IniValue, ReadKey } from './ini-source.ts';
import { nextLine } from './ini-source.ts';

const NOTE = /^ ~([a-z0-9]+)(?=\s*(?:$|[#;]))/;

/** A message as upstream's, without the line that it is about (D41). */
export function loadError(reason: string, text: string, at: number): FormatError {
  let line = 1;
  for (let feed = text.indexOf('\n'); feed >= 0 && feed < at; feed = text.indexOf('\n', feed + 1)) line++;
  return new FormatError(`Could not unmarshal input data: ${reason} (line ${line})`, { line });
}

/**
 * @param start - the first character of the line that is no white space
 * @param number - what the next key `-` is called
 * @throws FormatError
 */
export function readKey(text: string, start: number, lineEnd: number, number: number): ReadKey {
  const line = text.slice(start, lineEnd);
  const quote = quoteOfKey(line);
  let name: string;
  let delimiter: number;
  if (quote === '') {
    delimiter = line.search(/[=:]/);
    if (delimiter === 0) throw loadError('empty key name', text, start);
    name = line.slice(0, Math.max(delimiter, 0));
  } else {
    const close = line.indexOf(quote, quote.length);
    if (close < 0) throw loadError('missing closing key quote', text, start);
    name = line.slice(quote.length, close);
    const behind = line.slice(close + quote.length).search(/[=:]/);
    delimiter = behind < 0 ? -1 : close + quote.length + behind;
  }
  if (delimiter < 0) throw loadError('key-value delimiter not found', text, start);
  const nameStart = skipGoSpace(name, 0, name.length);
  const key = name.slice(nameStart, trimGoSpace(name, nameStart, name.length));
  if (key === '') throw loadError('error creating new key: empty key name', text, start);
  const isNumbered = key === '-';
  return { key: isNumbered ? `#${number}` : key, isNumbered, delimiter: start + delimiter };
}

function quoteOfKey(line: string): string {
  if (line.startsWith('"""') && line.length > 6) return '"""';
  return line.startsWith('"') ? '"' : line.startsWith('`') ? '`' : '';
}

/**
 * @param at - behind the delimiter
 * @param form - `plain`: a comment character inside quotes belongs to the value (D14). `encrypted`: upstream's reading, since that
 *   is what the MAC covers
 * @throws FormatError for a quote that is not closed; in plain text also for text behind a closing quote, which upstream drops (D43)
 */
export function readValue(text: string, at: number, form: Form): IniValue {
  const lineEnd = nextLine(text, at);
  const start = skipGoSpace(text, at, lineEnd);
  if (start === lineEnd) {
    const place = emptyPlace(text, at, lineEnd);
    return plainValue(text, place, place, lineEnd);
  }
  const quote = text.startsWith('"""', start) && lineEnd - start > 3 ? '"""' : text[start] === '`' ? '`' : '';
  if (quote !== '') return readQuoted(text, start, lineEnd, quote, form);
  const end = trimGoSpace(text, start, lineEnd);
  if (text[end - 1] === '\\') return readContinued(text, start, end, lineEnd);
  return readPlain(text, start, end, lineEnd, form);
}

/** Where a value would be written that is empty now: in front of the line break. */
function emptyPlace(text: string, at: number, lineEnd: number): number {
  let place = lineEnd;
  if (place > at && text[place - 1] === '\n') place--;
  if (place > at && text[place - 1] === '\r') place--;
  return place;
}

function plainValue(text: string, start: number, end: number, lineEnd: number): IniValue {
  return {
    text: text.slice(start, end),
    start,
    end,
    segments: [[start, end]],
    note: '',
    comment: undefined,
    isCommentVisible: true,
    isOwnReading: false,
    lineEnd,
  };
}

function readQuoted(text: string, start: number, firstLineEnd: number, quote: string, form: Form): IniValue {
  const contentStart = start + quote.length;
  let lineStart = contentStart;
  let lineEnd = firstLineEnd;
  for (;;) {
    const line = text.slice(lineStart, lineEnd);
    const position = line.lastIndexOf(quote);
    const isFirst = lineStart === contentStart;
    if (position >= 0 && (isFirst || !/\\$/.test(trimEnd(line.slice(position + quote.length))))) {
      const contentEnd = lineStart + position;
      const value = plainValue(text, contentStart, contentEnd, lineEnd);
      value.start = start;
      value.end = contentEnd + quote.length;
      // Upstream looks behind the quotes for a comment only when they closed on a further line.
      return withRest(value, text, form, !isFirst);
    }
    if (lineEnd >= text.length) throw loadError('missing closing key quote', text, start);
    lineStart = lineEnd;
    lineEnd = nextLine(text, lineStart);
  }
}

function trimEnd(line: string): string {
  return line.slice(0, trimGoSpace(line, 0, line.length));
}

/** What stands behind a closing quote: a note, a comment, and nothing else. */
function withRest(value: IniValue, text: string, form: Form, isCommentVisible: boolean): IniValue {
  if (form === 'encrypted') {
    const note = NOTE.exec(text.slice(value.end, value.lineEnd));
    if (note) {
      value.note = note[1] ?? '';
      value.end += note[0].length;
    }
  }
  value.isCommentVisible = isCommentVisible;
  let start = skipGoSpace(text, value.end, value.lineEnd);
  const end = trimGoSpace(text, start, value.lineEnd);
  if (start === end) return value;
  if (!isMark(text, start)) {
    if (form === 'plain') throw loadError('text behind a closing quote', text, start);
    const mark = isCommentVisible ? text.slice(start, end).search(/[#;]/) : -1;
    if (mark < 0) return value;
    start += mark;
  }
  value.comment = { start, end };
  return value;
}

function isMark(text: string, at: number): boolean {
  return text[at] === '#' || text[at] === ';';
}

/** A value that goes on as long as its lines end in a backslash; there is no comment in it. */
function readContinued(text: string, start: number, end: number, firstLineEnd: number): IniValue {
  const segments: [number, number][] = [[start, end - 1]];
  let valueEnd = end;
  let lineEnd = firstLineEnd;
  while (lineEnd < text.length) {
    const lineStart = lineEnd;
    lineEnd = nextLine(text, lineStart);
    const from = skipGoSpace(text, lineStart, lineEnd);
    const to = trimGoSpace(text, from, lineEnd);
    if (from === to) break;
    valueEnd = to;
    const isContinued = text[to - 1] === '\\';
    segments.push([from, isContinued ? to - 1 : to]);
    if (!isContinued) break;
  }
  const value = plainValue(text, start, valueEnd, lineEnd);
  value.segments = segments;
  value.text = segments.map(([from, to]) => text.slice(from, to)).join('');
  return value;
}

function readPlain(text: string, start: number, end: number, lineEnd: number, form: Form): IniValue {
  const line = text.slice(start, end);
  const mark = line.search(/[#;]/);
  const quoted = form === 'plain' && mark > 0 ? closingQuote(line, mark) : -1;
  let valueEnd = end;
  let comment: IniValue['comment'];
  if (quoted > 0) {
    valueEnd = start + quoted + 1;
    const rest = skipGoSpace(text, valueEnd, end);
    if (rest < end) comment = { start: rest, end };
  } else if (mark >= 0) {
    comment = { start: start + mark, end };
    valueEnd = trimGoSpace(text, start, start + mark);
  }
  const value = plainValue(text, start, valueEnd, lineEnd);
  value.comment = comment;
  value.isOwnReading = quoted > 0;
  value.isCommentVisible = quoted <= 0;
  if (quoted > 0 || isSurrounded(value.text)) {
    value.segments = [[start + 1, valueEnd - 1]];
    value.text = value.text.slice(1, -1);
  }
  return value;
}

/** The position of the quote that closes a value which a comment character stands in, when nothing but a comment follows. */
function closingQuote(line: string, mark: number): number {
  const [quote] = line;
  if (quote !== '"' && quote !== "'") return -1;
  const close = line.indexOf(quote, 1);
  if (close < mark) return -1;
  const rest = skipGoSpace(line, close + 1, line.length);
  return rest === line.length || isMark(line, rest) ? close : -1;
}

/** Quotes at both ends and none in between. */
function isSurrounded(value: string): boolean {
  const [quote] = value;
  if (value.length < 2 || (quote !== '"' && quote !== "'")) return false;
  return value.indexOf(quote, 1) === value.length - 1;
}
