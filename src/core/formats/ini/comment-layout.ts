/**
 * Writes comments in their places. An encrypted comment of several lines becomes one line, `; ENC[...]`, where its first line was;
 * one behind a value stays there as long as upstream sees it, else it goes above, and a note brings it back.
 */

import type { Comment } from '../../tree/node.ts';
import { joinNote, splitNote } from '../ciphertext-note.ts';
import type { Form } from '../format.ts';
import { formatNote, isCommentLine, parseNote, renderBlock } from './comment-text.ts';
import type { CommentBlock, CommentSpan, IniSource, InlineComment, SectionSpan } from './ini-source.ts';
import { KeySpan, lineStartOf } from './ini-source.ts';
import type { TextEdits } from './text-edits.ts';

export class CommentLayout {
  readonly #text: string;
  readonly #source: IniSource;
  readonly #form: Form;
  readonly #edits: TextEdits;
  readonly #kept: ReadonlySet<unknown>;
  /** Keys whose value is a ciphertext in the text that is written: upstream sees a comment behind it. */
  readonly #sealed = new Set<KeySpan>();
  readonly #filled = new Set<KeySpan>();

  constructor(source: IniSource, form: Form, edits: TextEdits, kept: ReadonlySet<unknown>) {
    this.#source = source;
    this.#text = source.text;
    this.#form = form;
    this.#edits = edits;
    this.#kept = kept;
  }

  /** Tells that the value of a key is written as a ciphertext. */
  seal(key: KeySpan): void {
    this.#sealed.add(key);
  }

  /** Tells that a key gets a value that had none. */
  fill(key: KeySpan): void {
    this.#filled.add(key);
  }

  write(comment: Comment, span: CommentSpan): void {
    const ciphertext =
      this.#form === 'encrypted' && comment.ciphertext !== undefined
        ? splitNote(comment.ciphertext).ciphertext
        : undefined;
    const former = splitNote(span.text);
    const isSame = ciphertext === undefined ? span.text === comment.text : former.ciphertext === ciphertext;
    const target = this.#presentTarget(span);
    if (isSame && (span.inline === undefined || target !== undefined)) return;
    if (ciphertext !== undefined) this.#writeCiphertext(ciphertext, span, target, former.note);
    else this.#writeText(comment.text, span, target, former.note);
  }

  remove({ block, inline, target }: CommentSpan): void {
    if (block) this.#edits.replace(block.lineStart, block.lineEnd, '');
    if (inline && target && this.#kept.has(target)) this.#edits.replace(inline.gapStart, inline.end, '');
  }

  #presentTarget({ target }: CommentSpan): KeySpan | SectionSpan | undefined {
    return target && this.#kept.has(target) ? target : undefined;
  }

  #writeCiphertext(
    ciphertext: string,
    span: CommentSpan,
    target: KeySpan | SectionSpan | undefined,
    formerNote: string,
  ): void {
    const { block, inline, isMixed } = span;
    const isPlainSource = this.#source.form === 'plain';
    if (block) {
      const note = isPlainSource ? formatNote({ isMixed, gap: inline && target && this.#gap(inline) }) : formerNote;
      this.#edits.replace(block.contentStart, block.contentEnd, joinNote(ciphertext, note));
      if (inline && target) this.#edits.replace(inline.gapStart, inline.end, '');
      return;
    }
    if (!inline) return;
    if (target && this.#isVisible(target, span)) {
      this.#edits.replace(inline.contentStart, inline.end, ciphertext);
      return;
    }
    const note = target ? formatNote({ isMixed: false, gap: this.#gap(inline) }) : '';
    this.#insertLine(span, this.#mark(inline) + joinNote(ciphertext, note));
    if (target) this.#edits.replace(inline.gapStart, inline.end, '');
  }

  /** Whether upstream finds a comment behind the value of a key; behind a section's name it would take its `]` for the name's end. */
  #isVisible(target: KeySpan | SectionSpan, { inline }: CommentSpan): boolean {
    if (!(target instanceof KeySpan) || !inline) return false;
    return this.#sealed.has(target) || target.value.isCommentVisible;
  }

  #writeText(text: string, span: CommentSpan, target: KeySpan | SectionSpan | undefined, formerNote: string): void {
    const { block, inline } = span;
    const lines = text.split('\n');
    const note = this.#source.form === 'encrypted' ? parseNote(formerNote) : undefined;
    if (block) {
      const isMixed = note?.isMixed ?? span.isMixed;
      if (note?.gap !== undefined && target) this.#insertInline(lines, block, target, note.gap);
      if (inline && target) this.#edits.replace(inline.gapStart, inline.end, '');
      if (lines.length === 0) this.#edits.replace(block.lineStart, block.lineEnd, '');
      else this.#edits.replace(block.contentStart, block.contentEnd, renderBlock(lines, this.#eolOf(block), isMixed));
      return;
    }
    if (!inline) return;
    if (target && lines.length === 1) {
      this.#edits.replace(inline.contentStart, inline.end, text);
      return;
    }
    this.#insertLine(span, this.#mark(inline) + renderBlock(lines, this.#source.eol, false));
    if (target) this.#edits.replace(inline.gapStart, inline.end, '');
  }

  /** Puts the last line, or the only one with the comment character of its block, behind the target again. */
  #insertInline(lines: string[], block: CommentBlock, target: KeySpan | SectionSpan, gap: string): void {
    const isAlone = lines.length === 1;
    const last = lines.pop() ?? '';
    const mark = this.#text.slice(block.markStart, block.contentStart);
    const written = isAlone ? mark + last : isCommentLine(last) ? last : `; ${last}`;
    const at = target instanceof KeySpan && this.#filled.has(target) ? target.value.end : target.inlineAt;
    this.#edits.insert(at, gap + written);
    const [first] = lines;
    // A first line without text had been given a blank because another line followed.
    if (lines.length === 1 && first !== undefined && first.trim() === '') lines[0] = first.slice(1);
  }

  #insertLine({ target }: CommentSpan, line: string): void {
    if (target) this.#edits.insert(lineStartOf(target), line + this.#source.eol);
  }

  #mark(inline: InlineComment): string {
    return this.#text.slice(inline.markStart, inline.contentStart);
  }

  #gap(inline: InlineComment): string {
    return this.#text.slice(inline.gapStart, inline.markStart);
  }

  #eolOf({ contentEnd, lineEnd }: CommentBlock): string {
    const end = this.#text.slice(contentEnd, lineEnd);
    if (!end.includes('\n')) return this.#source.eol;
    return end.includes('\r\n') ? '\r\n' : '\n';
  }
}
