/**
 * Dotenv text to tree. Upstream: `stores/dotenv/store.go`: a line is empty, a comment (`#` in the first column) or a key, `=` and a
 * value; the two characters `\n` in a value are a line break; everything else is verbatim, bytes that are not UTF-8 included.
 */
import { FormatError } from '../../errors.ts';
import type { Comment, Entry, Tree } from '../../tree/node.ts';
import type { Form } from '../format.ts';

/** A dotenv text that was read: the origin of its tree. */
export class DotenvSource {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The origin of an entry or comment: its line without the line break. */
export class LineSpan {
  readonly source: DotenvSource;
  readonly start: number;
  readonly end: number;
  /** Behind the `=` or the `#`. */
  readonly textStart: number;

  constructor(source: DotenvSource, start: number, end: number, textStart: number) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.textStart = textStart;
  }
}

/**
 * Reads a dotenv text.
 *
 * @throws FormatError `invalid dotenv input line`, without the line (D41); in plain text also for a quoted value over several
 *   lines, whose further lines would become keys (D42)
 */
export function readDotenv(text: string, form: Form): Tree {
  const source = new DotenvSource(text);
  const items: (Entry | Comment)[] = [];
  const quotes = form === 'plain' ? new OpenQuotes() : undefined;
  let line = 0;
  for (let start = 0; start < text.length; ) {
    line++;
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    if (end > start) {
      const item = readLine(source, start, end, line);
      items.push(item);
      if (item.kind === 'entry') quotes?.see(text.slice((item.origin as LineSpan).textStart, end), line);
    }
    start = end + 1;
  }
  return { documents: [{ kind: 'map', items }], origin: source };
}

function readLine(source: DotenvSource, start: number, end: number, line: number): Entry | Comment {
  const { text } = source;
  if (text[start] === '#') {
    const origin = new LineSpan(source, start, end, start + 1);
    return { kind: 'comment', text: text.slice(start + 1, end), inline: false, origin };
  }
  const equals = text.indexOf('=', start);
  if (equals < 0 || equals >= end) throw invalidLine(`no "=" in line ${line}`, line);
  const raw = text.slice(equals + 1, end);
  const value = raw.includes('\\n') ? raw.replaceAll('\\n', '\n') : raw;
  const origin = new LineSpan(source, start, end, equals + 1);
  return { kind: 'entry', key: text.slice(start, equals), value: { kind: 'leaf', value, origin }, origin };
}

function invalidLine(reason: string, line: number): FormatError {
  return new FormatError(`invalid dotenv input line: ${reason}`, { line });
}

/**
 * Notices a value that opens a quote which a later line closes. A line between them that is quoted from end to end shows that
 * the first quote is an ordinary character.
 */
class OpenQuotes {
  readonly #openedAt = new Map<string, number>();

  /** @param value - the part of a line behind its first `=` */
  see(value: string, line: number): void {
    const trimmed = value.trim();
    const first = trimmed.slice(0, 1);
    const isQuoted = first === '"' || first === "'" || first === '`';
    const close = isQuoted ? closing(trimmed, first, 1) : -1;
    for (const [quote, opened] of this.#openedAt) {
      if (quote === first && close >= 0) this.#openedAt.delete(quote);
      else if (endsQuote(trimmed, quote) && !(isQuoted && close >= 0)) {
        throw invalidLine(`the quoted value in line ${opened} goes on over several lines`, opened);
      }
    }
    if (isQuoted && close < 0 && !this.#openedAt.has(first)) this.#openedAt.set(first, line);
  }
}

/** The position of the next quote that no backslash escapes. */
function closing(text: string, quote: string, from: number): number {
  let at = text.indexOf(quote, from);
  while (at > 0 && text[at - 1] === '\\') at = text.indexOf(quote, at + 1);
  return at;
}

/** Whether a quote that was opened before ends here: nothing but a comment stands behind it. */
function endsQuote(text: string, quote: string): boolean {
  const at = closing(text, quote, 0);
  return at >= 0 && /^\s*(?:#.*)?$/.test(text.slice(at + 1));
}
