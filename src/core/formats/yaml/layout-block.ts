/** Items that come to, leave, or change within a collection in block style. */
import type { Entry, ListNode, MapNode, Node } from '../../tree/node.ts';
import type { CanonicalOptions } from './canonical.ts';
import { commentLines, emitCanonicalNode } from './canonical.ts';
import type { LayoutContext } from './layout-context.ts';
import { afterBreak, beforeBreak, isBlankBetween, lineEnd, lineStart } from './layout-context.ts';
import type { Gap } from './layout-match.ts';
import type { CollectionOrigin, NodeOrigin } from './origin.ts';
import type { Item, RememberedCollection } from './source-items.ts';
import { extentEnd, fullStart, itemEnd, itemStart } from './source-items.ts';

/** Removes what is gone between two items that stay. */
export function cutBlockItems(context: LayoutContext, gap: Gap): void {
  const gone = new Set(gap.removed.filter((item) => item.kind === 'comment').map(itemStart));
  for (const item of gap.removed) cutItem(context, item, gap, gone);
}

function cutItem(context: LayoutContext, item: Item, { next }: Gap, goneComments: ReadonlySet<number>): void {
  const { text } = context.source;
  const start = itemStart(item);
  const end = itemEnd(item);
  const first = lineStart(text, start);
  const last = lineEnd(text, end);
  const comment = text.indexOf('#', end);
  const hasComment = comment >= 0 && comment < last;
  const isAlone = !hasComment || goneComments.has(comment);
  if (!isBlankBetween(text, first, start)) {
    // Something stands in front on the same line: a dash, or the value that a comment is about.
    if (item.kind === 'comment') cutInlineComment(context, start, end);
    else if (next) context.edits.push({ start, end: itemStart(next), text: '' });
    else cutRest(context, start, isAlone ? last : end);
    return;
  }
  if (isAlone) cutLines(context, first, last);
  else context.edits.push({ start, end: comment, text: '' });
}

function cutInlineComment(context: LayoutContext, start: number, end: number): void {
  const { text } = context.source;
  let from = start;
  while (from > 0 && isBlankBetween(text, from - 1, from)) from--;
  context.edits.push({ start: from, end, text: '' });
}

function cutRest(context: LayoutContext, start: number, end: number): void {
  context.edits.push({ start, end, text: '' });
}

/** Removes whole lines; at the end of a text without a final break the break in front of them goes instead. */
function cutLines(context: LayoutContext, start: number, end: number): void {
  const { text } = context.source;
  if (end < text.length) {
    context.edits.push({ start, end: afterBreak(text, end), text: '' });
    return;
  }
  const from = beforeBreak(text, start);
  context.textEnd = Math.min(context.textEnd, from);
  context.edits.push({ start: from, end, text: '' });
}

/** An empty collection in the place of one that has lost all its items. `intro` is behind what introduces it, -1 at the root. */
export function emptyBlock(
  context: LayoutContext,
  kind: 'map' | 'list',
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
    context.edits.push({ start: intro, end: intro, text: ` ${brackets}` });
    cutBlockItems(context, gap);
    return;
  }
  context.edits.push({ start: itemStart(first), end: itemEnd(first), text: brackets });
  cutBlockItems(context, { ...gap, removed: [...others, ...comments] });
}

/** Writes new items where they belong. */
export function insertBlockItems(
  context: LayoutContext,
  kind: 'map' | 'list',
  column: number,
  gap: Gap,
  depth: number,
  at?: number,
): void {
  if (gap.inserted.length === 0) return;
  const { text } = context.source;
  const { lineBreak } = context;
  const margin = ' '.repeat(column);
  const lines = itemLines(context, kind, gap.inserted);
  const indented = lines.map((line) => (line === '' ? '' : margin + line));
  if (at === undefined && !gap.previous && gap.next) {
    const start = itemStart(gap.next);
    const body = indented.join(lineBreak).slice(column);
    context.edits.push({ start, end: start, text: body + lineBreak + margin, depth });
    return;
  }
  const after = at ?? afterBreak(text, lineEnd(text, gap.previous ? itemEnd(gap.previous) : 0));
  const isLineStart = after === 0 || beforeBreak(text, after) < after || (after === 1 && text.charCodeAt(0) === 0xfeff);
  const body = indented.join(lineBreak);
  context.edits.push({ start: after, end: after, text: isLineStart ? body + lineBreak : lineBreak + body, depth });
}

/** Items in the canonical style from column 0 on. */
function itemLines(context: LayoutContext, kind: 'map' | 'list', items: readonly Item[]): string[] {
  const { form, step } = context;
  if (items.every((item) => item.kind === 'comment')) return items.flatMap((item) => commentLines(item, form));
  const node = { kind, items: [...items] } as MapNode | ListNode;
  return emitCanonicalNode(node, { form, indent: step }).slice(0, -1).split('\n');
}

/** The items that take the place of all those that a collection had. */
export function refillBlock(context: LayoutContext, kind: 'map' | 'list', column: number, gap: Gap): void {
  const first = gap.removed.find((item) => item.kind !== 'comment');
  if (!first) return;
  const margin = ' '.repeat(column);
  const lines = itemLines(context, kind, gap.inserted).map((line, index) =>
    index === 0 || line === '' ? line : margin + line,
  );
  context.edits.push({ start: itemStart(first), end: itemEnd(first), text: lines.join(context.lineBreak) });
  cutBlockItems(context, { ...gap, removed: gap.removed.filter((item) => item !== first) });
}

export interface ValuePlace {
  /** Whether the value belongs to an entry, or is an element of a list. */
  kind: 'map' | 'list';
  /** Column of the keys or dashes. */
  column: number;
  /** Behind the `:` or the dash, -1 if there is none. */
  intro: number;
  depth: number;
}

/** Puts a node without a place in the text where another one is. */
export function replaceBlockValue(
  context: LayoutContext,
  node: Node,
  old: NodeOrigin,
  place: ValuePlace,
  tag = '',
): void {
  const { text } = context.source;
  const { lineBreak, edits } = context;
  const { head, below } = valueLines(context, node, place, tag);
  const start = fullStart(old);
  const end = extentEnd(old);
  const isBelow = place.intro >= 0 && lineEnd(text, place.intro) < old.start;
  const properties = old.kind === 'alias' ? [] : [old.tag, old.anchor].filter((property) => property !== undefined);
  const under = below.map((line) => lineBreak + line).join('');
  if (isBelow) {
    edits.push({ start: place.intro, end: place.intro, text: head === '' ? '' : ` ${head}`, depth: place.depth });
    for (const property of properties) {
      if (property.start < lineEnd(text, place.intro))
        edits.push({ start: property.start, end: property.end, text: '' });
    }
    edits.push({ start: lineEnd(text, place.intro), end, text: under });
    return;
  }
  // A value that was missing has no blank in front; one that moves below leaves none behind.
  const from = head === '' && place.intro >= 0 ? place.intro : start;
  const needsBlank = head !== '' && start === place.intro;
  const last = lineEnd(text, start);
  if (last < end) {
    edits.push({ start: from, end, text: (needsBlank ? ' ' : '') + head + under });
    return;
  }
  edits.push({ start: from, end, text: (needsBlank ? ' ' : '') + head });
  if (under !== '') edits.push({ start: last, end: last, text: under, depth: place.depth });
}

/** A value in the canonical style: what follows the key or dash on its line, and the lines below. */
function valueLines(
  context: LayoutContext,
  node: Node,
  { kind, column }: ValuePlace,
  tag: string,
): { head: string; below: string[] } {
  const { form, step } = context;
  const entry: Entry = { kind: 'entry', key: 'k', value: node };
  const parent = (kind === 'map' ? { kind, items: [entry] } : { kind, items: [node] }) as MapNode | ListNode;
  const options: CanonicalOptions = { form, indent: step };
  if (tag !== '') Object.assign(options, { withoutComments: true, tagged: { node, tag } });
  const [first = '', ...others] = emitCanonicalNode(parent, options).slice(0, -1).split('\n');
  const margin = ' '.repeat(column);
  const head = first.slice(2).trimStart();
  return { head, below: others.map((line) => (line === '' ? '' : margin + line)) };
}

/** Whether a collection has no items but comments left. */
export function hasItems(items: readonly Item[]): boolean {
  return items.some((item) => item.kind !== 'comment');
}

export function originalItems(origin: CollectionOrigin): readonly Item[] {
  return (origin as RememberedCollection).items ?? [];
}
