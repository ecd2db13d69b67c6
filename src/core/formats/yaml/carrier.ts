/**
 * A scalar's place in the encrypted form: the ciphertext in the scalar's own style, so that decryption can give it back.
 *
 * A scalar that is written exactly as the canonical style would write it becomes a plain `ENC[…]`, as upstream has it. One with
 * other quotes gives them to its ciphertext: `"ENC[…]"`, `'ENC[…]'`. In flow collections, where a ciphertext needs quotes,
 * `'ENC[…]'` stands for a plain scalar (single-quoted where plain is impossible). What that does not tell goes into a note
 * (`notes.ts`); the ciphertext always takes one line. Each way is tried out and taken only if it gives the source text back.
 */

import { encodeBase64 } from '../../tree/base64.ts';
import type { Leaf } from '../../tree/node.ts';
import { encodeText } from '../../tree/utf8.ts';
import { blockHeader, blockShape } from './block-shape.ts';
import type { Edit } from './edits.ts';
import type { FlowStyle } from './flow-shape.ts';
import { flowShape } from './flow-shape.ts';
import { isBlankBetween, lineEnd, lineStart } from './layout-context.ts';
import { bareCiphertext, DROPPED_TAGS, noteOf, withNote } from './notes.ts';
import type { LeafOrigin } from './origin.ts';
import { isSameValue } from './reads-as.ts';
import type { Rendering, ScalarPlace } from './rendering.ts';
import { renderCarried } from './rendering.ts';
import { isLiteralPossible } from './scalar-text.ts';

/** A scalar of the source text, taken apart. */
interface SourceScalar extends Rendering {
  /** Behind the scalar or the header of a block. */
  headEnd: number;
  /** Where the lines of a block begin, with the break in front of them. */
  belowStart: number;
}

const QUOTES: Readonly<Record<FlowStyle, string>> = { plain: '', single: "'", double: '"' };

/** Puts a ciphertext in the place of a scalar of a plain text. */
export function sealScalar(leaf: Leaf, origin: LeafOrigin, ciphertext: string, place: ScalarPlace): Edit[] {
  const { tag } = origin;
  const isTagDropped = tag !== undefined && dropsTag(tag.text, leaf);
  const here: ScalarPlace = { ...place, tag: tag === undefined || isTagDropped ? '' : tag.text };
  const source = takeApart(origin, isTagDropped ? tag.text : '');
  const isChanged = !isSameValue(leaf.value, origin.value);
  const carrier = isChanged ? undefined : findCarrier(leaf, origin, source, here);
  const { style, parts } = carrier ?? lastResort(leaf, origin, here, isChanged);
  const text = QUOTES[style] + withNote(bareCiphertext(ciphertext), parts) + QUOTES[style];
  const edits: Edit[] = [{ start: origin.start, end: source.headEnd, text: missingIndent(origin, place) + text }];
  if (tag && isTagDropped) edits.unshift({ start: tag.start, end: behindTag(origin), text: '' });
  if (source.below !== '') edits.push({ start: source.belowStart, end: origin.end, text: '' });
  return edits;
}

/** A block may begin on a line of its own in the column of its key, or left of it; nothing else may. */
function missingIndent({ source, start, style }: LeafOrigin, { indent }: ScalarPlace): string {
  if (style !== 'literal' && style !== 'folded') return '';
  const first = lineStart(source.text, start);
  return isBlankBetween(source.text, first, start) ? ' '.repeat(Math.max(0, indent + 1 - (start - first))) : '';
}

/** Whether upstream would read something else than the ciphertext behind this tag. */
function dropsTag(tag: string, leaf: Leaf): boolean {
  if (tag === '!') return false;
  return typeof leaf.value !== 'string' || DROPPED_TAGS.includes(tag) || tag.startsWith('!<tag:yaml.org,2002:');
}

/** The blank behind a tag goes with it. */
function behindTag({ tag, source, start }: LeafOrigin): number {
  const end = tag?.end ?? start;
  return end < start && source.text[end] === ' ' ? end + 1 : end;
}

function takeApart({ source, start, end, style }: LeafOrigin, tag: string): SourceScalar {
  const { text } = source;
  const header = style === 'literal' || style === 'folded' ? blockHeader(text.slice(start, start + 4)) : undefined;
  if (!header) return { tag, head: text.slice(start, end), below: '', headEnd: end, belowStart: end };
  const headEnd = start + header.text.length;
  const belowStart = Math.min(lineEnd(text, headEnd), end);
  return { tag, head: header.text, below: text.slice(belowStart, end), headEnd, belowStart };
}

interface Carrier {
  style: FlowStyle;
  /** Those of the note. */
  parts: readonly string[];
}

/** The carrier of a scalar that will not come back as it was, or was changed. */
function lastResort(leaf: Leaf, origin: LeafOrigin, place: ScalarPlace, isChanged: boolean): Carrier {
  const { style, flow, tag } = origin;
  const usual: FlowStyle = flow ? 'single' : 'plain';
  if (isChanged) {
    const quotes = style === 'single' || style === 'double' ? style : usual;
    return { style: quotes, parts: styleNote(leaf, origin, place) };
  }
  // A whole number is a float by its tag alone.
  if (typeof leaf.value === 'number' && tag && dropsTag(tag.text, leaf)) return { style: usual, parts: ['p', 't2'] };
  return { style: flow && style === 'double' ? 'double' : usual, parts: [] };
}

/** Undefined where the scalar would not come back. */
function findCarrier(leaf: Leaf, origin: LeafOrigin, source: SourceScalar, place: ScalarPlace): Carrier | undefined {
  // Nearly all scalars need no more than this.
  const usual: Carrier = { style: place.flow ? 'single' : 'plain', parts: [] };
  if (comesBack(usual, leaf, source, place)) return usual;
  for (const carrier of candidates(leaf, origin, source, place)) {
    if (comesBack(carrier, leaf, source, place)) return carrier;
  }
  return undefined;
}

function comesBack({ style, parts }: Carrier, leaf: Leaf, source: SourceScalar, place: ScalarPlace): boolean {
  const { tag, head, below } = renderCarried(leaf, style, parts.length === 0 ? undefined : { parts }, place);
  return tag === source.tag && head === source.head && below === source.below;
}

function* candidates(leaf: Leaf, origin: LeafOrigin, source: SourceScalar, place: ScalarPlace): Generator<Carrier> {
  const usual: FlowStyle = place.flow ? 'single' : 'plain';
  const { style } = origin;
  if (style === 'single' || style === 'double') yield { style, parts: [] };
  const number = DROPPED_TAGS.indexOf(source.tag) + 1;
  if (source.tag !== '' && number === 0) return;
  const tag = number === 0 ? [] : [`t${number}`];
  if (style === 'literal' || style === 'folded') {
    for (const parts of blockNotes(leaf, source, place)) yield { style: usual, parts: [...tag, ...parts] };
    return;
  }
  const carrier = style === 'plain' ? usual : style;
  const letter = style === 'double' || (style === 'single' && !place.flow) ? [] : [style.slice(0, 1)];
  for (const parts of flowNotes(leaf, source, style, place))
    yield { style: carrier, parts: [...letter, ...tag, ...parts] };
}

/** What a note may say about a scalar that is no block. */
function* flowNotes(leaf: Leaf, source: SourceScalar, style: FlowStyle, place: ScalarPlace): Generator<string[]> {
  yield [];
  const { value } = leaf;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const places = Array.from(source.head.matchAll(/_/g), (match) => match.index);
    if (places.length > 0) yield [`u${places.join('.')}`];
  }
  if (typeof value !== 'string') return;
  const shape = flowShape(source.head, style, contentOf(value, source), place.lineBreak);
  if (shape) yield shape;
}

/** What a note may say about a block. */
function* blockNotes(leaf: Leaf, source: SourceScalar, place: ScalarPlace): Generator<string[]> {
  const header = blockHeader(source.head);
  const { value } = leaf;
  if (!header || (typeof value !== 'string' && !(value instanceof Uint8Array))) return;
  const lines = source.below === '' ? [] : source.below.slice(place.lineBreak.length).split(place.lineBreak);
  const wrap = source.tag === '!!binary' ? [`m${lines[0]?.trim().length ?? 0}`] : [];
  const content = source.tag === '!!binary' ? lines.map((line) => `${line.trim()}\n`).join('') : value;
  if (typeof content !== 'string') return;
  const text = header.chomping === '-' && wrap.length > 0 ? content.slice(0, -1) : content;
  const shape = blockShape(header, lines, Math.max(place.indent, 0), text);
  if (shape) yield [...wrap, ...shape];
}

function contentOf(value: string, { tag }: SourceScalar): string {
  return tag === '!!binary' ? encodeBase64(encodeText(value)) : value;
}

/** Puts a value in the place of its ciphertext. */
export function openScalar(leaf: Leaf, origin: LeafOrigin, place: ScalarPlace): Edit[] {
  const { style } = origin;
  const carrier = style === 'literal' || style === 'folded' ? 'plain' : style;
  const note = typeof origin.value === 'string' ? noteOf(origin.value) : undefined;
  return putScalar(leaf, renderCarried(leaf, carrier, note, { ...place, tag: keptTag(leaf, origin) }), origin);
}

/** The tag that a value of a clear text leaves in place: one that makes no string of what is none. */
export function keptTag(leaf: Leaf, { tag }: LeafOrigin): string {
  return tag === undefined || (tag.text !== '!' && dropsTag(tag.text, leaf)) ? '' : tag.text;
}

/** The note that describes the style of a scalar for a new value of several lines: of a block its column, of others nothing. */
export function styleNote(leaf: Leaf, origin: LeafOrigin, place: ScalarPlace): readonly string[] {
  const { style, value } = origin;
  if (typeof leaf.value !== 'string' || !isLiteralPossible(leaf.value) || !leaf.value.includes('\n')) return [];
  if ((style !== 'literal' && style !== 'folded') || typeof value !== 'string') return [];
  const { head, below } = takeApart(origin, '');
  const header = blockHeader(head);
  const lines = below.slice(place.lineBreak.length).split(place.lineBreak);
  const shape = header && blockShape(header, lines, Math.max(place.indent, 0), value);
  const columns = /\d+/.exec(shape?.[0] ?? '')?.[0];
  return columns === undefined ? [] : [`L${columns}`];
}

/** Puts a scalar in the place of another one. */
export function putScalar(leaf: Leaf, rendering: Rendering, origin: LeafOrigin): Edit[] {
  const { text } = origin.source;
  const { head, below } = rendering;
  const tag = rendering.tag === '' ? '' : `${rendering.tag} `;
  const old = takeApart(origin, '');
  const edits: Edit[] = [];
  const property = origin.tag;
  if (property && (tag !== '' || keptTag(leaf, origin) === ''))
    edits.push({ start: property.start, end: behindTag(origin), text: '' });
  if (origin.start === origin.end && lineEnd(text, origin.end) === origin.end)
    return [...edits, insertion(origin.end, tag + head + below)];
  edits.push({ start: origin.start, end: old.headEnd, text: tag + head });
  if (old.below !== '') edits.push({ start: old.belowStart, end: origin.end, text: below });
  else if (below !== '') edits.push(insertion(lineEnd(text, origin.end), below));
  return edits;
}

/** Lines that belong to a scalar come before anything else that is new at the same place. */
function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text, depth: Infinity };
}
