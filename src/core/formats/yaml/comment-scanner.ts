import { isBreak } from './characters.ts';
import type { CommentRecord, RunContext } from './comment-run.ts';
import { scanCommentRun, scanLineComment } from './comment-run.ts';
import type { Cursor } from './cursor.ts';
import type { YamlSource } from './origin.ts';
import type { Token } from './token.ts';
import type { TokenQueue } from './token-queue.ts';

/** Collects the comments between tokens. */
export class CommentScanner {
  /** Comments that no token has taken yet; also some that were taken, as long as one before them was not. */
  readonly records: CommentRecord[] = [];
  readonly #cursor: Cursor;
  readonly #source: YamlSource;
  readonly #tokens: TokenQueue;

  constructor(cursor: Cursor, source: YamlSource, tokens: TokenQueue) {
    this.#cursor = cursor;
    this.#source = source;
    this.#tokens = tokens;
  }

  /** Scans a comment on the rest of the line, if there is one, for the token at `at`. */
  scanLine(at: number): void {
    const record = scanLineComment(this.#cursor, this.#source, at);
    if (record !== undefined) this.records.push(record);
  }

  /** Scans all comments up to the next token; the cursor stands at the first one. */
  scanRun(context: RunContext): void {
    let before = this.#tokens.last as Token;
    if (before.type === 'flow-entry') before = this.#tokens.beforeLast ?? before;
    scanCommentRun(this.#cursor, this.#source, before, context, this.records);
  }

  /** Makes a line comment that turns out to stand behind the first dash of a list the head of what follows. */
  raiseLine(): void {
    const { length } = this.records;
    // Without this test most tokens would read the element -1, which is slow.
    if (length === 0) return;
    const record = this.records[length - 1];
    if (record?.kind !== 'line' || record.taken) return;
    const { last, beforeLast } = this.#tokens;
    if (beforeLast?.type !== 'block-list-start' || last?.type !== 'block-entry') return;
    if (isBreak(this.#cursor.code)) return;
    record.kind = 'head';
    if (record.line === this.#cursor.line - 1) record.at = this.#cursor.index;
  }
}
