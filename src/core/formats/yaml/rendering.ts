/** How a value is written at a place, from what stands for it in the encrypted form. */

import { encodeBase64 } from '../../tree/base64.ts';
import type { Leaf, Value } from '../../tree/node.ts';
import type { Timestamp } from '../../tree/timestamp.ts';
import { decodeText, encodeText, isWellFormed } from '../../tree/utf8.ts';
import { renderBlock } from './block-shape.ts';
import type { FlowStyle } from './flow-shape.ts';
import { renderFlow } from './flow-shape.ts';
import type { Note } from './notes.ts';
import { DROPPED_TAGS } from './notes.ts';
import { readsAs } from './reads-as.ts';
import type { ScalarText } from './scalar-text.ts';
import {
  canonicalScalar,
  canonicalWord,
  doubleQuoted,
  isPlainPossible,
  literalHeader,
  literalLines,
  singleQuoted,
} from './scalar-text.ts';
import { sourceOf } from './spelling.ts';

/** What of its surroundings decides how a scalar may be written. */
export interface ScalarPlace {
  /** Whether it stands in a flow collection. */
  flow: boolean;
  /** Column of the innermost block collection around it, -1 if there is none. */
  indent: number;
  /** Whether that is a list with the scalar as an element. */
  inList: boolean;
  /** Columns of an indentation in the canonical style. */
  step: number;
  lineBreak: string;
  /** The tag in front of the scalar that stays, empty for none. */
  tag: string;
  /** Whether the line below is blank: it would become part of a block that keeps its last line breaks. */
  isBlankBelow: boolean;
  /** A block that stands no deeper would take in what follows; -1 if nothing could be. */
  depthBelow: number;
  /** Whether its line will be the last one, without a line break. */
  isTextEnd: boolean;
}

/** A scalar in pieces, since a comment may stand between the header of a block and its lines. */
export interface Rendering {
  /** A tag to go in front, or nothing. */
  tag: string;
  /** The whole scalar, or the header of a block. */
  head: string;
  /** The lines of a block, each with a line break in front; empty for other scalars. */
  below: string;
}

/** A value as the canonical style has it at a place. */
export function renderCanonical(leaf: Leaf, place: ScalarPlace): Rendering {
  const { value } = leaf;
  if (value !== null && typeof value !== 'string' && !(value instanceof Uint8Array)) {
    return { tag: '', head: wordOf(value, leaf.spelling), below: '' };
  }
  return renderScalar(canonicalScalar(value, place.flow), place);
}

/** A canonical scalar put at a place. */
export function renderScalar(scalar: ScalarText, place: ScalarPlace): Rendering {
  if (scalar.style !== 'literal') {
    // A second tag is an error; quotes say the same as `!!merge`.
    if (place.tag !== '' && scalar.tag === '!!merge') return { tag: '', head: doubleQuoted(scalar.text), below: '' };
    return { tag: scalar.tag, head: scalar.text, below: '' };
  }
  const column = literalColumn(place);
  const header = literalHeader(scalar.text, column - Math.max(place.indent, 0), place.step);
  if ((header.endsWith('+') && place.isBlankBelow) || place.depthBelow >= column) {
    return { tag: scalar.tag, head: doubleQuoted(scalar.text), below: '' };
  }
  const margin = ' '.repeat(column);
  const lines = literalLines(scalar.text).map((line) => place.lineBreak + (line === '' ? '' : margin + line));
  // The text's own last break is part of the value.
  if (place.isTextEnd && scalar.text.endsWith('\n')) lines.push(place.lineBreak);
  return { tag: scalar.tag, head: header, below: lines.join('') };
}

/** The column of a literal block's text in the canonical style. */
function literalColumn({ indent, inList, step }: ScalarPlace): number {
  if (inList) return indent + 2;
  return step * Math.floor((Math.max(indent, 0) + step) / step);
}

function wordOf(value: bigint | number | boolean | Timestamp, spelling: string | undefined): string {
  return (spelling === undefined ? undefined : sourceOf(spelling, value)) ?? canonicalWord(value);
}

/** What a carrier's quotes and note say about the scalar it stands for. */
export function renderCarried(leaf: Leaf, carrier: FlowStyle, note: Note | undefined, place: ScalarPlace): Rendering {
  if (note) {
    const rendering = renderNoted(leaf, carrier, note, place);
    if (rendering) return rendering;
  }
  const { value } = leaf;
  const isText = typeof value === 'string' && value !== '' && isWellFormed(value);
  if (!isText || (carrier === 'plain' && !place.flow)) return renderCanonical(leaf, place);
  if (carrier === 'double') return { tag: '', head: doubleQuoted(value), below: '' };
  if (place.flow && isPlainPossible(value, true) && readsAs(value, 'plain', '', value, place)) {
    return { tag: '', head: value, below: '' };
  }
  const quoted = singleQuoted(value);
  return isOneLine(value) ? { tag: '', head: quoted, below: '' } : renderCanonical(leaf, place);
}

/** Whether single quotes hold a text: YAML allows its characters, and none is a line break. */
function isOneLine(text: string): boolean {
  return !/[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(text);
}

const STYLES: Readonly<Record<string, FlowStyle>> = { p: 'plain', s: 'single', d: 'double' };

/** Undefined where the note does not fit the value. */
function renderNoted(leaf: Leaf, carrier: FlowStyle, { parts }: Note, place: ScalarPlace): Rendering | undefined {
  let style = carrier;
  let tag = '';
  const words: string[] = [];
  const shape: string[] = [];
  for (const part of parts) {
    if (part in STYLES) style = STYLES[part] ?? carrier;
    else if (/^t\d$/.test(part)) tag = DROPPED_TAGS[Number(part[1]) - 1] ?? '';
    else if (/^[um]\d/.test(part)) words.push(part);
    else shape.push(part);
  }
  const text = textOf(leaf, tag, words);
  if (text === undefined) return undefined;
  // Whatever other tag stays makes it a string.
  const readTag = tag || (place.tag === '' || place.tag === '!' ? '' : '!!str');
  if (/^[LG]/.test(shape[0] ?? '')) return renderNotedBlock(leaf.value, shape, text, tag, readTag, place);
  const head = renderFlow(shape, style, text, place.lineBreak);
  if (head === undefined || !readsAs(head, style, readTag, leaf.value, place)) return undefined;
  return { tag, head, below: '' };
}

function renderNotedBlock(
  value: Value,
  shape: readonly string[],
  text: string,
  tag: string,
  readTag: string,
  place: ScalarPlace,
): Rendering | undefined {
  const block = place.flow ? undefined : renderBlock(shape, text, Math.max(place.indent, 0));
  if (!block || (block.header.includes('+') && place.isBlankBelow)) return undefined;
  const first = block.lines.find((line) => line.trim() !== '') ?? '';
  if (place.depthBelow >= first.length - first.trimStart().length) return undefined;
  const below = block.lines.map((line) => place.lineBreak + line).join('');
  const style = block.header.startsWith('>') ? 'folded' : 'literal';
  const whole = block.header + below + (place.isTextEnd ? '' : place.lineBreak);
  return readsAs(whole, style, readTag, value, place) ? { tag, head: block.header, below } : undefined;
}

/** The text of a scalar without quotes and escapes. */
function textOf({ value, spelling }: Leaf, tag: string, words: readonly string[]): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string' || value instanceof Uint8Array) {
    if (tag === '!!binary') return wrapped(typeof value === 'string' ? encodeText(value) : value, words[0]);
    return typeof value === 'string' ? value : decodeText(value);
  }
  let word = wordOf(value, spelling);
  for (const part of words) {
    for (const at of part.slice(1).split('.').map(Number)) word = `${word.slice(0, at)}_${word.slice(at)}`;
  }
  return word;
}

/** Base64 in lines of a width. */
function wrapped(bytes: Uint8Array, part: string | undefined): string {
  const base64 = encodeBase64(bytes);
  const width = Number(part?.slice(1));
  if (!(width > 0)) return base64;
  const lines: string[] = [];
  for (let at = 0; at < base64.length; at += width) lines.push(`${base64.slice(at, at + width)}\n`);
  return lines.join('');
}
