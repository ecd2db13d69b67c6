/**
 * Tree to INI text with the layout of the text that the tree was read from: values, comments, keys and sections that changed are
 * rewritten in place, the rest is copied.
 *
 * The metadata section goes to the end, behind one blank line. It ends as the text in front of it ended, with a line break or
 * without, so that taking it away gives the text back.
 */

import type { Comment, Entry, MapNode, Tree } from '../../tree/node.ts';
import { joinNote, splitNote } from '../ciphertext-note.ts';
import type { Form } from '../format.ts';
import { CommentLayout } from './comment-layout.ts';
import { parseNote } from './comment-text.ts';
import { skipGoSpace, trimGoSpace } from './go-space.ts';
import { METADATA_SECTION } from './ini-reader.ts';
import type { IniSource } from './ini-source.ts';
import { CommentSpan, KeySpan, nextLine, SectionSpan } from './ini-source.ts';
import {
  checkNotRepeated,
  commentLines,
  KeyNumbers,
  leafOf,
  sectionLines,
  sectionMap,
  valueText,
} from './ini-writer.ts';
import { newKeyLine } from './new-key-line.ts';
import { quoteKey, quoteValue } from './quote-ini.ts';
import { TextEdits } from './text-edits.ts';
import { expanded, shaped, shapeOf } from './value-shape.ts';

/** @throws SopsError `dump` */
export function writeIniWithLayout(tree: Tree, source: IniSource, form: Form): string {
  return new LayoutWriter(source, form).write(tree);
}

class LayoutWriter {
  readonly #source: IniSource;
  readonly #text: string;
  readonly #form: Form;
  readonly #edits = new TextEdits();
  readonly #comments: CommentLayout;
  /** Keys whose value ends in a backslash: only a blank line keeps the next one from continuing it. */
  readonly #open = new Set<KeySpan>();
  /** The comments on the lines of keys, with the white space in front of them. */
  readonly #rests = new Map<KeySpan, string>();
  /** Keys that lose the comment on their line, which may have kept a backslash from continuing the value. */
  readonly #uncovered = new Set<KeySpan>();
  readonly #kept = new Set<KeySpan | CommentSpan | SectionSpan>();

  constructor(source: IniSource, form: Form) {
    this.#source = source;
    this.#text = source.text;
    this.#form = form;
    this.#comments = new CommentLayout(source, form, this.#edits, this.#kept);
  }

  write(tree: Tree): string {
    let previous: SectionSpan | undefined;
    for (const document of tree.documents) {
      for (const item of document.items) {
        if (item.kind !== 'entry') continue;
        const span = this.#sectionSpan(item, previous);
        if (span) {
          this.#kept.add(span);
          this.#section(sectionMap(item), span);
          previous = span;
        } else {
          this.#insertSection(item, previous);
        }
      }
    }
    this.#removeSections();
    return this.#edits.apply(this.#text);
  }

  #sectionSpan({ key, value, origin }: Entry, previous: SectionSpan | undefined): SectionSpan | undefined {
    if (!(origin instanceof SectionSpan) || origin.source !== this.#source) return undefined;
    const isInOrder = previous === undefined || origin.start >= previous.end;
    return isInOrder && origin.name === key && value.kind === 'map' ? origin : undefined;
  }

  #section({ items }: MapNode, span: SectionSpan): void {
    let last: KeySpan | undefined;
    for (const item of items) {
      const { origin } = item;
      if (item.kind === 'comment' && origin instanceof CommentSpan && origin.section === span)
        this.#keepComment(item, origin);
      if (!(origin instanceof KeySpan) || origin.section !== span) continue;
      if (last && origin.lineStart < last.value.lineEnd) continue;
      this.#kept.add(origin);
      last = origin;
    }
    for (const item of span.items) {
      if (item instanceof CommentSpan && !this.#kept.has(item)) this.#uncover(item);
    }
    this.#items(items, span);
    for (const item of span.items) if (!this.#kept.has(item)) this.#remove(item);
  }

  #keepComment(comment: Comment, span: CommentSpan): void {
    this.#kept.add(span);
    const isSealed = this.#form === 'encrypted' && comment.ciphertext !== undefined;
    if (span.target instanceof KeySpan && isBehindTarget(span)) {
      this.#rests.set(span.target, isSealed ? ' ;' : ` ;${comment.text.slice(comment.text.lastIndexOf('\n') + 1)}`);
    }
    if (span.block && (isSealed || comment.text !== span.text)) this.#uncover(span);
  }

  /** An inline comment goes away from its line. */
  #uncover({ inline, target }: CommentSpan): void {
    if (inline && target instanceof KeySpan) this.#uncovered.add(target);
  }

  #items(items: MapNode['items'], span: SectionSpan): void {
    let previous: KeySpan | undefined;
    let added: string[] | undefined;
    const keys = new Set<string>();
    const numbers = new KeyNumbers();
    for (const item of items) {
      const { origin } = item;
      if (item.kind === 'comment') {
        if (origin instanceof CommentSpan && this.#kept.has(origin)) this.#comments.write(item, origin);
        else this.#addComment(item, span, previous, added);
        continue;
      }
      checkNotRepeated(item, keys);
      if (added) this.#insertLines(span, previous, added);
      added = undefined;
      if (origin instanceof KeySpan && this.#kept.has(origin) && origin.key === item.key) {
        if (!numbers.isNext(item) && origin.isNumbered) this.#nameKey(origin);
        this.#value(item, origin);
        previous = origin;
        continue;
      }
      if (origin instanceof KeySpan) this.#kept.delete(origin);
      added = [newKeyLine(item, this.#form, span, previous)];
    }
    if (added) this.#insertLines(span, previous, added);
  }

  /** A comment from elsewhere stands above the key that it follows in the tree, or above the section. */
  #addComment(comment: Comment, span: SectionSpan, previous: KeySpan | undefined, added: string[] | undefined): void {
    const lines = commentLines(comment, this.#form, true);
    if (added) added.splice(-1, 0, ...lines);
    else for (const line of lines) this.#edits.insert(previous?.lineStart ?? span.headerStart, line + this.#source.eol);
  }

  #insertLines(span: SectionSpan, previous: KeySpan | undefined, lines: readonly string[]): void {
    const at = previous ? previous.value.lineEnd : span.headerEnd;
    const { eol } = this.#source;
    const isOpenLine = at > 0 && this.#text[at - 1] !== '\n' && !(span.isImplicit && at === span.headerEnd);
    const text = lines.map((line) => line + eol).join('');
    const isContinued =
      previous !== undefined && this.#open.has(previous) && !endsBlank(this.#text.slice(previous.value.end, at));
    const isBeforeSection = span.isImplicit && span.items.length === 0 && at < this.#text.length;
    this.#edits.insert(at, (isOpenLine ? eol : '') + (isContinued ? eol : '') + text + (isBeforeSection ? eol : ''));
  }

  /** A key `-` that would be numbered anew gets the name that it has, since its ciphertext is bound to it. */
  #nameKey({ key, keyStart, delimiter }: KeySpan): void {
    this.#edits.replace(keyStart, trimGoSpace(this.#text, keyStart, delimiter), quoteKey(key, true));
  }

  #value(entry: Entry, span: KeySpan): void {
    const { value } = span;
    if (this.#form === 'encrypted' && leafOf(entry).ciphertext !== undefined) this.#comments.seal(span);
    const written = this.#writtenValue(entry, span);
    const isOpen = (written ?? this.#text.slice(value.start, value.end)).endsWith('\\');
    if (isOpen && !this.#rests.has(span)) this.#open.add(span);
    if (written === undefined) return;
    if (value.start === value.end && written !== '') this.#comments.fill(span);
    // An empty value may stand right behind its delimiter.
    const isTight =
      value.start === value.end && value.start === span.delimiter + 1 && this.#text[span.delimiter - 1] === ' ';
    this.#edits.replace(value.start, value.end, (isTight && written !== '' ? ' ' : '') + written);
  }

  /** Undefined when the source has it. */
  #writtenValue(entry: Entry, span: KeySpan): string | undefined {
    const { value } = span;
    const leaf = leafOf(entry);
    const former = splitNote(value.text);
    const text = valueText(entry, this.#form);
    if (this.#form === 'encrypted' && leaf.ciphertext !== undefined) {
      if (former.ciphertext === text) return undefined;
      return joinNote(text, this.#shapeFor(valueText(entry, 'plain'), span, former.note));
    }
    if (value.text === text) return this.#clearValue(text, span);
    const isShaped = former.note !== '' && this.#form === 'plain';
    return (isShaped ? this.#shaped(text, former.note, span) : undefined) ?? quoteValue(text, this.#rests.get(span));
  }

  #shaped(value: string, shape: string, span: KeySpan): string | undefined {
    const rest = this.#rests.get(span) ?? '';
    const written = shaped(value, shape, rest);
    const isOpen = written?.endsWith('\\') === true && rest === '';
    return isOpen && !isBlankAt(this.#text, span.value.lineEnd) ? undefined : written;
  }

  /** A value that stays in clear: upstream has to read what this program reads. */
  #clearValue(text: string, span: KeySpan): string | undefined {
    const { value } = span;
    if (this.#form === 'plain' && value.note !== '') return this.#shaped(text, value.note, span);
    const isExposed = this.#uncovered.has(span) && this.#text[value.end - 1] === '\\';
    if (!isExposed && (this.#form === 'plain' || !value.isOwnReading)) return undefined;
    const quoted = quoteValue(text);
    // Upstream drops what stands behind these quotes.
    const isNotable = quoted.startsWith('`') || quoted.startsWith('"""');
    return isNotable && this.#form === 'encrypted' ? joinNote(quoted, shapeOf(this.#text, value) ?? '') : quoted;
  }

  /** The shape to note behind a ciphertext; empty for the shape that upstream gives the value. */
  #shapeFor(text: string, span: KeySpan, formerShape: string): string {
    const { value } = span;
    const isPlainSource = value.text === text;
    const shape = isPlainSource ? (shapeOf(this.#text, value) ?? '') : formerShape;
    if (shape === '') return '';
    const written = isPlainSource ? expanded(text, shape) : shaped(text, shape, this.#rests.get(span) ?? '');
    if (written === undefined || written === quoteValueIfPossible(text)) return '';
    return !isPlainSource || written === this.#text.slice(value.start, value.end) ? shape : '';
  }

  #remove(item: KeySpan | CommentSpan): void {
    if (item instanceof CommentSpan) this.#comments.remove(item);
    else this.#edits.replace(item.lineStart, item.value.lineEnd, '');
  }

  #insertSection(section: Entry, previous: SectionSpan | undefined): void {
    const { eol } = this.#source;
    const text = this.#text;
    const first = this.#source.sections[0];
    const start = first?.start ?? 0;
    const isMetadata = section.key === METADATA_SECTION && this.#form === 'encrypted';
    const isAtStart = previous === undefined || (previous.isImplicit && previous.contentEnd === start);
    const lines = sectionLines(section, this.#form, isAtStart && text.length === start);
    if (lines.length === 0) return;
    const body = lines.join(eol);
    if (isMetadata) {
      const isOpenLine = text.length > start && !text.endsWith('\n');
      const lead = text.length === start ? '' : isOpenLine ? eol + eol : eol;
      this.#edits.insert(text.length, lead + body + (isOpenLine ? '' : eol));
      return;
    }
    if (isAtStart) {
      this.#edits.insert(start, body + eol + (text.length > start ? eol : ''));
      return;
    }
    const at = previous.contentEnd;
    this.#edits.insert(at, `${text[at - 1] === '\n' ? eol : eol + eol}${body}${eol}`);
  }

  #removeSections(): void {
    const { sections } = this.#source;
    for (const [index, span] of sections.entries()) {
      if (this.#kept.has(span)) continue;
      const isLast = index === sections.length - 1;
      this.#edits.replace(isLast ? this.#withBlankLine(span.start) : span.start, span.end, '');
    }
  }

  /** Where the text in front of the last section ends: before the blank line, and its line break if the file ends without one. */
  #withBlankLine(start: number): number {
    const text = this.#text;
    const lineBreakBefore = (at: number): number => {
      if (text[at - 1] !== '\n') return 0;
      return text[at - 2] === '\r' ? 2 : 1;
    };
    const blank = lineBreakBefore(start);
    const before = start - blank;
    const first = this.#source.sections[0]?.start ?? 0;
    const isBlankLine = blank > 0 && (before === first || text[before - 1] === '\n');
    if (!isBlankLine) return start;
    return text.endsWith('\n') ? before : before - lineBreakBefore(before);
  }
}

/** Whether a comment stands, or is going to stand, on the line of what it is about. */
function isBehindTarget({ inline, text }: CommentSpan): boolean {
  return inline !== undefined || parseNote(splitNote(text).note)?.gap !== undefined;
}

/** Whether the line at a position is blank, or there is none. */
function isBlankAt(text: string, at: number): boolean {
  const end = nextLine(text, at);
  return skipGoSpace(text, at, end) === end;
}

/** Whether the rest of a value's lines has a blank line. */
function endsBlank(rest: string): boolean {
  return rest.indexOf('\n') !== rest.lastIndexOf('\n');
}

function quoteValueIfPossible(text: string): string | undefined {
  try {
    return quoteValue(text);
  } catch {
    return undefined;
  }
}
