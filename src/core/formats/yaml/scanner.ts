/**
 * YAML 1.1 tokens as libyaml makes them, with the changes of go.yaml.in/yaml/v3 3.0.4 (`scannerc.go`): the lookahead of two
 * tokens, and the positions of block ends that decide which block a comment belongs to.
 */
import type { Form } from '../format.ts';
import { isBlank, isBlankOrEnd, isBreak } from './characters.ts';
import type { CommentRecord } from './comment-run.ts';
import { reachableComments, scanCommentRun, scanLineComment } from './comment-run.ts';
import type { Mark } from './cursor.ts';
import { Cursor } from './cursor.ts';
import type { ScalarStyle, YamlSource } from './origin.ts';
import { scanBlock } from './scan-block.ts';
import { scanDirective } from './scan-directive.ts';
import { scanPlain } from './scan-plain.ts';
import { scanAnchor, scanTag } from './scan-properties.ts';
import { scanQuoted } from './scan-quoted.ts';
import type { SimpleKey, Token, TokenType } from './token.ts';
import { TokenQueue } from './token-queue.ts';

/** Most levels of block collections, and of flow collections. */
const MAX_DEPTH = 10_000;
/** A simple key is followed by its `:` within this many code points. */
const LONGEST_SIMPLE_KEY = 1024;

export class Scanner {
  readonly cursor: Cursor;
  /** Comments that no token has taken yet; also some that were taken, as long as one before them was not. */
  readonly records: CommentRecord[] = [];
  readonly #source: YamlSource;
  readonly #assumesMetadata: boolean;
  readonly #tokens = new TokenQueue();
  #available = false;
  #ended = false;
  #simpleKeyAllowed = true;
  /** The undecided simple key of each flow level; level 0 is the block context. */
  readonly #simpleKeys: (SimpleKey | undefined)[] = [undefined];
  #startingKey: SimpleKey | undefined;
  #indent = -1;
  readonly #indents: number[] = [];
  #rootIsMap = false;
  #assumed = false;

  constructor(source: YamlSource, form: Form) {
    this.cursor = new Cursor(source.text);
    this.#source = source;
    this.#assumesMetadata = form === 'plain';
    this.#push('stream-start', this.cursor.mark, this.cursor.index);
  }

  /** The next token. @throws FormatError */
  peek(): Token {
    if (!this.#available) this.#fetchMore();
    return this.#tokens.first as Token;
  }

  /** Drops the next token, which must have been peeked at. */
  skip(): void {
    this.#available = false;
    this.#tokens.shift();
  }

  /** Looks two tokens ahead, for comments, and past a key that is undecided. */
  #fetchMore(): void {
    for (;;) {
      const key = this.#tokens.first?.key;
      if (this.#tokens.length > 2 && (key === undefined || !this.#isValid(key))) break;
      if (this.#ended) {
        if (key !== undefined) this.#isValid(key);
        break;
      }
      this.#fetchNext();
    }
    this.#available = true;
  }

  #fetchNext(): void {
    const { cursor } = this;
    const from = cursor.index;
    this.#scanToNextToken();
    if (this.#atAssumedMetadata()) {
      this.#assumeMetadata(from);
      return;
    }
    this.#unroll(cursor.column, from);
    if (cursor.index >= cursor.length) {
      this.#fetchStreamEnd();
      return;
    }
    const { code } = cursor;
    if (cursor.atLineStart && code === 0x25) {
      this.#endDocument();
      const mark = cursor.mark;
      const directive = scanDirective(cursor);
      this.#push(directive.type, mark, directive.end, directive.value, directive.suffix);
      return;
    }
    if (cursor.atDocumentMarker()) {
      this.#endDocument();
      this.#pushIndicator(code === 0x2d ? 'document-start' : 'document-end', 3);
      return;
    }
    const last = this.#tokens.last as Token;
    const flow = this.#flow;
    const commentAt = (flow ? code === 0x2c : code === 0x3a) ? last.index : cursor.index;
    this.#fetchContent(code, flow);
    if (this.#tokens.last?.type === 'block-entry') return;
    const comment = scanLineComment(cursor, this.#source, commentAt);
    if (comment !== undefined) this.records.push(comment);
  }

  get #flow(): boolean {
    return this.#simpleKeys.length > 1;
  }

  #fetchContent(code: number, flow: boolean): void {
    const { cursor } = this;
    const next = cursor.codeAt(cursor.index + 1);
    switch (code) {
      case 0x5b:
        this.#fetchFlowStart('flow-list-start');
        return;
      case 0x7b:
        this.#fetchFlowStart('flow-map-start');
        return;
      case 0x5d:
        this.#fetchFlowEnd('flow-list-end');
        return;
      case 0x7d:
        this.#fetchFlowEnd('flow-map-end');
        return;
      case 0x2c:
        this.#dropSimpleKey();
        this.#simpleKeyAllowed = true;
        this.#pushIndicator('flow-entry', 1);
        return;
      case 0x2d:
        if (isBlankOrEnd(next)) {
          this.#fetchBlockEntry(flow);
          return;
        }
        break;
      case 0x3f:
        if (flow || isBlankOrEnd(next)) {
          this.#fetchKey(flow);
          return;
        }
        break;
      case 0x3a:
        if (flow || isBlankOrEnd(next)) {
          this.#fetchValue(flow);
          return;
        }
        break;
      case 0x2a:
      case 0x26:
        this.#fetchAnchor(code === 0x2a ? 'alias' : 'anchor');
        return;
      case 0x21:
        this.#fetchTag();
        return;
      case 0x7c:
      case 0x3e:
        if (!flow) {
          this.#fetchBlockScalar(code === 0x7c ? 'literal' : 'folded');
          return;
        }
        break;
      case 0x27:
      case 0x22:
        this.#fetchQuoted(code === 0x27 ? 'single' : 'double');
        return;
    }
    if (!this.#startsPlain(code, next, flow)) {
      throw cursor.scanError('found character that cannot start any token', cursor.mark);
    }
    this.#fetchPlain(flow);
  }

  #startsPlain(code: number, next: number, flow: boolean): boolean {
    if (code === 0x2d) return !isBlank(next);
    if (code === 0x3f || code === 0x3a) return !flow && !isBlankOrEnd(next);
    return !isBlankOrEnd(code) && !'#|>%@`'.includes(String.fromCharCode(code));
  }

  // Simple keys

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    const { cursor } = this;
    if (key.line >= cursor.line && !this.#isTooLong(key)) return true;
    if (key.required) throw cursor.scanError("could not find expected ':'", key);
    key.possible = false;
    return false;
  }

  #isTooLong(key: SimpleKey): boolean {
    const { cursor } = this;
    if (cursor.index - key.index <= LONGEST_SIMPLE_KEY) return false;
    return cursor.index - key.index > 2 * LONGEST_SIMPLE_KEY || cursor.column - key.column > LONGEST_SIMPLE_KEY;
  }

  #saveSimpleKey(): void {
    if (!this.#simpleKeyAllowed) return;
    const { cursor } = this;
    const { column } = cursor;
    this.#dropSimpleKey();
    const key: SimpleKey = {
      possible: true,
      required: !this.#flow && this.#indent === column,
      tokenNumber: this.#tokens.nextNumber,
      index: cursor.index,
      line: cursor.line,
      column,
    };
    this.#simpleKeys[this.#simpleKeys.length - 1] = key;
    this.#startingKey = key;
  }

  #dropSimpleKey(): void {
    const level = this.#simpleKeys.length - 1;
    const key = this.#simpleKeys[level];
    if (key === undefined) return;
    if (key.possible) {
      if (key.required) throw this.cursor.scanError("could not find expected ':'", key);
      key.possible = false;
    }
    this.#simpleKeys[level] = undefined;
  }

  // Tokens

  #fetchFlowStart(type: TokenType): void {
    this.#saveSimpleKey();
    this.#simpleKeys.push(undefined);
    if (this.#simpleKeys.length > MAX_DEPTH + 1) throw this.#tooDeep(this.cursor.mark);
    this.#simpleKeyAllowed = true;
    this.#pushIndicator(type, 1);
  }

  #fetchFlowEnd(type: TokenType): void {
    this.#dropSimpleKey();
    if (this.#flow) this.#simpleKeys.pop();
    this.#simpleKeyAllowed = false;
    this.#pushIndicator(type, 1);
  }

  #fetchBlockEntry(flow: boolean): void {
    if (!flow) {
      const { cursor } = this;
      if (!this.#simpleKeyAllowed) {
        throw cursor.scanError('block sequence entries are not allowed in this context', undefined);
      }
      this.#roll(cursor.mark, -1, 'block-list-start');
    }
    this.#dropSimpleKey();
    this.#simpleKeyAllowed = true;
    this.#pushIndicator('block-entry', 1);
  }

  #fetchKey(flow: boolean): void {
    if (!flow) {
      const { cursor } = this;
      if (!this.#simpleKeyAllowed) throw cursor.scanError('mapping keys are not allowed in this context', undefined);
      this.#roll(cursor.mark, -1, 'block-map-start');
    }
    this.#dropSimpleKey();
    this.#simpleKeyAllowed = !flow;
    this.#pushIndicator('key', 1);
  }

  #fetchValue(flow: boolean): void {
    const { cursor } = this;
    const key = this.#simpleKeys[this.#simpleKeys.length - 1];
    if (key !== undefined && this.#isValid(key)) {
      this.#tokens.insert(key.tokenNumber, this.#token('key', key, key.index));
      this.#roll(key, key.tokenNumber, 'block-map-start');
      key.possible = false;
      this.#simpleKeys[this.#simpleKeys.length - 1] = undefined;
      this.#simpleKeyAllowed = false;
    } else {
      if (!flow) {
        if (!this.#simpleKeyAllowed) {
          throw cursor.scanError('mapping values are not allowed in this context', undefined);
        }
        this.#roll(cursor.mark, -1, 'block-map-start');
      }
      this.#simpleKeyAllowed = !flow;
    }
    this.#pushIndicator('value', 1);
  }

  #fetchAnchor(type: 'alias' | 'anchor'): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const { cursor } = this;
    const mark = cursor.mark;
    cursor.newlines = 0;
    const name = scanAnchor(cursor);
    this.#push(type, mark, cursor.index, name);
  }

  #fetchTag(): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const { cursor } = this;
    const mark = cursor.mark;
    cursor.newlines = 0;
    const tag = scanTag(cursor);
    this.#push('tag', mark, cursor.index, tag.handle, tag.suffix);
  }

  #fetchBlockScalar(style: ScalarStyle): void {
    this.#dropSimpleKey();
    this.#simpleKeyAllowed = true;
    const { cursor } = this;
    const mark = cursor.mark;
    const scalar = scanBlock(cursor, this.#indent, () => {
      const comment = scanLineComment(cursor, this.#source, mark.index);
      if (comment !== undefined) this.records.push(comment);
    });
    this.#push('scalar', mark, scalar.end, scalar.value, '', style);
  }

  #fetchQuoted(style: ScalarStyle): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const { cursor } = this;
    const mark = cursor.mark;
    const value = scanQuoted(cursor);
    this.#push('scalar', mark, cursor.index, value, '', style);
  }

  #fetchPlain(flow: boolean): void {
    this.#saveSimpleKey();
    this.#simpleKeyAllowed = false;
    const { cursor } = this;
    const mark = cursor.mark;
    const scalar = scanPlain(cursor, this.#indent + 1, flow);
    this.#push('scalar', mark, scalar.end, scalar.value);
    if (scalar.passedBreaks) this.#simpleKeyAllowed = true;
  }

  #fetchStreamEnd(): void {
    if (!this.cursor.atLineStart) this.cursor.line++;
    this.#endDocument();
    this.#push('stream-end', this.cursor.mark, this.cursor.index);
    this.#ended = true;
  }

  #endDocument(): void {
    this.#unroll(-1, this.cursor.index);
    this.#dropSimpleKey();
    this.#simpleKeyAllowed = false;
    this.#assumed = false;
  }

  // Indentation

  #roll(mark: Mark, tokenNumber: number, type: TokenType): void {
    if (this.#flow || this.#indent >= mark.column) return;
    if (this.#indents.length === 0) this.#rootIsMap = type === 'block-map-start';
    this.#indents.push(this.#indent);
    this.#indent = mark.column;
    if (this.#indents.length > MAX_DEPTH) throw this.#tooDeep(this.#simpleKeys[this.#simpleKeys.length - 1]);
    const token = this.#token(type, mark, mark.index);
    if (tokenNumber < 0) this.#tokens.push(token);
    else this.#tokens.insert(tokenNumber, token);
  }

  #unroll(column: number, from: number): void {
    if (this.#flow || this.#indent <= column) return;
    const { cursor } = this;
    const starts = reachableComments(this.records, from - 1);
    let index = from - 1;
    while (this.#indent > column) {
      index = starts?.get(this.#indent) ?? index;
      this.#tokens.push(this.#token('block-end', { index, line: cursor.line, column: cursor.column }, index));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #tooDeep(mark: Mark | undefined): Error {
    return this.cursor.scanError(`exceeded max depth of ${String(MAX_DEPTH)}`, mark);
  }

  // Blanks and comments

  #scanToNextToken(): void {
    const { cursor } = this;
    const from = cursor.index;
    const fromLine = cursor.line;
    for (;;) {
      if (cursor.index === 1 && cursor.atLineStart && cursor.code === 0xfeff && cursor.codeAt(0) === 0xfeff)
        cursor.index++;
      const tabs = this.#flow || !this.#simpleKeyAllowed;
      while (cursor.code === 0x20 || (tabs && cursor.code === 0x09)) cursor.index++;
      this.#raiseComment();
      if (cursor.code === 0x23) this.#scanComments(from, fromLine);
      if (!isBreak(cursor.code)) break;
      cursor.skipBreak();
      if (!this.#flow) this.#simpleKeyAllowed = true;
    }
  }

  #scanComments(from: number, fromLine: number): void {
    let token = this.#tokens.last as Token;
    if (token.type === 'flow-entry') token = this.#tokens.beforeLast ?? token;
    scanCommentRun(
      this.cursor,
      this.#source,
      {
        from,
        fromLine,
        at: token.index,
        afterValue: token.type === 'value',
        level: Math.max(this.#indent, 0),
        flow: this.#flow,
        assumedColumn: this.#assumedColumn(),
      },
      this.records,
    );
  }

  /** A line comment that turns out to stand behind the first dash of a list becomes the head of what follows. */
  #raiseComment(): void {
    const record = this.records[this.records.length - 1];
    if (record === undefined || record.kind !== 'line' || record.taken) return;
    const { last, beforeLast } = this.#tokens;
    if (beforeLast?.type !== 'block-list-start' || last?.type !== 'block-entry') return;
    if (isBreak(this.cursor.code)) return;
    record.kind = 'head';
    if (record.line === this.cursor.line - 1) record.at = this.cursor.index;
  }

  // The metadata that will follow at the end of the document

  /** Column of the root map if an entry for the metadata is still to be assumed at its end, else -1. */
  #assumedColumn(): number {
    if (!this.#assumesMetadata || this.#assumed || this.#flow || !this.#rootIsMap || this.#indents.length === 0)
      return -1;
    return this.#indents[1] ?? this.#indent;
  }

  #atAssumedMetadata(): boolean {
    const { cursor } = this;
    if (this.#assumedColumn() < 0) return false;
    return cursor.index >= cursor.length || cursor.atDocumentMarker() || (cursor.atLineStart && cursor.code === 0x25);
  }

  #assumeMetadata(from: number): void {
    const column = this.#assumedColumn();
    this.#unroll(column, from);
    this.#assumed = true;
    const { index, line } = this.cursor;
    const mark = { index, line, column };
    for (const type of ['key', 'scalar', 'value', 'scalar'] as const) {
      this.#tokens.push(this.#token(type, mark, index, 'sops', '', 'plain', true));
    }
  }

  // The queue

  #token(
    type: TokenType,
    mark: Mark,
    end: number,
    value = '',
    suffix = '',
    style: ScalarStyle = 'plain',
    assumed = false,
  ): Token {
    const { index, line, column } = mark;
    return { type, index, line, column, end, value, suffix, style, indent: this.#indent, assumed, key: undefined };
  }

  #push(type: TokenType, mark: Mark, end: number, value = '', suffix = '', style: ScalarStyle = 'plain'): void {
    const token = this.#token(type, mark, end, value, suffix, style);
    token.key = this.#startingKey;
    this.#startingKey = undefined;
    this.#tokens.push(token);
  }

  #pushIndicator(type: TokenType, length: number): void {
    const { cursor } = this;
    const mark = cursor.mark;
    cursor.index += length;
    cursor.newlines = 0;
    this.#push(type, mark, cursor.index);
  }
}
