import type { Token } from './token.ts';

/** Consumed tokens are dropped in portions of this size. */
const SLACK = 256;

/** Tokens that were scanned but not parsed yet. Keys are recognized late: their tokens are inserted. */
export class TokenQueue {
  readonly #tokens: Token[] = [];
  #head = 0;
  #consumed = 0;

  get length(): number {
    return this.#tokens.length - this.#head;
  }

  get first(): Token | undefined {
    return this.#tokens[this.#head];
  }

  /** The token that was scanned last, and the one before it: both may be consumed already. */
  get last(): Token | undefined {
    return this.#tokens[this.#tokens.length - 1];
  }

  get beforeLast(): Token | undefined {
    return this.#tokens[this.#tokens.length - 2];
  }

  /** The number that the next token gets, counted from the start of the text. */
  get nextNumber(): number {
    return this.#consumed + this.length;
  }

  push(token: Token): void {
    this.#tokens.push(token);
  }

  /** Inserts a token in front of the one with this number. */
  insert(tokenNumber: number, token: Token): void {
    const tokens = this.#tokens;
    const at = this.#head + tokenNumber - this.#consumed;
    tokens.push(token);
    for (let i = tokens.length - 1; i > at; i--) tokens[i] = tokens[i - 1] as Token;
    tokens[at] = token;
  }

  /** Removes the first token. */
  shift(): void {
    this.#consumed++;
    this.#head++;
    if (this.#head < SLACK) return;
    this.#tokens.splice(0, this.#head);
    this.#head = 0;
  }
}
