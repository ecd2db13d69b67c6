/**
 * Whole trees in the style of the Go program, comments where it puts them. Upstream: `stores/yaml/store.go`, for which
 * comment becomes the head, line or foot of which node; `canonical-writer.ts` has the rest.
 */
import { SopsError } from '../../errors.ts';
import type { Comment, Entry, Leaf, ListNode, MapNode, Node, Tree } from '../../tree/node.ts';
import { encodeText } from '../../tree/utf8.ts';
import type { Form } from '../format.ts';
import type { NodeComments } from './canonical-writer.ts';
import { CanonicalWriter } from './canonical-writer.ts';
import { bareCiphertext } from './notes.ts';
import type { ScalarText } from './scalar-text.ts';
import { canonicalScalar, doubleQuoted, LONGEST_SIMPLE_KEY } from './scalar-text.ts';

export interface CanonicalOptions {
  form: Form;
  /** As the user gave it; what libyaml cannot do becomes 2. */
  indent: number;
  /** Leaves out every comment. */
  withoutComments?: boolean;
  /** Quotes what would be a literal block: a comment below would be taken for its text. */
  withoutBlocks?: boolean;
  /** A tag to write in front of one node. */
  tagged?: { node: Node; tag: string };
}

export const DEFAULT_INDENT = 4;

/** Writes a whole file. @throws SopsError `dump` for a negative indentation */
export function emitCanonical(tree: Tree, options: CanonicalOptions): string {
  const writer = new CanonicalWriter(libyamlStep(options.indent));
  for (const document of tree.documents) writeDocument(writer, document, options);
  return writer.text();
}

/** Writes one node as if it were a document, with a line end. @throws SopsError `dump` for a negative indentation */
export function emitCanonicalNode(node: Node, options: CanonicalOptions): string {
  const writer = new CanonicalWriter(libyamlStep(options.indent));
  writeDocument(writer, node, options);
  return writer.text();
}

/** The indentation that libyaml makes of the one asked for. @throws SopsError `dump` for a negative one */
export function libyamlStep(indent: number): number {
  if (indent < 0) throw new SopsError('dump', 'YAML Negative indentation not accepted');
  return indent >= 2 && indent <= 9 ? indent : 2;
}

interface Frame {
  node: MapNode | ListNode;
  /** Of the next item. */
  index: number;
  /** Index of the last item that is no comment, -1 if there is none. */
  last: number;
  /** The comments behind a value that were met already. */
  inline: string[];
  /** Those of the collection as an item of its parent. */
  comments: NodeComments;
}

const NO_COMMENTS: NodeComments = { head: [], line: [], foot: [] };

function writeDocument(writer: CanonicalWriter, root: Node, options: CanonicalOptions): void {
  writer.startDocument();
  const stack: Frame[] = [];
  startNode(writer, root, NO_COMMENTS, stack, options);
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    if (frame.index <= frame.last) {
      writeItem(writer, frame, stack, options);
      continue;
    }
    stack.pop();
    const { line, foot } = frame.comments;
    if (frame.node.kind === 'list') writer.endList(line, foot);
    else writer.endMap(frame.last < 0 ? [] : trailing(frame, options), line, foot);
  }
  writer.endDocument();
}

function writeItem(writer: CanonicalWriter, frame: Frame, stack: Frame[], options: CanonicalOptions): void {
  const { own, inline } = takeComments(frame, options);
  const line = [...frame.inline.splice(0), ...inline];
  const item = frame.node.items[frame.index++];
  if (!item || item.kind === 'comment') return;
  if (item.kind === 'entry') {
    const key = keyScalar(item);
    writer.key(key, isSimpleKey(item.key, key), own);
    startNode(writer, item.value, { head: [], line, foot: [] }, stack, options);
    return;
  }
  const foot = frame.index > frame.last ? trailing(frame, options) : [];
  startNode(writer, item, { head: own, line, foot }, stack, options);
}

function startNode(
  writer: CanonicalWriter,
  node: Node,
  comments: NodeComments,
  stack: Frame[],
  options: CanonicalOptions,
): void {
  const tag = options.tagged?.node === node ? options.tagged.tag : '';
  if (node.kind === 'leaf') {
    const literal = leafScalar(node, options.form);
    const isQuoted = options.withoutBlocks && literal.style === 'literal';
    const scalar: ScalarText = isQuoted ? { ...literal, style: 'double', text: doubleQuoted(literal.text) } : literal;
    writer.scalar(tag === '' ? scalar : { ...scalar, tag }, comments);
    return;
  }
  const { items } = node;
  let last = items.length - 1;
  while (last >= 0 && items[last]?.kind === 'comment') last--;
  const frame: Frame = { node, index: 0, last, inline: [], comments };
  const { own, inline } = takeComments(frame, options);
  // Comments on their own lines in front of the first item are the head of the whole collection.
  if (last >= 0) frame.inline = inline;
  const head = [...comments.head, ...own, ...(last < 0 ? inline : [])];
  if (node.kind === 'map') writer.startMap(last < 0, tag, head);
  else writer.startList(last < 0, tag, head);
  stack.push(frame);
}

/** The comments in front of the next item, without their end if there is none. */
function takeComments(frame: Frame, options: CanonicalOptions): { own: string[]; inline: string[] } {
  const own: string[] = [];
  const inline: string[] = [];
  for (let item = frame.node.items[frame.index]; item?.kind === 'comment'; item = frame.node.items[++frame.index]) {
    if (!options.withoutComments) (item.inline ? inline : own).push(...commentLines(item, options.form));
  }
  return { own, inline };
}

function trailing(frame: Frame, options: CanonicalOptions): string[] {
  const { own, inline } = takeComments(frame, options);
  return [...own, ...inline];
}

/** The lines of a comment with their `#`. One of several lines comes from another format: go-yaml gives it its own `# `. */
export function commentLines(comment: Comment, form: Form): string[] {
  const text = (form === 'encrypted' ? comment.ciphertext : undefined) ?? comment.text;
  const lines = text.split(COMMENT_BREAK);
  // The break of a CR LF line in a dotenv file.
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    if (index === 0 || line === '') return `#${line}`;
    return line.startsWith('#') ? line : `# ${line}`;
  });
}

const COMMENT_BREAK = /\r\n|[\n\r\x85\u2028\u2029]/;

/** A leaf's text: its ciphertext or its value. */
export function leafScalar(leaf: Leaf, form: Form, flow = false): ScalarText {
  const isSealed = form === 'encrypted' && leaf.ciphertext !== undefined;
  if (!isSealed) return canonicalScalar(leaf.value, flow);
  const text = bareCiphertext(leaf.ciphertext ?? '');
  if (!flow) return { tag: '', style: 'plain', text };
  // The quotes are those of the carrier (`carrier.ts`).
  const { style } = canonicalScalar(leaf.value, true);
  return style === 'double' ? { tag: '', style, text: `"${text}"` } : { tag: '', style: 'single', text: `'${text}'` };
}

/** A key's text. `<<` goes with its tag where it can be taken for a merge, else in quotes: readers refuse to merge a scalar. */
export function keyScalar(entry: Entry, flow = false): ScalarText {
  if (entry.keyType) return { tag: '', style: 'plain', text: typedKeyText(entry.keyType) };
  if (entry.key === '<<' && !isMergeable(entry.value)) return { tag: '', style: 'double', text: '"<<"' };
  return canonicalScalar(entry.key, flow);
}

/** YAML for what Go prints of a key that is no string. */
function typedKeyText({ type, text }: { type: string; text: string }): string {
  if (type === '<nil>') return 'null';
  if (type === 'float64') return GO_FLOATS.get(text) ?? text;
  const [, date, time, offset = ''] = (type === 'time.Time' && /^(\S+) (\S+) ([+-]\d{4})/.exec(text)) || [];
  if (date === undefined || time === undefined) return text;
  return `${date}T${time}${offset === '+0000' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(3)}`}`;
}

const GO_FLOATS = new Map([
  ['+Inf', '.inf'],
  ['-Inf', '-.inf'],
  ['NaN', '.nan'],
]);

function isMergeable(node: Node): boolean {
  return (
    node.kind === 'map' ||
    (node.kind === 'list' && node.items.every((item) => item.kind !== 'leaf' && item.kind !== 'list'))
  );
}

function isSimpleKey(key: string, scalar: ScalarText): boolean {
  if (/[\n\r\x85\u2028\u2029]/.test(key)) return false;
  return key.length <= LONGEST_SIMPLE_KEY && encodeText(key).length + scalar.tag.length <= LONGEST_SIMPLE_KEY;
}
