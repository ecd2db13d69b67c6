/**
 * INI text to tree: a map of sections. Upstream: `stores/ini/store.go` on gopkg.in/ini.v1 1.67.3. Every file starts with an
 * implicit section DEFAULT; a section's comment is its first item, a key's comment the item behind the key.
 *
 * Unlike upstream, comments at the end are kept (D14), a key given twice in a section is an error (D43), and in an encrypted file
 * each ciphertext among a comment's lines is a comment of its own, so that none gets lost.
 */

import type { Comment, Entry, MapNode, Tree } from '../../tree/node.ts';
import type { Form } from '../format.ts';
import { blockText, contentEndOf, contentStartOf, shieldedLine } from './comment-text.ts';
import { skipGoSpace } from './go-space.ts';
import type { CommentBlock, IniValue, InlineComment } from './ini-source.ts';
import { CommentSpan, IniSource, KeySpan, nextLine, SectionSpan } from './ini-source.ts';
import { loadError, readKey, readValue } from './read-line.ts';

/** The section of the keys in front of the first header. */
export const DEFAULT_SECTION = 'DEFAULT';

/** The section of the metadata. */
export const METADATA_SECTION = 'sops';

const CIPHERTEXT = 'ENC[AES256_GCM,';

/** @throws FormatError with upstream's words, without the line (D41) */
export function readIni(text: string, form: Form): Tree {
  return new IniReader(text, form).read();
}

interface CommentLine {
  lineStart: number;
  markStart: number;
  lineEnd: number;
}

class IniReader {
  readonly #text: string;
  readonly #form: Form;
  readonly #source: IniSource;
  readonly #root: MapNode;
  #section: SectionSpan;
  #items: MapNode['items'];
  #keys = new Set<string>();
  #numbered = 0;
  #pending: CommentLine[] = [];

  constructor(text: string, form: Form) {
    this.#text = text;
    this.#form = form;
    this.#source = new IniSource(text, form);
    this.#root = { kind: 'map', items: [] };
    const start = markLength(text);
    this.#items = [];
    this.#section = new SectionSpan(
      this.#source,
      DEFAULT_SECTION,
      { start, headerStart: start, inlineAt: start, headerEnd: start },
      true,
    );
    this.#open(this.#section);
  }

  read(): Tree {
    const text = this.#text;
    let at = this.#section.start;
    while (at < text.length) {
      const lineEnd = nextLine(text, at);
      const start = skipGoSpace(text, at, lineEnd);
      if (start === lineEnd) {
        at = lineEnd;
        continue;
      }
      const first = text[start];
      if (first === '#' || first === ';') {
        this.#pending.push({ lineStart: at, markStart: start, lineEnd });
        at = lineEnd;
      } else if (first === '[') {
        this.#readHeader(at, start, lineEnd);
        at = lineEnd;
      } else {
        at = this.#readEntry(at, start, lineEnd);
      }
    }
    this.#takeTrailing();
    this.#section.end = text.length;
    return { documents: [this.#root], origin: this.#source };
  }

  #open(section: SectionSpan): void {
    this.#section = section;
    this.#source.sections.push(section);
    this.#items = [];
    this.#keys = new Set();
    this.#numbered = 0;
    const value: MapNode = { kind: 'map', items: this.#items, origin: section };
    this.#root.items.push({ kind: 'entry', key: section.name, value, origin: section });
  }

  #readHeader(lineStart: number, start: number, lineEnd: number): void {
    const text = this.#text;
    const line = text.slice(start, lineEnd);
    const close = line.lastIndexOf(']');
    if (close < 0) throw loadError('unclosed section', text, start);
    const name = line.slice(1, close);
    if (name === '') throw loadError('empty section name', text, start);
    // What stands above the metadata is no comment on them: it would be lost, or stay in clear. An editor may show them, too.
    if (name === METADATA_SECTION) this.#takeTrailing();
    const sectionStart = this.#pending[0]?.lineStart ?? lineStart;
    this.#section.end = sectionStart;
    const behind = start + close + 1;
    const mark = line.slice(close + 1).search(/[#;]/);
    const inlineAt = contentEndOf(text, behind, mark < 0 ? lineEnd : behind + mark);
    const bounds = { start: sectionStart, headerStart: lineStart, inlineAt, headerEnd: lineEnd };
    this.#open(new SectionSpan(this.#source, name, bounds, false));
    const comment = mark < 0 ? undefined : { start: behind + mark, end: contentEndOf(text, behind + mark, lineEnd) };
    this.#takeComments(this.#section, comment, inlineAt);
  }

  /** @returns where the next line starts */
  #readEntry(lineStart: number, start: number, lineEnd: number): number {
    const text = this.#text;
    const key = readKey(text, start, lineEnd, this.#numbered + 1);
    if (key.isNumbered) this.#numbered++;
    if (this.#keys.has(key.key)) throw loadError('a key is given twice in one section', text, start);
    this.#keys.add(key.key);
    const value = readValue(text, key.delimiter + 1, this.#form);
    const span = new KeySpan(this.#section, key, lineStart, start, value);
    this.#section.items.push(span);
    const leaf = { kind: 'leaf', value: value.text } as const;
    const entry: Entry = { kind: 'entry', key: key.key, value: leaf, origin: span };
    this.#items.push(entry);
    this.#section.contentEnd = value.lineEnd;
    this.#takeComments(span, value.comment, span.inlineAt);
    return value.lineEnd;
  }

  #takeTrailing(): void {
    const last = this.#pending.at(-1);
    if (last) this.#section.contentEnd = last.lineEnd;
    this.#takeComments(undefined, undefined, 0);
  }

  /** Makes comments of the lines that wait and of an inline comment. */
  #takeComments(target: KeySpan | SectionSpan | undefined, mark: IniValue['comment'], gapStart: number): void {
    const lines = this.#pending;
    this.#pending = [];
    const inline = mark && this.#inlineOf(mark, gapStart);
    if (this.#form === 'plain') {
      if (lines.length > 0 || inline) this.#add(target, lines, inline);
      return;
    }
    let clear: CommentLine[] = [];
    for (const line of lines) {
      if (!this.#isCiphertext(contentStartOf(this.#text, line.markStart, line.lineEnd))) {
        clear.push(line);
        continue;
      }
      if (clear.length > 0) this.#add(target, clear, undefined);
      clear = [];
      this.#add(target, [line], undefined);
    }
    if (inline && clear.length > 0 && !this.#isCiphertext(inline.contentStart)) {
      this.#add(target, clear, inline);
      return;
    }
    if (clear.length > 0) this.#add(target, clear, undefined);
    if (inline) this.#add(target, [], inline);
  }

  #isCiphertext(at: number): boolean {
    return this.#text.startsWith(CIPHERTEXT, at);
  }

  #inlineOf({ start, end }: { start: number; end: number }, gapStart: number): InlineComment {
    return { gapStart, markStart: start, contentStart: contentStartOf(this.#text, start, end), end };
  }

  #add(target: KeySpan | SectionSpan | undefined, lines: CommentLine[], inline: InlineComment | undefined): void {
    const text = this.#text;
    const block = this.#blockOf(lines);
    let content = '';
    let isMixed = false;
    if (block) ({ text: content, isMixed } = blockText(text, block, this.#source.eol));
    if (inline && block) content = `${shieldedLine(content)}\n${text.slice(inline.markStart, inline.end)}`;
    else if (inline) content = text.slice(inline.contentStart, inline.end);
    const origin = new CommentSpan(this.#section, target, { block, inline, text: content, isMixed });
    const comment: Comment = { kind: 'comment', text: content, inline: false, origin };
    this.#items.push(comment);
    this.#section.items.push(origin);
  }

  #blockOf(lines: CommentLine[]): CommentBlock | undefined {
    const [first] = lines;
    const last = lines.at(-1);
    if (!first || !last) return undefined;
    const text = this.#text;
    const contentStart = contentStartOf(text, first.markStart, first.lineEnd);
    const contentEnd = contentEndOf(text, first === last ? contentStart : last.markStart, last.lineEnd);
    return { lineStart: first.lineStart, markStart: first.markStart, contentStart, contentEnd, lineEnd: last.lineEnd };
  }
}

/** The length of a byte order mark: upstream skips that of UTF-8, and the two bytes of UTF-16's. */
function markLength(text: string): number {
  if (text.startsWith('\ufeff')) return 1;
  return text.startsWith('\udcff\udcfe') || text.startsWith('\udcfe\udcff') ? 2 : 0;
}
