/** Tree to dotenv text: as the Go program writes it, or into the layout of the text that the tree was read from. */
import { SopsError } from '../../errors.ts';
import type { Comment, Entry, Leaf, MapNode, Tree } from '../../tree/node.ts';
import { plainText } from '../../tree/scalar-text.ts';
import { splitNote } from '../ciphertext-note.ts';
import type { Form } from '../format.ts';
import type { DotenvSource } from './dotenv-reader.ts';
import { LineSpan } from './dotenv-reader.ts';

/** What the keys of the metadata start with. */
const METADATA_PREFIX = 'sops_';

/** Writes every entry and comment on a line of its own. @throws SopsError `dump` */
export function writeDotenv(tree: Tree, form: Form): string {
  return singleDocument(tree)
    .items.map((item) => `${lineOf(item, form)}\n`)
    .join('');
}

/**
 * Copies the source but for the lines that changed. A new line stands behind the item before it; new metadata stand at the very
 * end, so that the text in front of them is the user's.
 *
 * @throws SopsError `dump`
 */
export function writeDotenvWithLayout(tree: Tree, source: DotenvSource, form: Form): string {
  const { text } = source;
  const pieces: string[] = [];
  let cursor = 0;
  /** Copies up to a line start, but for lines whose items are gone; blank lines stay. */
  const copyGap = (end: number): void => {
    let runStart = cursor;
    while (cursor < end) {
      const feed = text.indexOf('\n', cursor);
      const next = feed < 0 ? end : feed + 1;
      if (feed !== cursor) {
        pieces.push(text.slice(runStart, cursor));
        runStart = next;
      }
      cursor = next;
    }
    pieces.push(text.slice(runStart, end));
  };
  let isAfterMetadata = false;
  for (const item of singleDocument(tree).items) {
    const { origin } = item;
    const line = lineOf(item, form);
    const isMetadata = item.kind === 'entry' && item.key.startsWith(METADATA_PREFIX);
    if (origin instanceof LineSpan && origin.source === source && origin.start >= cursor) {
      copyGap(origin.start);
      const isSame = line.length === origin.end - origin.start && text.startsWith(line, origin.start);
      pieces.push(isSame ? text.slice(origin.start, origin.end + 1) : line + text.slice(origin.end, origin.end + 1));
      cursor = Math.min(origin.end + 1, text.length);
    } else {
      if (isMetadata && !isAfterMetadata) copyGap(text.length);
      endLine(pieces);
      pieces.push(line, '\n');
    }
    isAfterMetadata = isMetadata;
  }
  copyGap(text.length);
  return pieces.join('');
}

function endLine(pieces: string[]): void {
  const last = pieces.findLast((piece) => piece !== '');
  if (last !== undefined && !last.endsWith('\n')) pieces.push('\n');
}

function lineOf(item: Entry | Comment, form: Form): string {
  if (item.kind === 'comment') {
    const { text, ciphertext } = item;
    // A comment of several lines comes from another format.
    return `#${form === 'encrypted' && ciphertext !== undefined ? splitNote(ciphertext).ciphertext : text.replaceAll('\n', '\n#')}`;
  }
  const leaf = checkedLeaf(item);
  return `${item.key}=${rawValue(item.key, leaf, form)}`;
}

function rawValue(key: string, leaf: Leaf, form: Form): string {
  if (form === 'encrypted' && leaf.ciphertext !== undefined) return splitNote(leaf.ciphertext).ciphertext;
  const { value, spelling } = leaf;
  // An integer beyond int64 is a float upstream and loses digits.
  if (typeof value === 'number' && spelling !== undefined && /^-?[1-9][0-9]*$/.test(spelling)) return spelling;
  const text = plainText(value);
  if (form === 'encrypted' && text.includes('\\n') && !key.startsWith(METADATA_PREFIX)) {
    throw new SopsError(
      'dump',
      'a clear value with a backslash before an n would be read from a dotenv file as a line break: the file could not be decrypted',
      { location: [key] },
    );
  }
  return text.replaceAll('\n', '\\n');
}

/** The leaf of an entry that dotenv can hold. @throws SopsError `dump` */
export function checkedLeaf({ key, value }: Entry): Leaf {
  if (value.kind !== 'leaf') {
    throw new SopsError('dump', `cannot use complex value in dotenv file; offending key ${key}`, { location: [key] });
  }
  if (/[=\n]|^#/.test(key)) {
    throw new SopsError('dump', 'cannot use a key with "=", a line break or a leading "#" in a dotenv file', {
      location: [key],
    });
  }
  return value;
}

/** @throws SopsError `dump` */
export function singleDocument({ documents }: Tree): MapNode {
  const [root] = documents;
  if (!root || documents.length > 1) {
    throw new SopsError('dump', `a dotenv file holds one document, not ${documents.length}`);
  }
  return root;
}
