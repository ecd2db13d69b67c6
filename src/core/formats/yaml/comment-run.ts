/**
 * Comments as the scanner meets them: `yaml_parser_scan_comments` and `yaml_parser_scan_line_comment` of
 * go.yaml.in/yaml/v3 3.0.4. Which container a comment belongs to follows from these records (see `comment-queue.ts`).
 */
import type { Comment } from '../../tree/node.ts';
import { isBlank, isBreak, isBreakOrEnd, lineBreakOf } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { CommentOrigin, YamlSource } from './origin.ts';
import type { Token } from './token.ts';

/** A comment, or undefined for empty lines between two. */
export type CommentLine = Comment | undefined;

export interface CommentRecord {
  kind: 'head' | 'foot' | 'line';
  /** The first token at or behind this index gets it. */
  at: number;
  /** Where its first comment stands. */
  readonly start: number;
  readonly line: number;
  readonly column: number;
  /** Where the search for the next token began, and where this record ended; -1 for a line comment. */
  readonly from: number;
  readonly end: number;
  readonly lines: CommentLine[];
  taken: boolean;
}

export interface RunContext {
  /** Where the search for the next token began. */
  from: number;
  fromLine: number;
  /** Column of the innermost open block, 0 if there is none. */
  level: number;
  flow: boolean;
  /** Column of a key that is assumed to follow at the end of the document, -1 if there is none. */
  assumedColumn: number;
}

/** The scanner gives up the search for more comments behind this many blanks and breaks. */
const LONGEST_SEARCH = 512;

/** Reads the comment at the cursor up to the end of its line. */
export function scanComment(cursor: Cursor, source: YamlSource): Comment {
  const { text, length } = cursor;
  const start = cursor.index;
  let end = start;
  while (end < length && !isBreak(text.charCodeAt(end))) end++;
  cursor.index = end;
  cursor.newlines = 0;
  const origin: CommentOrigin = { kind: 'comment', source, start, end, text: text.slice(start + 1, end) };
  return { kind: 'comment', text: origin.text, inline: false, origin };
}

/** Reads a comment behind a token, on the same line, as a record for the token at `at`. */
export function scanLineComment(cursor: Cursor, source: YamlSource, at: number): CommentRecord | undefined {
  if (cursor.newlines > 0) return undefined;
  let index = cursor.index;
  const limit = index + LONGEST_SEARCH;
  while (isBlank(cursor.codeAt(index))) index++;
  if (index >= limit || cursor.codeAt(index) !== 0x23) return undefined;
  cursor.index = index;
  const { line, column } = cursor;
  const lines = [scanComment(cursor, source)];
  return { kind: 'line', at, start: index, line, column, from: -1, end: -1, lines, taken: false };
}

/**
 * Reads all comments up to the next token; the cursor stands at the first one and ends behind the last one. `before` is the
 * token before (the one before that, if it is a flow entry's comma).
 */
export function scanCommentRun(
  cursor: Cursor,
  source: YamlSource,
  before: Token,
  context: RunContext,
  records: CommentRecord[],
): void {
  new CommentRun(cursor, source, before, context, records).scan();
}

class CommentRun {
  readonly #cursor: Cursor;
  readonly #source: YamlSource;
  readonly #before: Token;
  readonly #context: RunContext;
  readonly #records: CommentRecord[];
  #from: number;
  #at: number;
  #lines: CommentLine[] = [];
  #start = 0;
  #startLine = 0;
  #startColumn = 0;
  /** No empty line was met yet, and at most one line break stands before the first comment. */
  #near: boolean;
  #recentEmpty = false;
  readonly #footLine: number;

  constructor(cursor: Cursor, source: YamlSource, before: Token, context: RunContext, records: CommentRecord[]) {
    this.#cursor = cursor;
    this.#source = source;
    this.#before = before;
    this.#context = context;
    this.#records = records;
    this.#from = context.from;
    this.#at = before.index;
    this.#near = cursor.newlines <= 1;
    const below = cursor.newlines === 0 && cursor.column > 1 ? 2 : 1;
    this.#footLine = context.fromLine === 0 ? -1 : cursor.line - cursor.newlines + below;
  }

  scan(): void {
    const cursor = this.#cursor;
    const { flow } = this.#context;
    let { index, column, line } = cursor;
    let searched = 0;
    for (; searched < LONGEST_SEARCH; searched++, index++, column++) {
      const code = cursor.codeAt(index);
      if (isBlank(code)) continue;
      if (this.#atAssumedKey(index, column)) {
        if (code === 0 && this.#endsWithEmptyLine(index, column)) this.#emptyLine(index, false, false);
        this.#token(this.#context.assumedColumn, index);
        break;
      }
      const closes = flow && (code === 0x5d || code === 0x7d);
      if (closes || isBreakOrEnd(code)) {
        this.#emptyLine(index, closes, code === 0);
        if (!isBreak(code)) break;
        this.#near = false;
        this.#recentEmpty = true;
        column = -1;
        line++;
        // Upstream counts bytes here: it takes the second byte of these breaks for the next token.
        if (code >= 0x85) {
          this.#token(0, ++index);
          break;
        }
        continue;
      }
      this.#token(column, index);
      if (code !== 0x23) break;
      if (this.#lines.length === 0) {
        this.#start = index;
        this.#startLine = line;
        this.#startColumn = column;
      }
      this.#recentEmpty = false;
      this.#lines.push(this.#take(index));
      index = cursor.index;
      line = cursor.line;
      column = -1;
      searched = 0;
      // The break behind a comment is passed as one character, whatever it is: the LF of a CRLF then is an empty line.
      if (cursor.codeAt(index) >= 0x85) {
        this.#token(0, ++index);
        break;
      }
    }
    if (this.#lines.length > 0) this.#record('head', this.#start, index - 1);
  }

  /** Whether the document ends here and its metadata is assumed to follow. */
  #atAssumedKey(index: number, column: number): boolean {
    const cursor = this.#cursor;
    if (this.#context.assumedColumn < 0) return false;
    const code = cursor.codeAt(index);
    if (code === 0) return index >= cursor.length;
    return column === 0 && (code === 0x25 || cursor.isDocumentMarker(index));
  }

  /** Whether completing the last line of the text, before the metadata is added, makes an empty line. */
  #endsWithEmptyLine(index: number, column: number): boolean {
    const { text, length } = this.#cursor;
    return index > length ? lineBreakOf(text) === '\r\n' : column > 0;
  }

  #emptyLine(index: number, closes: boolean, atEnd: boolean): void {
    if (this.#recentEmpty && !closes) return;
    const { level } = this.#context;
    const belowToken = this.#startLine === this.#footLine && this.#before.type !== 'value';
    if (closes || (this.#near && (belowToken || this.#startColumn < level))) {
      if (this.#startColumn < level) this.#foot(index, this.#start);
      else this.#foot(index, this.#at);
    } else if (this.#lines.length > 0 && !atEnd) {
      this.#lines.push(undefined);
    }
  }

  /** A comment line or the next token: what came before at another column belongs to the block that ends. */
  #token(column: number, index: number): void {
    if (column < this.#context.level && column !== this.#startColumn) this.#foot(index, this.#at);
  }

  #foot(index: number, at: number): void {
    if (this.#lines.length === 0) return;
    this.#record('foot', at, index);
    this.#from = index;
    this.#at = index;
    this.#lines = [];
  }

  #record(kind: 'head' | 'foot', at: number, end: number): void {
    this.#records.push({
      kind,
      at,
      start: this.#start,
      line: this.#startLine,
      column: this.#startColumn,
      from: this.#from,
      end,
      lines: this.#lines,
      taken: false,
    });
  }

  #take(index: number): Comment {
    const cursor = this.#cursor;
    while (cursor.index < index) {
      if (isBreak(cursor.code)) cursor.skipBreak();
      else cursor.index++;
    }
    return scanComment(cursor, this.#source);
  }
}

/**
 * For each column, where the earliest comment of the last run begins in it: the end of a block of that column moves in front
 * of it. Going back from `stop`, each record must touch the next one; a line comment or one that is taken ends the run.
 */
export function reachableComments(records: readonly CommentRecord[], stop: number): Map<number, number> | undefined {
  let starts: Map<number, number> | undefined;
  let earliest = stop;
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i] as CommentRecord;
    if (record.taken || record.end < earliest) break;
    starts ??= new Map();
    starts.set(record.column, record.start);
    earliest = record.from;
  }
  return starts;
}
