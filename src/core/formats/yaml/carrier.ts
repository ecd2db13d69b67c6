/**
 * A scalar's place in the encrypted form: the ciphertext in the scalar's own style, so that decryption can give it back.
 *
 * A scalar that is written exactly as the canonical style would write it becomes a plain `ENC[…]`, as upstream has it. One in
 * another style gives its ciphertext that style: `"ENC[…]"`, `'ENC[…]'`, or a block whose header stays. In flow collections, where
 * a ciphertext needs quotes, `'ENC[…]'` stands for a plain scalar (single-quoted where plain is impossible). What that does not
 * tell goes into a note (`notes.ts`). Each way is tried out and taken only if it gives the source text back.
 */
import type { Leaf } from '../../tree/node.ts';
import { encodeText } from '../../tree/utf8.ts';
import { blockHeader, blockLines, blockShape } from './block-shape.ts';
import type { Edit } from './edits.ts';
import type { FlowStyle } from './flow-shape.ts';
import { flowShape } from './flow-shape.ts';
import { lineEnd } from './layout-context.ts';
import { bareCiphertext, DROPPED_TAGS, noteOf, withNote } from './notes.ts';
import type { LeafOrigin } from './origin.ts';
import { readsAs } from './reads-as.ts';
import type { Rendering, ScalarPlace } from './rendering.ts';
import { renderCanonical, renderCarried } from './rendering.ts';
import { encodeBase64, isLiteralPossible, literalHeader } from './scalar-text.ts';

/** A scalar of the source text, taken apart. */
interface SourceScalar extends Rendering {
  /** Behind the scalar or the header of a block. */
  headEnd: number;
  /** Where the lines of a block begin, with the break in front of them. */
  belowStart: number;
}

/** Puts a ciphertext in the place of a scalar of a plain text. */
export function sealScalar(leaf: Leaf, origin: LeafOrigin, ciphertext: string, place: ScalarPlace): Edit[] {
  const { tag } = origin;
  const isTagDropped = tag !== undefined && dropsTag(tag.text, leaf);
  const here: ScalarPlace = { ...place, isTagged: tag !== undefined && !isTagDropped };
  const source = takeApart(origin, isTagDropped ? (tag?.text ?? '') : '');
  const bare = bareCiphertext(ciphertext);
  const block = sealAsBlock(leaf, origin, source, bare, here);
  const carrier = sealAsWord(leaf, origin, source, bare, here);
  const edits: Edit[] = [];
  if (tag && isTagDropped) edits.push({ start: tag.start, end: behindTag(origin), text: '' });
  if (carrier === undefined && block) return [...edits, ...block];
  edits.push({ start: origin.start, end: source.headEnd, text: carrier ?? fallback(origin, bare) });
  if (source.below !== '') edits.push({ start: source.belowStart, end: origin.end, text: '' });
  return edits;
}

/** The blank behind a tag goes with it. */
function behindTag({ tag, source, start }: LeafOrigin): number {
  const end = tag?.end ?? start;
  return end < start && source.text[end] === ' ' ? end + 1 : end;
}

/** Whether upstream would read something else than the ciphertext behind this tag. */
function dropsTag(tag: string, leaf: Leaf): boolean {
  if (tag === '!') return false;
  return typeof leaf.value !== 'string' || DROPPED_TAGS.includes(tag) || /^!<tag:yaml\.org,2002:/.test(tag);
}

function takeApart({ source, start, end, style }: LeafOrigin, tag: string): SourceScalar {
  const { text } = source;
  const header = style === 'literal' || style === 'folded' ? blockHeader(text.slice(start, start + 4)) : undefined;
  if (!header) return { tag, head: text.slice(start, end), below: '', headEnd: end, belowStart: end };
  const headEnd = start + header.text.length;
  const belowStart = Math.min(lineEnd(text, headEnd), end);
  return { tag, head: header.text, below: text.slice(belowStart, end), headEnd, belowStart };
}

function fallback({ style, flow }: LeafOrigin, ciphertext: string): string {
  if (flow) return style === 'double' ? `"${ciphertext}"` : `'${ciphertext}'`;
  return ciphertext;
}

const QUOTES: Readonly<Record<FlowStyle, string>> = { plain: '', single: "'", double: '"' };

/** The ciphertext on one line. Undefined where the scalar would not come back, or a block does better. */
function sealAsWord(
  leaf: Leaf,
  origin: LeafOrigin,
  source: SourceScalar,
  ciphertext: string,
  place: ScalarPlace,
): string | undefined {
  const quote = (style: FlowStyle, parts: readonly string[]): string =>
    QUOTES[style] + withNote(ciphertext, parts) + QUOTES[style];
  const fits = (style: FlowStyle, parts: readonly string[]): boolean => {
    const note = parts.length === 0 ? undefined : { parts };
    return isSame(renderCarried(leaf, style, note, place), source);
  };
  const { style } = origin;
  const usual: FlowStyle = place.flow ? 'single' : 'plain';
  if (fits(usual, [])) return quote(usual, []);
  if (style === 'literal' || style === 'folded') return undefined;
  if (style !== 'plain' && fits(style, [])) return quote(style, []);
  const carrier = style === 'plain' ? usual : style;
  const letter = style === 'double' || (style === 'single' && !place.flow) ? [] : [style.slice(0, 1)];
  for (const parts of shapes(leaf, source, style, place)) {
    const all = [...letter, ...parts];
    if (fits(carrier, all)) return quote(carrier, all);
  }
  return undefined;
}

/** What a note may say about a scalar that is no block. */
function* shapes(leaf: Leaf, source: SourceScalar, style: FlowStyle, place: ScalarPlace): Generator<string[]> {
  const number = DROPPED_TAGS.indexOf(source.tag) + 1;
  if (source.tag !== '' && number === 0) return;
  const tag = number === 0 ? [] : [`t${number}`];
  yield tag;
  const { value } = leaf;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const places = [...source.head].flatMap((character, index) => (character === '_' ? [index] : []));
    if (places.length > 0) yield [...tag, `u${places.join('.')}`];
  }
  if (typeof value !== 'string') return;
  const text = source.tag === '!!binary' ? encodeBase64(encodeText(value)) : value;
  const shape = flowShape(source.head, style, text, place.lineBreak);
  if (shape) yield [...tag, ...shape];
}

function isSame(a: Rendering, b: Rendering): boolean {
  return a.tag === b.tag && a.head === b.head && a.below === b.below;
}

/** The ciphertext as the one line of a block whose header stays. Blank lines at the end stay too. */
function sealAsBlock(
  leaf: Leaf,
  origin: LeafOrigin,
  source: SourceScalar,
  ciphertext: string,
  place: ScalarPlace,
): Edit[] | undefined {
  const { value } = leaf;
  if (source.below === '' || source.tag !== '' || typeof value !== 'string') return undefined;
  const lines = linesOf(source.below, place.lineBreak);
  const margin = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  const indent = ' '.repeat(textColumn(origin, margin.length));
  const stripped = lines.map((line) => (isBlankLine(line, indent) ? '' : line.slice(indent.length)));
  const widths = lines.map((line) => (isBlankLine(line, indent) ? line.length : -1));
  const parts = blockShape(stripped, widths, origin.style === 'folded', value);
  if (!parts) return undefined;
  const below = renderBlock(value, origin.style === 'folded', indent, parts, place.lineBreak);
  if (below === undefined || !source.below.startsWith(below) || source.below.slice(below.length).trim() !== '')
    return undefined;
  const start = source.belowStart;
  const text = place.lineBreak + indent + withNote(ciphertext, parts);
  return [{ start, end: start + below.length, text }];
}

/** The lines of a block up to the last one with text. */
function linesOf(below: string, lineBreak: string): string[] {
  return below
    .replace(/[ \r\n]+$/, (blank) => blank.slice(0, blank.search(/[\r\n]|$/)))
    .split(lineBreak)
    .slice(1);
}

function isBlankLine(line: string, indent: string): boolean {
  return line.length <= indent.length && /^ *$/.test(line);
}

/** The column of a block's text: as its digit says, or that of its first line. */
function textColumn(origin: LeafOrigin, margin: number): number {
  const { increment = 0 } = blockHeader(origin.source.text.slice(origin.start, origin.start + 4)) ?? {};
  return increment === 0 ? margin : Math.max(origin.indent, 0) + increment;
}

function renderBlock(
  value: string,
  isFolded: boolean,
  indent: string,
  parts: readonly string[],
  lineBreak: string,
): string | undefined {
  return blockLines(value, isFolded, indent, parts)
    ?.map((line) => lineBreak + line)
    .join('');
}

/** Puts a value in the place of its ciphertext. */
export function openScalar(leaf: Leaf, origin: LeafOrigin, place: ScalarPlace): Edit[] {
  const text = String(origin.value);
  const { style } = origin;
  const here: ScalarPlace = { ...place, isTagged: origin.tag !== undefined };
  if (style === 'literal' || style === 'folded') return openBlock(leaf, origin, text, here);
  return putScalar(renderCarried(leaf, style, noteOf(text), here), origin);
}

/** Puts a scalar in the place of another one. */
export function putScalar(rendering: Rendering, origin: LeafOrigin): Edit[] {
  const { text } = origin.source;
  const { head, below } = rendering;
  const tag = rendering.tag === '' ? '' : `${rendering.tag} `;
  const old = takeApart(origin, '');
  const edits: Edit[] = [];
  const property = origin.tag;
  if (property && tag !== '') edits.push({ start: property.start, end: behindTag(origin), text: '' });
  // A value that was missing has no blank in front.
  const blank = origin.start === origin.end && !/[ \n]/.test(text[origin.start - 1] ?? ' ') ? ' ' : '';
  edits.push({ start: origin.start, end: old.headEnd, text: blank + tag + head });
  if (old.below !== '') edits.push({ start: old.belowStart, end: origin.end, text: below });
  else if (below !== '') edits.push({ start: lineEnd(text, origin.end), end: lineEnd(text, origin.end), text: below });
  return edits;
}

function openBlock(leaf: Leaf, origin: LeafOrigin, carried: string, place: ScalarPlace): Edit[] {
  const { value } = leaf;
  const { text } = origin.source;
  const old = takeApart(origin, '');
  const lines = linesOf(old.below, place.lineBreak);
  const margin = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  const canonical = (): Edit[] => putScalar(renderCanonical(leaf, place), origin);
  if (typeof value !== 'string' || margin === '') return canonical();
  const isFolded = origin.style === 'folded';
  const contentEnd = old.belowStart + lines.reduce((sum, line) => sum + place.lineBreak.length + line.length, 0);
  // The lines below count: a block may keep the breaks at its end.
  const rest = place.isTextEnd ? '' : (/^[ \r\n]*/.exec(text.slice(contentEnd, origin.end + 2))?.[0] ?? '');
  const tag = place.isTagged ? '!!str' : '';
  for (const parts of [noteOf(carried)?.parts ?? [], []]) {
    const below = renderBlock(value, isFolded, margin, parts, place.lineBreak);
    if (below === undefined || !readsAs(old.head + below + rest, origin.style, tag, value, place)) continue;
    return [{ start: old.belowStart, end: contentEnd, text: below }];
  }
  if (!value.includes('\n') || !isLiteralPossible(value)) return canonical();
  // The value was changed: a literal block in the old one's column.
  const header = literalHeader(value, margin.length - Math.max(place.indent, 0), place.step);
  const below = renderBlock(value, false, margin, [], place.lineBreak);
  if (below === undefined || !readsAs(header + below + rest, 'literal', tag, value, place)) return canonical();
  return [
    { start: origin.start, end: old.headEnd, text: header },
    { start: old.belowStart, end: contentEnd, text: below },
  ];
}
