/**
 * The text of an INI comment. Upstream (gopkg.in/ini.v1, `stores/ini/store.go`) takes the lines above a section or key and what is
 * behind it on its line as one text, without the comment characters of its first line. Here lines keep their indentation, and a
 * line without text is kept with a blank more than it has: upstream cannot write an empty line of a comment.
 */
import { skipGoSpace, trimGoSpace } from './go-space.ts';
import type { CommentBlock } from './ini-source.ts';

/** Where the content behind comment characters and blanks starts: `;` and blanks, or `#` and blanks. */
export function contentStartOf(text: string, mark: number, end: number): number {
  const character = text[mark];
  let at = mark;
  while (at < end && (text[at] === character || text[at] === ' ')) at++;
  return at;
}

/**
 * The text of a block, and whether it has line breaks of both kinds.
 *
 * @param eol - the line break that its last line will get if it has none
 */
export function blockText(text: string, block: CommentBlock, eol: string): { text: string; isMixed: boolean } {
  const content = text.slice(block.contentStart, block.contentEnd);
  if (!content.includes('\n')) return { text: content, isMixed: false };
  const lines = content.split('\n');
  const ends = lines.slice(0, -1).map((line) => line.endsWith('\r'));
  const last = text.slice(block.contentEnd, block.lineEnd);
  ends.push(last.includes('\n') ? last.includes('\r\n') : eol === '\r\n');
  const isMixed = new Set(ends).size > 1;
  const kept = lines.map((line) => shieldedLine(isMixed ? line : line.replace(/\r$/, '')));
  return { text: kept.join('\n'), isMixed };
}

/** A line of a comment of several lines. */
export function shieldedLine(line: string): string {
  return isBlank(line) ? ` ${line}` : line;
}

function isBlank(line: string): boolean {
  return skipGoSpace(line, 0, line.length) === line.length;
}

/**
 * The lines of a block again, the first without comment characters.
 *
 * @param isVerbatim - whether the line breaks are those of the text, not `eol`
 */
export function renderBlock(lines: readonly string[], eol: string, isVerbatim: boolean): string {
  if (lines.length === 1) return lines[0] ?? '';
  const rendered = lines.map((line, index) => {
    const own = isVerbatim ? line : line.replace(/\r$/, '');
    if (isBlank(own)) return own.slice(1);
    return index === 0 || isCommentLine(own) ? own : `; ${own}`;
  });
  return rendered.join(isVerbatim ? '\n' : eol);
}

/** Whether a line is a comment, maybe indented. */
export function isCommentLine(line: string): boolean {
  const mark = line[skipGoSpace(line, 0, line.length)];
  return mark === '#' || mark === ';';
}

/** What the note behind an encrypted comment says. */
export interface CommentNote {
  /** The line breaks are in the text. */
  isMixed: boolean;
  /** The white space in front of the last line, which stands behind a value or a section's name; undefined when it does not. */
  gap: string | undefined;
}

/** `x` for mixed line breaks; `i` for an inline comment behind one blank, with its gap where that is another. */
export function formatNote({ isMixed, gap }: CommentNote): string {
  return `${isMixed ? 'x' : ''}${gap === undefined ? '' : `i${formatGap(gap)}`}`;
}

function formatGap(gap: string): string {
  if (gap === '') return '0';
  if (gap === ' ' || /[^ \t]/.test(gap)) return '';
  return gap.replaceAll(/ +|\t+/g, (run) => `${run.length}${run[0] === ' ' ? 's' : 't'}`);
}

/** @returns undefined for a note that this format does not write */
export function parseNote(note: string): CommentNote | undefined {
  const match = /^(x?)(i(?:(0)|((?:\d{1,4}[st])*)))?$/.exec(note);
  if (!match) return undefined;
  const [, mixed, inline, none, runs = ''] = match;
  if (inline === undefined) return { isMixed: mixed === 'x', gap: undefined };
  const gap = Array.from(runs.matchAll(/(\d+)([st])/g), ([, count, kind]) =>
    (kind === 's' ? ' ' : '\t').repeat(Number(count)),
  );
  return { isMixed: mixed === 'x', gap: none === '0' ? '' : gap.join('') || ' ' };
}

/** The end of a comment's content on the line that starts at `start`. */
export function contentEndOf(text: string, start: number, lineEnd: number): number {
  return trimGoSpace(text, start, lineEnd);
}
