/** Tree to JSON text as the Go program writes it. Upstream: `stores/json/store.go` on Go's encoding/json. */
import { SopsError } from '../../errors.ts';
import type { Comment, Entry, Leaf, ListNode, MapNode, Node, Value } from '../../tree/node.ts';
import { Timestamp } from '../../tree/timestamp.ts';
import { decodeText, isWellFormed } from '../../tree/utf8.ts';
import { splitNote } from '../ciphertext-note.ts';
import type { Form } from '../format.ts';
import { quote } from './json-string.ts';

/** Go's encoding/json writes no deeper. */
export const MAX_DEPTH = 10_000;

/** How what has no layout of its own is written. */
export interface JsonStyle {
  /** Line break, or undefined to write everything on one line. */
  eol: string | undefined;
  /** One level of indentation. */
  unit: string;
  /** Between key and value. */
  colon: string;
  /** Behind the comma on one line. */
  gap: string;
}

/** The style of a text written anew. @param indent - number of blanks, -1 for a tab. @throws SopsError `dump` */
export function canonicalStyle(indent: number): JsonStyle {
  if (indent < -1) throw new SopsError('dump', 'JSON Indentation parameter smaller than -1 is not accepted');
  return { eol: '\n', unit: indent < 0 ? '\t' : ' '.repeat(indent), colon: ': ', gap: ' ' };
}

/** Where a node that is to be written hangs. */
export interface Position {
  /** Indentation of the line that the node starts on. */
  indent: string;
  /** How many objects and arrays are around the node. */
  depth: number;
  /** How many of them are objects. */
  maps: number;
}

/** The position of a root. */
export const ROOT: Position = { indent: '', depth: 0, maps: 0 };

interface Frame {
  container: MapNode | ListNode;
  index: number;
  written: number;
  maps: number;
  /** Line break and indentation of its items; undefined on one line. */
  lead: string | undefined;
  /** Line break and indentation of its closing bracket. */
  tail: string;
}

/**
 * Writes a node.
 *
 * @throws SopsError `dump` for NaN, infinity and what is nested too deep
 */
export function writeNode(pieces: string[], node: Node, form: Form, style: JsonStyle, position: Position): void {
  if (node.kind === 'leaf') {
    pieces.push(leafText(node, form, position.maps));
    return;
  }
  const stack: Frame[] = [];
  open(pieces, stack, node, style, position.indent, position);
  for (;;) {
    const frame = stack.at(-1);
    if (!frame) return;
    const item = frame.container.items[frame.index++];
    if (item === undefined) {
      if (frame.written > 0) pieces.push(frame.tail);
      pieces.push(frame.container.kind === 'map' ? '}' : ']');
      stack.pop();
      continue;
    }
    const value = writtenValue(item, frame.container, form);
    if (value === undefined) continue;
    if (frame.written++ > 0) pieces.push(frame.lead === undefined ? `,${style.gap}` : ',');
    if (frame.lead !== undefined) pieces.push(frame.lead);
    if (item.kind === 'entry') pieces.push(quote(item.key), style.colon);
    if (value.kind === 'leaf') pieces.push(leafText(value, form, frame.maps));
    else
      open(pieces, stack, value, style, frame.lead?.slice((style.eol ?? '').length) ?? '', {
        ...position,
        maps: frame.maps,
      });
  }
}

function open(
  pieces: string[],
  stack: Frame[],
  container: MapNode | ListNode,
  style: JsonStyle,
  indent: string,
  { depth, maps }: Position,
): void {
  checkDepth(depth + stack.length + 1);
  pieces.push(container.kind === 'map' ? '{' : '[');
  const isBroken = style.eol !== undefined;
  stack.push({
    container,
    index: 0,
    written: 0,
    maps: maps + (container.kind === 'map' ? 1 : 0),
    lead: isBroken ? `${style.eol}${indent}${style.unit}` : undefined,
    tail: isBroken ? `${style.eol}${indent}` : '',
  });
}

/** @throws SopsError `dump` */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new SopsError('dump', 'Error marshaling to json: exceeded max depth');
}

/**
 * What stands for an item in JSON, which has no comments: a comment is left out, but one in a list that was encrypted is the
 * string of its ciphertext, as in upstream's files.
 */
export function writtenValue(
  item: Entry | Node | Comment,
  container: MapNode | ListNode,
  form: Form,
): Node | undefined {
  if (item.kind === 'entry') return item.value;
  if (item.kind !== 'comment') return item;
  if (container.kind === 'map' || form === 'plain' || item.ciphertext === undefined) return undefined;
  return { kind: 'leaf', value: item.text, ciphertext: item.ciphertext, origin: item.origin };
}

/** The canonical text of a leaf. @param maps - the number of objects around it, which upstream's message counts */
export function leafText(leaf: Leaf, form: Form, maps: number): string {
  if (form === 'encrypted' && leaf.ciphertext !== undefined) return quote(splitNote(leaf.ciphertext).ciphertext);
  if (form === 'encrypted') checkText(leaf.value);
  const { spelling } = leaf;
  // An integer beyond int64 is a float upstream and loses digits; here they are written.
  if (typeof leaf.value === 'number' && spelling !== undefined && isIntegerOf(leaf.value, spelling)) return spelling;
  return valueText(leaf.value, maps);
}

/** JSON has no bytes: a clear value that is no text would be read as another, and the MAC could not match (D44). */
function checkText(value: Value): void {
  const isText =
    typeof value === 'string' ? isWellFormed(value) : !(value instanceof Uint8Array) || isWellFormed(decodeText(value));
  if (isText) return;
  throw new SopsError(
    'dump',
    'Error marshaling to json: a clear value that is not UTF-8 text: the file could not be decrypted',
  );
}

function isIntegerOf(value: number, spelling: string): boolean {
  return /^-?[1-9][0-9]*$/.test(spelling) && Number(spelling) === value;
}

/** The canonical text of a value. @throws SopsError `dump` for NaN and infinity */
export function valueText(value: Value, maps: number): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      if (!Number.isFinite(value)) throw unsupportedNumber(value, maps);
      // ECMAScript's notation is the one that Go's encoding/json took over, but for the sign of zero.
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return quote(value instanceof Timestamp ? value.text : decodeText(value));
  }
}

function unsupportedNumber(value: number, maps: number): SopsError {
  const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const prefix = maps > 0 ? `Error marshaling to json: ${'Error encoding value : '.repeat(maps)}` : '';
  return new SopsError('dump', `${prefix}json: unsupported value: ${name}`);
}
