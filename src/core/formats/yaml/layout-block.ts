/** Items that come to, leave, or change within a collection in block style. */
import type { Leaf, ListNode, MapNode } from '../../tree/node.ts';
import type { Form } from '../format.ts';
import { blockHeader } from './block-shape.ts';
import { commentLines, emitCanonicalNode } from './canonical.ts';
import type { LayoutContext } from './layout-context.ts';
import {
  afterBreak,
  beforeBreak,
  depthBelow,
  isBlankBetween,
  isStartOfLine,
  lineEnd,
  lineStart,
} from './layout-context.ts';
import type { Gap } from './layout-match.ts';
import { becomesKeep } from './notes.ts';
import type { CollectionOrigin } from './origin.ts';
import { isSameValue } from './reads-as.ts';
import type { Item, RememberedCollection } from './source-items.ts';
import { isMetadata, itemEnd, itemStart, originOf } from './source-items.ts';

/** Removes what is gone between two items that stay. */
export function cutBlockItems(context: LayoutContext, gap: Gap): void {
  const gone = new Set(gap.removed.filter((item) => item.kind === 'comment').map(itemStart));
  // From the end on, since lines at the end of a text take the break in front of them.
  for (const item of gap.removed.toReversed()) cutItem(context, item, gap, gone);
}

function cutItem(context: LayoutContext, item: Item, gap: Gap, goneComments: ReadonlySet<number>): void {
  const { text } = context.source;
  const start = itemStart(item);
  const end = itemEnd(item);
  const first = lineStart(text, start);
  const last = lineEnd(text, end);
  const inner = innerComment(item, gap);
  if (inner) {
    context.edits.push({ start, end: itemStart(inner), text: '' }, { start: itemEnd(inner), end: last, text: '' });
    return;
  }
  const sign = text.slice(end, last).indexOf('#');
  const comment = end + sign;
  const isAlone = sign < 0 || goneComments.has(comment);
  if (!isBlankBetween(text, first, start)) {
    // Something stands in front on the same line: a dash, or the value that a comment is about.
    if (item.kind === 'comment') cutInlineComment(context, start, end);
    else context.edits.push({ start, end: isAlone ? (nextStart(gap) ?? last) : comment, text: '' });
    return;
  }
  if (isAlone) cutLines(context, first, last, gap.previous, isMetadata(item));
  else context.edits.push({ start, end: comment, text: '' });
}

/** Where what stays behind a gap begins. A comment behind a value comes before it in the tree. */
function nextStart({ next, after }: Gap): number | undefined {
  if (!next) return undefined;
  return after ? Math.min(itemStart(next), itemStart(after)) : itemStart(next);
}

/** The comment behind the key of an item that is gone, which comes before the item in the tree and stays. */
function innerComment(item: Item, { previous }: Gap): Item | undefined {
  if (previous?.kind !== 'comment') return undefined;
  const at = itemStart(previous);
  return at > itemStart(item) && at < itemEnd(item) ? previous : undefined;
}

function cutInlineComment(context: LayoutContext, start: number, end: number): void {
  const { text } = context.source;
  let from = start;
  while (from > 0 && isBlankBetween(text, from - 1, from)) from--;
  context.edits.push({ start: from, end, text: '' });
}

/**
 * Removes whole lines; at the end of a text without a final break the break in front of them goes instead. Blank lines behind the
 * metadata at the end of a text are nobody's: a user's own stand in front of them.
 */
function cutLines(
  context: LayoutContext,
  start: number,
  end: number,
  previous: Item | undefined,
  isMetadataCut = false,
): void {
  const { text } = context.source;
  if (end < context.textEnd) {
    let behind = afterBreak(text, end);
    if (isMetadataCut && behindBlankLines(text, behind) === text.length)
      behind = Math.min(text.length, context.textEnd);
    if (previous && endsInBreaks(previous, text)) behind = Math.min(behindBlankLines(text, behind), context.textEnd);
    context.edits.push({ start, end: behind, text: '' });
    return;
  }
  // A block that is left behind needs its last line break.
  const from = previous && endsInBlock(previous) ? start : beforeBreak(text, start);
  context.textEnd = Math.min(context.textEnd, from);
  context.edits.push({ start: from, end, text: '' });
}

/** Whether blank lines behind an item would become part of its last value. */
function endsInBreaks(item: Item, text: string): boolean {
  const leaf = lastLeaf(item);
  if (typeof leaf?.value !== 'string') return false;
  if (leaf.value === '\n' || leaf.value.endsWith('\n\n')) return true;
  const origin = originOf(leaf);
  if (origin?.kind !== 'leaf') return false;
  return /^[|>]\d?\+/.test(text.slice(origin.start, origin.start + 3)) || becomesKeep(origin.value);
}

/** Whether an item ends in a block of the text whose last line has a break. */
function endsInBlock(item: Item): boolean {
  const leaf = lastLeaf(item);
  const origin = leaf && originOf(leaf);
  const isBlock = origin?.kind === 'leaf' && (origin.style === 'literal' || origin.style === 'folded');
  return isBlock && typeof leaf?.value === 'string' && leaf.value.endsWith('\n');
}

/**
 * Makes sure that a block at the end of a text without a last line break does not get one when something is written behind it.
 */
export function closeBlock(context: LayoutContext, previous: Item | undefined): void {
  const leaf = previous && lastLeaf(previous);
  const origin = leaf && originOf(leaf);
  if (origin?.kind !== 'leaf' || typeof leaf?.value !== 'string' || leaf.value.endsWith('\n')) return;
  const header = blockHeader(context.source.text.slice(origin.start, origin.start + 4));
  if ((origin.style !== 'literal' && origin.style !== 'folded') || !header || header.chomping === '-') return;
  if (context.form === 'encrypted' && leaf.ciphertext !== undefined) return;
  if (!isSameValue(leaf.value, origin.value)) return;
  const start = origin.start + 1;
  const digit = header.increment === 0 ? '' : String(header.increment);
  context.edits.push({ start, end: origin.start + header.text.length, text: `-${digit}` });
}

/** Whether an item ends in a block whose last line has to have a break. */
export function endsInLine(item: Item | undefined, form: Form): boolean {
  const leaf = item && lastLeaf(item);
  const isSealed = form === 'encrypted' && leaf?.ciphertext !== undefined;
  return typeof leaf?.value === 'string' && leaf.value.endsWith('\n') && !isSealed;
}

function lastLeaf(item: Item): Leaf | undefined {
  let current: Item | undefined = item;
  while (current && current.kind !== 'leaf') {
    if (current.kind === 'comment') return undefined;
    current =
      current.kind === 'entry' ? current.value : current.items.findLast((below: Item) => below.kind !== 'comment');
  }
  return current;
}

function behindBlankLines(text: string, from: number): number {
  let index = from;
  for (
    let end = lineEnd(text, index);
    end < text.length && isBlankBetween(text, index, end);
    end = lineEnd(text, index)
  ) {
    index = afterBreak(text, end);
  }
  return index;
}

/** An empty collection in the place of one that has lost all its items. `intro` is behind what introduces it, -1 at the root. */
export function emptyBlock(
  context: LayoutContext,
  { kind, items }: MapNode | ListNode,
  origin: CollectionOrigin,
  intro: number,
  gap: Gap,
): void {
  const { text } = context.source;
  const brackets = kind === 'map' ? '{}' : '[]';
  const isBelow = intro >= 0 && lineEnd(text, intro) < origin.start;
  const [first, ...others] = gap.removed.filter((item) => item.kind !== 'comment');
  if (!first) return;
  const comments = gap.removed.filter((item) => item.kind === 'comment');
  if (isBelow) {
    const last = context.keepsComments ? lastBelow(items, lineEnd(text, intro)) : -1;
    context.edits.push({ start: intro, end: intro, text: ` ${last < 0 ? brackets : brackets.slice(0, 1)}` });
    if (last >= 0) {
      // Everything in a flow collection is indented deeper than the block around it.
      const margin = ' '.repeat(origin.column + (kind === 'list' ? 1 : 0));
      context.edits.push({ start: last, end: last, text: `${context.lineBreak}${margin}${brackets.slice(1)}` });
    }
    cutBlockItems(context, gap);
    return;
  }
  const inner = innerComment(first, gap);
  const start = itemStart(first);
  if (inner) {
    context.edits.push({ start, end: itemStart(inner), text: `${brackets} ` });
    context.edits.push({ start: itemEnd(inner), end: itemEnd(first), text: '' });
  } else {
    context.edits.push({ start, end: itemEnd(first), text: brackets });
  }
  cutBlockItems(context, { ...gap, removed: [...others, ...comments] });
}

/** Where the last of the comments ends that stand behind a position; -1 if there is none. */
function lastBelow(items: readonly Item[], position: number): number {
  return items.reduce((last, item) => Math.max(last, itemStart(item) > position ? itemEnd(item) : -1), -1);
}

/** Where new items may go. */
export interface Bounds {
  /** Exactly there. */
  at?: number | undefined;
  /** Behind the line of that position. */
  start?: number | undefined;
  /** In front of that one. */
  end?: number | undefined;
}

/** Writes new items where they belong. */
export function insertBlockItems(
  context: LayoutContext,
  kind: 'map' | 'list',
  column: number,
  gap: Gap,
  depth: number,
  bounds: Bounds,
): void {
  if (gap.inserted.length === 0) return;
  const { text } = context.source;
  const { lineBreak } = context;
  const margin = ' '.repeat(column);
  // Behind the item before, or behind one that is gone with that comment inside.
  const around = gap.removed.find((item) => innerComment(item, gap)) ?? gap.previous;
  // A comment in front of the next document may belong to this one.
  const behind = Math.max(around ? itemEnd(around) : 0, gap.before ? itemEnd(gap.before) : 0, bounds.start ?? 0);
  const line = bounds.at ?? Math.min(afterBreak(text, lineEnd(text, behind)), bounds.end ?? Infinity);
  const lines = itemLines(context, kind, gap.inserted, depthBelow(text, line) > column);
  const indented = lines.map((line) => (line === '' ? '' : margin + line));
  if (bounds.at === undefined && !gap.previous && gap.next) {
    const start = nextStart(gap) ?? itemStart(gap.next);
    const body = indented.join(lineBreak).slice(column);
    context.edits.push({ start, end: start, text: body + lineBreak + margin, depth });
    return;
  }
  const after = Math.min(line, context.textEnd);
  // Where the last lines go, the break in front of them goes too.
  const isLineStart = isStartOfLine(text, after) && !(after === context.textEnd && after < text.length);
  if (!isLineStart) {
    closeBlock(context, gap.before);
    context.hasTail = true;
  }
  const body = indented.join(lineBreak);
  const last = isLineStart || endsInLine(gap.inserted.at(-1), context.form) ? lineBreak : '';
  context.edits.push({ start: after, end: after, text: (isLineStart ? '' : lineBreak) + body + last, depth });
}

/** Items in the canonical style from column 0 on. */
function itemLines(
  context: LayoutContext,
  kind: 'map' | 'list',
  items: readonly Item[],
  withoutBlocks: boolean,
): string[] {
  const { form, step } = context;
  if (items.every((item) => item.kind === 'comment')) return items.flatMap((item) => commentLines(item, form));
  const node = { kind, items: [...items] } as MapNode | ListNode;
  return emitCanonicalNode(node, { form, indent: step, withoutBlocks }).slice(0, -1).split('\n');
}

/** The items that take the place of all those that a collection had. */
export function refillBlock(context: LayoutContext, kind: 'map' | 'list', column: number, gap: Gap): void {
  const first = gap.removed.find((item) => item.kind !== 'comment');
  if (!first) return;
  cutBlockItems(context, { ...gap, removed: gap.removed.filter((item) => item !== first) });
  const { text } = context.source;
  const margin = ' '.repeat(column);
  const end = itemEnd(first);
  const last = lineEnd(text, end);
  const withoutBlocks = last > end || depthBelow(text, afterBreak(text, last)) > column;
  const lines = itemLines(context, kind, gap.inserted, withoutBlocks).map((line, index) =>
    index === 0 || line === '' ? line : margin + line,
  );
  if (last >= context.textEnd && endsInLine(gap.inserted.at(-1), context.form)) lines.push('');
  context.edits.push({ start: itemStart(first), end, text: lines.join(context.lineBreak) });
}

/** Whether there is anything but comments among items. */
export function hasItems(items: readonly Item[]): boolean {
  return items.some((item) => item.kind !== 'comment');
}

/** The items of a collection as they were read. */
export function originalItems(origin: CollectionOrigin): readonly Item[] {
  return (origin as RememberedCollection).items ?? [];
}
