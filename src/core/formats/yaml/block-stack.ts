import type { CommentRecord } from './comment-run.ts';
import { reachableComments } from './comment-run.ts';
import type { Cursor, Mark } from './cursor.ts';
import { checkDepth } from './depth.ts';
import { createToken } from './token.ts';
import type { TokenQueue } from './token-queue.ts';

/** The open block collections: indentation opens and closes them, with tokens that stand for no character of the text. */
export class BlockStack {
  /** Column of the innermost one, -1 if there is none. */
  indent = -1;
  readonly #outer: number[] = [];
  #rootIsMap = false;
  readonly #cursor: Cursor;
  readonly #tokens: TokenQueue;

  constructor(cursor: Cursor, tokens: TokenQueue) {
    this.#cursor = cursor;
    this.#tokens = tokens;
  }

  /** Column of the outermost one if it is a map and open, else -1. */
  get rootMapColumn(): number {
    if (!this.#rootIsMap || this.#outer.length === 0) return -1;
    return this.#outer[1] ?? this.indent;
  }

  /**
   * Opens a block at `mark` if that is farther right than the innermost one. Its token is inserted in front of the one with
   * the number, where that is given. `context` is where upstream says that it is too deep.
   * @throws FormatError
   */
  open(
    type: 'block-list-start' | 'block-map-start',
    mark: Mark,
    context: Mark | undefined,
    tokenNumber?: number,
  ): void {
    if (this.indent >= mark.column) return;
    if (this.#outer.length === 0) this.#rootIsMap = type === 'block-map-start';
    this.#outer.push(this.indent);
    this.indent = mark.column;
    checkDepth(this.#cursor, this.#outer.length, context);
    const token = createToken(type, mark, mark.index);
    if (tokenNumber === undefined) this.#tokens.push(token);
    else this.#tokens.insert(tokenNumber, token);
  }

  /**
   * Closes the blocks that are farther right than `column`; the search for the next token began at `from`. A block ends in
   * front of the comments in its column, so that they go to what follows it.
   */
  close(column: number, from: number, comments: readonly CommentRecord[]): void {
    if (this.indent <= column) return;
    const cursor = this.#cursor;
    const starts = reachableComments(comments, from - 1);
    let index = from - 1;
    while (this.indent > column) {
      index = starts?.get(this.indent) ?? index;
      this.#tokens.push(createToken('block-end', { index, line: cursor.line, column: cursor.column }, index));
      this.indent = this.#outer.pop() ?? -1;
    }
  }
}
