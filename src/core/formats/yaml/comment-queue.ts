/**
 * Which node gets a comment: `yaml_parser_unfold_comments` and `yaml_parser_set_event_comments` of
 * go.yaml.in/yaml/v3 3.0.4 (`parserc.go`).
 */
import type { CommentLine, CommentRecord } from './comment-run.ts';
import type { Token } from './token.ts';

/** The comments that a node, or the end of one, takes. */
export interface NodeComments {
  head: readonly CommentLine[];
  line: readonly CommentLine[];
  foot: readonly CommentLine[];
}

export const NO_LINES: readonly CommentLine[] = [];
export const NO_COMMENTS: NodeComments = { head: NO_LINES, line: NO_LINES, foot: NO_LINES };

/** Taken records are dropped in portions of this size, or when none is left. */
const SLACK = 256;

/** Comments that were met but belong to no node yet. */
export class CommentQueue {
  readonly #records: CommentRecord[];
  #next = 0;
  #head = NO_LINES;
  #line = NO_LINES;
  #foot = NO_LINES;

  constructor(records: CommentRecord[]) {
    this.#records = records;
  }

  /** Lets the parser see a token: what belongs to it or stands before it becomes pending. */
  advance(token: Token): void {
    const records = this.#records;
    if (records.length === 0) return;
    for (; this.#next < records.length; this.#next++) {
      const record = records[this.#next] as CommentRecord;
      if (record.at > token.index) break;
      if (record.kind === 'head') {
        // It heads what follows the end of the block.
        if (token.type === 'block-end') break;
        this.#head = join(this.#head, record.lines);
      } else if (record.kind === 'line') {
        this.#line = join(this.#line, record.lines);
      } else {
        this.#foot = join(this.#foot, record.lines);
      }
      record.taken = true;
    }
    if (this.#next === records.length || this.#next >= SLACK) {
      records.splice(0, this.#next);
      this.#next = 0;
    }
  }

  /** Takes everything that is pending. */
  take(): NodeComments {
    if (this.#head.length === 0 && this.#line.length === 0 && this.#foot.length === 0) return NO_COMMENTS;
    const comments = { head: this.#head, line: this.#line, foot: this.#foot };
    this.#head = this.#line = this.#foot = NO_LINES;
    return comments;
  }

  get headLength(): number {
    return this.#head.length;
  }

  /** Takes the first lines of the pending head. */
  takeHead(length: number): readonly CommentLine[] {
    const taken = this.#head.slice(0, length);
    this.#head = this.#head.slice(length);
    return taken;
  }

  /** Takes the part of the pending head that stands before its last empty line: it is the document's. */
  takeDocumentHead(): readonly CommentLine[] {
    const at = this.#head.lastIndexOf(undefined);
    return at < 0 ? NO_LINES : this.takeHead(at + 1);
  }
}

/** Adds to the lines that are pending already; the first array to come becomes theirs. */
function join(pending: readonly CommentLine[], lines: CommentLine[]): readonly CommentLine[] {
  if (pending.length === 0) return lines;
  const joined = pending as CommentLine[];
  for (const line of lines) joined.push(line);
  return joined;
}
