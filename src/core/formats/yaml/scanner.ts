/**
 * YAML 1.1 tokens as libyaml makes them, with the changes of go.yaml.in/yaml/v3 3.0.4 (`scannerc.go`): the lookahead of two
 * tokens, and the positions of block ends that decide which block a comment belongs to.
 */
import type { Form } from '../format.ts';
import { BlockStack } from './block-stack.ts';
import { isBreak } from './characters.ts';
import type { CommentRecord } from './comment-run.ts';
import { CommentScanner } from './comment-scanner.ts';
import { ContentScanner } from './content-scanner.ts';
import { Cursor } from './cursor.ts';
import type { YamlSource } from './origin.ts';
import { scanDirective } from './scan-directive.ts';
import { SimpleKeys } from './simple-keys.ts';
import type { Token } from './token.ts';
import { createAssumedToken, createToken } from './token.ts';
import { TokenQueue } from './token-queue.ts';

export class Scanner {
  readonly cursor: Cursor;
  readonly #tokens = new TokenQueue();
  readonly #keys: SimpleKeys;
  readonly #blocks: BlockStack;
  readonly #comments: CommentScanner;
  readonly #content: ContentScanner;
  readonly #assumesMetadata: boolean;
  /** Whether the metadata entry of this document was assumed already. */
  #assumed = false;
  #available = false;
  #ended = false;

  constructor(source: YamlSource, form: Form) {
    const cursor = new Cursor(source.text);
    this.cursor = cursor;
    this.#keys = new SimpleKeys(cursor);
    this.#blocks = new BlockStack(cursor, this.#tokens);
    this.#comments = new CommentScanner(cursor, source, this.#tokens);
    this.#content = new ContentScanner(cursor, this.#tokens, this.#keys, this.#blocks, this.#comments);
    this.#assumesMetadata = form === 'plain';
    this.#tokens.push(createToken('stream-start', cursor.mark, cursor.index));
  }

  /** Comments that no token has taken yet; also some that were taken, as long as one before them was not. */
  get comments(): CommentRecord[] {
    return this.#comments.records;
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
      if (this.#tokens.length > 2 && (key === undefined || !this.#keys.isPossible(key))) break;
      if (this.#ended) {
        if (key !== undefined) this.#keys.isPossible(key);
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
    this.#closeBlocks(cursor.column, from);
    if (cursor.index >= cursor.length) this.#fetchStreamEnd();
    else if (this.#atDirective) this.#fetchDirective();
    else if (cursor.atDocumentMarker()) this.#fetchDocumentMarker();
    else this.#fetchContent();
  }

  /** Passes blanks, breaks and comments. */
  #scanToNextToken(): void {
    const { cursor } = this;
    const from = cursor.index;
    const fromLine = cursor.line;
    const flow = this.#flow;
    for (;;) {
      if (cursor.index === 1 && cursor.atLineStart && cursor.code === 0xfeff && cursor.codeAt(0) === 0xfeff)
        cursor.index++;
      const tabs = flow || !this.#keys.allowed;
      while (cursor.code === 0x20 || (tabs && cursor.code === 0x09)) cursor.index++;
      this.#comments.raiseLine();
      if (cursor.code === 0x23) {
        const level = Math.max(this.#blocks.indent, 0);
        this.#comments.scanRun({ from, fromLine, level, flow, assumedColumn: this.#assumedColumn() });
      }
      if (!isBreak(cursor.code)) break;
      cursor.skipBreak();
      if (!flow) this.#keys.allowed = true;
    }
  }

  #fetchContent(): void {
    const { code, index } = this.cursor;
    const last = this.#tokens.last as Token;
    const ends = this.#flow ? code === 0x2c : code === 0x3a;
    this.#content.scan();
    if (this.#tokens.last?.type === 'block-entry') return;
    // Behind a `,` or `:` it is about the token before.
    this.#comments.scanLine(ends ? last.index : index);
  }

  #fetchDirective(): void {
    this.#endDocument();
    const { mark } = this.cursor;
    const { type, end, value, suffix } = scanDirective(this.cursor);
    this.#tokens.push(createToken(type, mark, end, undefined, value, suffix));
  }

  #fetchDocumentMarker(): void {
    const { cursor } = this;
    this.#endDocument();
    const type = cursor.code === 0x2d ? 'document-start' : 'document-end';
    const { mark } = cursor;
    cursor.index += 3;
    cursor.newlines = 0;
    this.#tokens.push(createToken(type, mark, cursor.index));
  }

  #fetchStreamEnd(): void {
    const { cursor } = this;
    if (!cursor.atLineStart) cursor.line++;
    this.#endDocument();
    this.#tokens.push(createToken('stream-end', cursor.mark, cursor.index));
    this.#ended = true;
  }

  #endDocument(): void {
    this.#closeBlocks(-1, this.cursor.index);
    this.#keys.drop();
    this.#keys.allowed = false;
    this.#assumed = false;
  }

  #closeBlocks(column: number, from: number): void {
    if (!this.#flow) this.#blocks.close(column, from, this.comments);
  }

  get #flow(): boolean {
    return this.#keys.flowLevel > 0;
  }

  get #atDirective(): boolean {
    return this.cursor.atLineStart && this.cursor.code === 0x25;
  }

  /** Column of the root map if an entry for the metadata is still to be assumed at its end, else -1. */
  #assumedColumn(): number {
    if (!this.#assumesMetadata || this.#assumed || this.#flow) return -1;
    return this.#blocks.rootMapColumn;
  }

  #atAssumedMetadata(): boolean {
    const { cursor } = this;
    const atEnd = cursor.index >= cursor.length || cursor.atDocumentMarker() || this.#atDirective;
    return atEnd && this.#assumedColumn() >= 0;
  }

  #assumeMetadata(from: number): void {
    const column = this.#assumedColumn();
    this.#closeBlocks(column, from);
    this.#assumed = true;
    const { index, line } = this.cursor;
    for (const type of ['key', 'scalar', 'value', 'scalar'] as const) {
      this.#tokens.push(createAssumedToken(type, { index, line, column }));
    }
  }
}
