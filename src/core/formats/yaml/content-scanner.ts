import type { BlockStack } from './block-stack.ts';
import { isBlank, isBlankOrEnd } from './characters.ts';
import type { CommentScanner } from './comment-scanner.ts';
import type { Cursor } from './cursor.ts';
import { checkDepth } from './depth.ts';
import type { ScalarStyle } from './origin.ts';
import { scanBlock } from './scan-block.ts';
import { scanPlain } from './scan-plain.ts';
import { scanAnchor, scanTag } from './scan-properties.ts';
import { scanQuoted } from './scan-quoted.ts';
import type { SimpleKeys } from './simple-keys.ts';
import type { SimpleKey, TokenType } from './token.ts';
import { createScalarToken, createToken } from './token.ts';
import type { TokenQueue } from './token-queue.ts';

/** Scans the tokens of a document's content: indicators, properties and scalars (`scannerc.go`, `yaml_parser_fetch_*`). */
export class ContentScanner {
  readonly #cursor: Cursor;
  readonly #tokens: TokenQueue;
  readonly #keys: SimpleKeys;
  readonly #blocks: BlockStack;
  readonly #comments: CommentScanner;

  constructor(cursor: Cursor, tokens: TokenQueue, keys: SimpleKeys, blocks: BlockStack, comments: CommentScanner) {
    this.#cursor = cursor;
    this.#tokens = tokens;
    this.#keys = keys;
    this.#blocks = blocks;
    this.#comments = comments;
  }

  /** Scans the token at the cursor, and inserts those that it shows to belong in front of it. @throws FormatError */
  scan(): void {
    const cursor = this.#cursor;
    const { code } = cursor;
    const next = cursor.codeAt(cursor.index + 1);
    const flow = this.#keys.flowLevel > 0;
    switch (code) {
      case 0x5b:
        this.#flowStart('flow-list-start');
        return;
      case 0x7b:
        this.#flowStart('flow-map-start');
        return;
      case 0x5d:
        this.#flowEnd('flow-list-end');
        return;
      case 0x7d:
        this.#flowEnd('flow-map-end');
        return;
      case 0x2c:
        this.#flowEntry();
        return;
      case 0x2d:
        if (!isBlankOrEnd(next)) break;
        this.#blockEntry(flow);
        return;
      case 0x3f:
        if (!flow && !isBlankOrEnd(next)) break;
        this.#key(flow);
        return;
      case 0x3a:
        if (!flow && !isBlankOrEnd(next)) break;
        this.#value(flow);
        return;
      case 0x2a:
        this.#anchor('alias');
        return;
      case 0x26:
        this.#anchor('anchor');
        return;
      case 0x21:
        this.#tag();
        return;
      case 0x7c:
        if (flow) break;
        this.#blockScalar('literal');
        return;
      case 0x3e:
        if (flow) break;
        this.#blockScalar('folded');
        return;
      case 0x27:
        this.#quoted('single');
        return;
      case 0x22:
        this.#quoted('double');
        return;
    }
    if (!startsPlain(code, next, flow)) {
      throw cursor.scanError('found character that cannot start any token', cursor.mark);
    }
    this.#plain(flow);
  }

  #flowStart(type: TokenType): void {
    const key = this.#beginKey();
    this.#keys.enterFlow();
    checkDepth(this.#cursor, this.#keys.flowLevel, this.#cursor.mark);
    this.#keys.allowed = true;
    this.#indicator(type, key);
  }

  #flowEnd(type: TokenType): void {
    this.#keys.drop();
    this.#keys.leaveFlow();
    this.#keys.allowed = false;
    this.#indicator(type);
  }

  #flowEntry(): void {
    this.#keys.drop();
    this.#keys.allowed = true;
    this.#indicator('flow-entry');
  }

  #blockEntry(flow: boolean): void {
    if (!flow) this.#openBlock('block-list-start', 'block sequence entries');
    this.#keys.drop();
    this.#keys.allowed = true;
    this.#indicator('block-entry');
  }

  #key(flow: boolean): void {
    if (!flow) this.#openBlock('block-map-start', 'mapping keys');
    this.#keys.drop();
    this.#keys.allowed = !flow;
    this.#indicator('key');
  }

  #value(flow: boolean): void {
    const key = this.#keys.complete();
    if (key !== undefined) {
      this.#tokens.insert(key.tokenNumber, createToken('key', key, key.index));
      if (!flow) this.#blocks.open('block-map-start', key, key, key.tokenNumber);
      this.#keys.allowed = false;
    } else {
      if (!flow) this.#openBlock('block-map-start', 'mapping values');
      this.#keys.allowed = !flow;
    }
    this.#indicator('value');
  }

  /** Opens the block whose first indicator stands at the cursor. @throws FormatError where `what` may not stand */
  #openBlock(type: 'block-list-start' | 'block-map-start', what: string): void {
    const cursor = this.#cursor;
    if (!this.#keys.allowed) throw cursor.scanError(`${what} are not allowed in this context`, undefined);
    this.#blocks.open(type, cursor.mark, this.#keys.innermost);
  }

  #anchor(type: 'alias' | 'anchor'): void {
    const cursor = this.#cursor;
    const key = this.#beginKey();
    this.#keys.allowed = false;
    const mark = cursor.mark;
    cursor.newlines = 0;
    const name = scanAnchor(cursor);
    this.#tokens.push(createToken(type, mark, cursor.index, key, name));
  }

  #tag(): void {
    const cursor = this.#cursor;
    const key = this.#beginKey();
    this.#keys.allowed = false;
    const mark = cursor.mark;
    cursor.newlines = 0;
    const { handle, suffix } = scanTag(cursor);
    this.#tokens.push(createToken('tag', mark, cursor.index, key, handle, suffix));
  }

  #blockScalar(style: ScalarStyle): void {
    this.#keys.drop();
    this.#keys.allowed = true;
    const mark = this.#cursor.mark;
    const { indent } = this.#blocks;
    const { value, end } = scanBlock(this.#cursor, indent, () => {
      this.#comments.scanLine(mark.index);
    });
    this.#tokens.push(createScalarToken(mark, end, undefined, value, style, indent));
  }

  #quoted(style: ScalarStyle): void {
    const cursor = this.#cursor;
    const key = this.#beginKey();
    this.#keys.allowed = false;
    const mark = cursor.mark;
    const value = scanQuoted(cursor);
    this.#tokens.push(createScalarToken(mark, cursor.index, key, value, style, this.#blocks.indent));
  }

  #plain(flow: boolean): void {
    const key = this.#beginKey();
    const mark = this.#cursor.mark;
    const { indent } = this.#blocks;
    const { value, end, passedBreaks } = scanPlain(this.#cursor, indent + 1, flow);
    this.#keys.allowed = passedBreaks;
    this.#tokens.push(createScalarToken(mark, end, key, value, 'plain', indent));
  }

  #beginKey(): SimpleKey | undefined {
    return this.#keys.begin(this.#tokens.nextNumber, this.#blocks.indent);
  }

  #indicator(type: TokenType, key?: SimpleKey): void {
    const cursor = this.#cursor;
    const mark = cursor.mark;
    cursor.index++;
    cursor.newlines = 0;
    this.#tokens.push(createToken(type, mark, cursor.index, key));
  }
}

function startsPlain(code: number, next: number, flow: boolean): boolean {
  if (code === 0x2d) return !isBlank(next);
  if (code === 0x3f || code === 0x3a) return !flow && !isBlankOrEnd(next);
  return !isBlankOrEnd(code) && !'#|>%@`'.includes(String.fromCharCode(code));
}
