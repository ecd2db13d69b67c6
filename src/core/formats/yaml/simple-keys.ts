import type { Cursor } from './cursor.ts';
import type { SimpleKey } from './token.ts';

/** A simple key is followed by its `:` within this many code points. */
const LONGEST = 1024;

/** The keys without `?` that are undecided: at most one in the block context, and one in each open flow collection. */
export class SimpleKeys {
  /** Whether one may begin at the next token. */
  allowed = true;
  readonly #cursor: Cursor;
  /** The undecided one of each flow level; level 0 is the block context. */
  readonly #levels: (SimpleKey | undefined)[] = [undefined];

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Number of open flow collections. */
  get flowLevel(): number {
    return this.#levels.length - 1;
  }

  /** The one of the innermost flow level; it may have turned out to be none. */
  get innermost(): SimpleKey | undefined {
    return this.#levels[this.#levels.length - 1];
  }

  enterFlow(): void {
    this.#levels.push(undefined);
  }

  leaveFlow(): void {
    if (this.#levels.length > 1) this.#levels.pop();
  }

  /**
   * Gives the simple key that may begin at the cursor, with the token of this number; undefined where none is allowed.
   * `indent` is the column of the innermost block.
   * @throws FormatError if the one before had to be a key
   */
  begin(tokenNumber: number, indent: number): SimpleKey | undefined {
    if (!this.allowed) return undefined;
    const { index, line, column } = this.#cursor;
    this.drop();
    const required = this.#levels.length === 1 && indent === column;
    const key: SimpleKey = { possible: true, required, tokenNumber, index, line, column };
    this.#levels[this.#levels.length - 1] = key;
    return key;
  }

  /** Decides that no `:` follows the innermost one. @throws FormatError if it had to be a key */
  drop(): void {
    const key = this.innermost;
    if (key === undefined) return;
    if (key.possible) this.#decideAgainst(key);
    this.#levels[this.#levels.length - 1] = undefined;
  }

  /** The key that a `:` at the cursor ends, if there is one. @throws FormatError if it is too far away from a required one */
  complete(): SimpleKey | undefined {
    const key = this.innermost;
    if (key === undefined || !this.isPossible(key)) return undefined;
    key.possible = false;
    this.#levels[this.#levels.length - 1] = undefined;
    return key;
  }

  /** Whether a `:` at the cursor would still be its. @throws FormatError if not although it had to be a key */
  isPossible(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line >= this.#cursor.line && !this.#isTooLong(key)) return true;
    this.#decideAgainst(key);
    return false;
  }

  #decideAgainst(key: SimpleKey): void {
    if (key.required) throw this.#cursor.scanError("could not find expected ':'", key);
    key.possible = false;
  }

  #isTooLong(key: SimpleKey): boolean {
    const cursor = this.#cursor;
    const units = cursor.index - key.index;
    if (units <= LONGEST) return false;
    return units > 2 * LONGEST || cursor.column - key.column > LONGEST;
  }
}
