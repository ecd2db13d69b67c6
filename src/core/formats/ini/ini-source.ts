/** Where the parts of an INI text stand in it. Positions are UTF-16 indexes; an end is behind the last character. */
import type { Form } from '../format.ts';

/** An INI text that was read: the origin of its tree. */
export class IniSource {
  readonly text: string;
  readonly form: Form;
  /** The line break of new lines. */
  readonly eol: string;
  readonly sections: SectionSpan[] = [];

  constructor(text: string, form: Form) {
    this.text = text;
    this.form = form;
    const feed = text.indexOf('\n');
    this.eol = feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
  }
}

/** The origin of a section. The implicit first one has no header: start, header and content begin together. */
export class SectionSpan {
  readonly source: IniSource;
  readonly name: string;
  readonly isImplicit: boolean;
  /** Where its comment block starts, or else its header line. */
  readonly start: number;
  readonly headerStart: number;
  /** Behind the `]`, where an inline comment goes. */
  readonly inlineAt: number;
  /** Behind the header's line break. */
  readonly headerEnd: number;
  /** Behind the line break of the last line that is no blank one. */
  contentEnd: number;
  /** Where the next section starts. */
  end: number;
  readonly items: (KeySpan | CommentSpan)[] = [];
  /** Whether all delimiters stand in one column, once somebody has looked. */
  isAligned: boolean | undefined = undefined;

  constructor(
    source: IniSource,
    name: string,
    bounds: { start: number; headerStart: number; inlineAt: number; headerEnd: number },
    isImplicit: boolean,
  ) {
    this.source = source;
    this.name = name;
    this.isImplicit = isImplicit;
    this.start = bounds.start;
    this.headerStart = bounds.headerStart;
    this.inlineAt = bounds.inlineAt;
    this.headerEnd = bounds.headerEnd;
    this.contentEnd = bounds.headerEnd;
    this.end = bounds.headerEnd;
  }
}

/** The origin of an entry of a section. */
export class KeySpan {
  readonly section: SectionSpan;
  readonly key: string;
  /** Whether the text has `-`, which the reader numbers. */
  readonly isNumbered: boolean;
  readonly lineStart: number;
  /** The key as it is written starts here. */
  readonly keyStart: number;
  readonly delimiter: number;
  /** The value as it is written, quotes and continued lines included. */
  readonly value: IniValue;

  constructor(section: SectionSpan, key: ReadKey, lineStart: number, keyStart: number, value: IniValue) {
    this.section = section;
    this.key = key.key;
    this.isNumbered = key.isNumbered;
    this.lineStart = lineStart;
    this.keyStart = keyStart;
    this.delimiter = key.delimiter;
    this.value = value;
  }

  /** Where an inline comment and the white space in front of it start: behind the value, or behind the delimiter. */
  get inlineAt(): number {
    const { start, end } = this.value;
    return start === end ? this.delimiter + 1 : end;
  }
}

export interface ReadKey {
  key: string;
  isNumbered: boolean;
  /** Position of the `=` or `:`. */
  delimiter: number;
}

/** A value as it was read. */
export interface IniValue {
  text: string;
  start: number;
  /** Behind the value and its note. */
  end: number;
  /** The parts of the source that make up the value, in order. */
  segments: readonly [number, number][];
  /** The note behind the closing quote of a clear value in an encrypted file (`value-shape.ts`). */
  note: string;
  /** The comment behind the value, from its comment character. */
  comment: { start: number; end: number } | undefined;
  /** Whether the Go program sees that comment. */
  isCommentVisible: boolean;
  /** Whether the Go program reads another value here. */
  isOwnReading: boolean;
  /** Behind the line break of the value's last line. */
  lineEnd: number;
}

/** A comment on lines of its own. */
export interface CommentBlock {
  lineStart: number;
  /** Where the first line's comment character stands. */
  markStart: number;
  /** Behind the first line's comment characters and blanks. */
  contentStart: number;
  contentEnd: number;
  /** Behind the last line's line break. */
  lineEnd: number;
}

/** A comment behind a value or a section's name. */
export interface InlineComment {
  /** Behind the value. */
  gapStart: number;
  markStart: number;
  contentStart: number;
  end: number;
}

/** The origin of a comment: a block, an inline comment, or both in one text. */
export class CommentSpan {
  readonly section: SectionSpan;
  /** What the comment is about; undefined at the end of a section. */
  readonly target: KeySpan | SectionSpan | undefined;
  readonly block: CommentBlock | undefined;
  readonly inline: InlineComment | undefined;
  /** The text as it was read. */
  readonly text: string;
  /** Whether the block's line breaks are not all the same. */
  readonly isMixed: boolean;

  constructor(
    section: SectionSpan,
    target: KeySpan | SectionSpan | undefined,
    parts: { block: CommentBlock | undefined; inline: InlineComment | undefined; text: string; isMixed: boolean },
  ) {
    this.section = section;
    this.target = target;
    this.block = parts.block;
    this.inline = parts.inline;
    this.text = parts.text;
    this.isMixed = parts.isMixed;
  }
}

/** Where the line of a comment's target starts. */
export function lineStartOf(target: KeySpan | SectionSpan): number {
  return target instanceof KeySpan ? target.lineStart : target.headerStart;
}

/** The position behind the line break of the line that `at` is on. */
export function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed + 1;
}
