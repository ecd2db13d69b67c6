import { CommentQueue } from './comment-queue.ts';
import type { Cursor } from './cursor.ts';
import type { Scanner } from './scanner.ts';
import type { Token } from './token.ts';

/** The tokens of a text, and the comments that were met up to the next one. */
export class TokenReader {
  readonly cursor: Cursor;
  readonly comments: CommentQueue;
  /** Index behind the last token that was read. */
  lastEnd = 0;
  readonly #scanner: Scanner;

  constructor(scanner: Scanner) {
    this.cursor = scanner.cursor;
    this.comments = new CommentQueue(scanner.comments);
    this.#scanner = scanner;
  }

  /** The next token. @throws FormatError */
  peek(): Token {
    const token = this.#scanner.peek();
    this.comments.advance(token);
    return token;
  }

  /** Goes past the next token, which must have been peeked at. */
  skip(): void {
    this.lastEnd = this.#scanner.peek().end;
    this.#scanner.skip();
  }
}
