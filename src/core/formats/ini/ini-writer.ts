/** Tree to INI text as the Go program writes it. Upstream: `stores/ini/store.go` on gopkg.in/ini.v1 1.67.3 (`file.go`). */
import { SopsError } from '../../errors.ts';
import type { Comment, Entry, Leaf, MapNode, Tree } from '../../tree/node.ts';
import { plainText } from '../../tree/scalar-text.ts';
import { encodeText } from '../../tree/utf8.ts';
import { splitNote } from '../ciphertext-note.ts';
import type { Form } from '../format.ts';
import { trimmed } from './go-space.ts';
import { DEFAULT_SECTION } from './ini-reader.ts';
import { CommentSpan, KeySpan } from './ini-source.ts';
import { quoteKey, quoteSection, quoteValue } from './quote-ini.ts';

/** The sections of all documents, a blank line between them. @throws SopsError `dump` */
export function writeIni(tree: Tree, form: Form): string {
  const sections = tree.documents.flatMap(({ items }) => items.filter((item) => item.kind === 'entry'));
  const texts = sections.map((section, index) => sectionLines(section, form, index === 0));
  return texts
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/**
 * The lines of a section.
 *
 * @param isFirst - whether a section DEFAULT needs no header; upstream leaves it out in any letter case, which loses the name (D44)
 * @throws SopsError `dump`
 */
export function sectionLines(section: Entry, form: Form, isFirst: boolean): string[] {
  const header = quoteSection(section.key);
  const { items } = sectionMap(section);
  const lines: string[] = [];
  const firstKey = items.findIndex((item) => item.kind === 'entry');
  const leading = items.slice(0, firstKey < 0 ? items.length : firstKey).filter((item) => item.kind === 'comment');
  const trailing: Comment[] = [];
  for (const comment of leading) {
    if (isTrailing(comment)) trailing.push(comment);
    else lines.push(...commentLines(comment, form, false));
  }
  // Without a key and a header a comment would go over to the next section.
  if (!isFirst || section.key !== DEFAULT_SECTION || (firstKey < 0 && lines.length > 0)) lines.push(header);
  const keyLines = new KeyLines(items);
  let comments: string[] = [];
  let line: string | undefined;
  for (const item of firstKey < 0 ? [] : items.slice(firstKey)) {
    if (item.kind === 'comment') {
      if (isTrailing(item)) trailing.push(item);
      else comments.push(...commentLines(item, form, true));
      continue;
    }
    if (line !== undefined) lines.push(...comments, line);
    comments = [];
    line = keyLines.line(item, form);
  }
  if (line !== undefined) lines.push(...comments, line);
  for (const comment of trailing) lines.push(...commentLines(comment, form, true));
  return lines;
}

/** At the end of a section: upstream has no such comments, and would take one for the last key's. */
function isTrailing({ origin }: Comment): boolean {
  return origin instanceof CommentSpan && origin.target === undefined;
}

/** @throws SopsError `dump` */
export function sectionMap({ key, value }: Entry): MapNode {
  if (value.kind === 'map') return value;
  throw new SopsError(
    'dump',
    'Error marshaling to INI: Error encoding section: Section values should always be TreeBranches',
    { location: [key] },
  );
}

/** Upstream trims the lines of a key's comment, and of a section's only those that have a comment character. */
export function commentLines({ text, ciphertext }: Comment, form: Form, isTrimmed: boolean): string[] {
  const written = form === 'encrypted' && ciphertext !== undefined ? splitNote(ciphertext).ciphertext : text;
  if (written === '') return [];
  return written.split('\n').map((line) => {
    if (line.startsWith('#') || line.startsWith(';')) return `${line.slice(0, 1)} ${trimmed(line.slice(1))}`;
    return `; ${isTrimmed ? trimmed(line) : line}`;
  });
}

/** The lines of a section's keys, their delimiters aligned by bytes. */
class KeyLines {
  readonly #names = new Map<Entry, string>();
  #width = 0;

  constructor(items: MapNode['items']) {
    const keys = new Set<string>();
    const numbers = new KeyNumbers();
    for (const item of items) {
      if (item.kind !== 'entry') continue;
      checkNotRepeated(item, keys);
      const isFromIni = item.origin instanceof KeySpan && item.origin.key === item.key;
      const name = numbers.isNext(item) ? '-' : quoteKey(item.key, isFromIni);
      this.#names.set(item, name);
      this.#width = Math.max(this.#width, byteLength(name));
    }
  }

  line(entry: Entry, form: Form): string {
    const name = this.#names.get(entry) ?? '';
    return `${name}${' '.repeat(this.#width - byteLength(name))} = ${quoteValue(valueText(entry, form))}`;
  }
}

/** A section cannot hold a key twice: all values but the last would be lost (D43). @throws SopsError `dump` */
export function checkNotRepeated({ key }: Entry, keys: Set<string>): void {
  if (keys.has(key)) {
    throw new SopsError('dump', 'Error marshaling to INI: a section of an INI file cannot hold a key twice', {
      location: [key],
    });
  }
  keys.add(key);
}

/** Counts the keys `-` of a section, as readers do. */
export class KeyNumbers {
  #count = 0;

  /** Whether the key was written as `-` and would be given its name again. */
  isNext({ key, origin }: Entry): boolean {
    if (!(origin instanceof KeySpan) || !origin.isNumbered || key !== `#${this.#count + 1}`) return false;
    this.#count++;
    return true;
  }
}

/** Length in UTF-8. */
export function byteLength(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : encodeText(text).length;
}

/** What stands for an entry's value, without quotes. @throws SopsError `dump` for a map or list */
export function valueText(entry: Entry, form: Form): string {
  const { value, spelling, ciphertext } = leafOf(entry);
  if (form === 'encrypted' && ciphertext !== undefined) return splitNote(ciphertext).ciphertext;
  // An integer beyond int64 is a float upstream and loses digits.
  if (typeof value === 'number' && spelling !== undefined && /^-?[1-9][0-9]*$/.test(spelling)) return spelling;
  return plainText(value);
}

/** @throws SopsError `dump` for a map or list */
export function leafOf({ key, value }: Entry): Leaf {
  if (value.kind === 'leaf') return value;
  throw new SopsError('dump', 'Error marshaling to INI: cannot use complex value in INI file', { location: [key] });
}
