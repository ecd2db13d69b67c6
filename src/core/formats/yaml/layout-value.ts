/** Another node in the place of a value in block style. */
import type { Entry, ListNode, MapNode, Node } from '../../tree/node.ts';
import { blockHeader } from './block-shape.ts';
import type { CanonicalOptions } from './canonical.ts';
import { emitCanonicalNode } from './canonical.ts';
import { endsInLine } from './layout-block.ts';
import type { LayoutContext } from './layout-context.ts';
import { afterBreak, depthBelow, lineEnd, lineStart } from './layout-context.ts';
import type { NodeOrigin } from './origin.ts';
import { extentEnd, fullStart } from './source-items.ts';

/** Where a value stands. */
export interface ValuePlace {
  /** Whether the value belongs to an entry, or is an element of a list. */
  kind: 'map' | 'list';
  /** Column of the keys or dashes. */
  column: number;
  /** Behind the `:` or the dash, -1 if there is none. */
  intro: number;
  /** End of a key behind `?` without a `:`, -1 where there is none. */
  keyEnd: number;
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
  const start = fullStart(old);
  const end = extentEnd(old);
  const nextLine = afterBreak(text, lineEnd(text, end));
  const isBelow = place.intro >= 0 && lineEnd(text, place.intro) < old.start;
  // The first key or dash of a collection in a list stands behind the dash, however far that is.
  const isCompact = place.kind === 'list' && node.kind !== 'leaf' && tag === '' && !isBelow && start > place.intro;
  const column = isCompact ? start - lineStart(text, start) - 2 : place.column;
  const withoutBlocks = depthBelow(text, nextLine) > place.column;
  const { head, below } = valueLines(context, node, { ...place, column }, tag, withoutBlocks);
  if (place.keyEnd >= 0) {
    const at = lineEnd(text, place.keyEnd);
    const front = `${lineBreak}${' '.repeat(place.column)}: `;
    edits.push({ start: at, end: at, text: front + [head, ...below].join(lineBreak), depth: place.depth });
    return;
  }
  const properties = old.kind === 'alias' ? [] : [old.tag, old.anchor].filter((property) => property !== undefined);
  if (
    tag !== '' &&
    below.length > 0 &&
    start === place.intro + 1 &&
    text.slice(end, lineEnd(text, end)).includes('#')
  ) {
    tagBelow(context, tag, below, old, place);
    return;
  }
  const isTextEnd = lineEnd(text, Math.max(extentEnd(old), start)) >= context.textEnd;
  const lastBreak = isTextEnd && below.length > 0 && endsInLine(node, context.form) ? lineBreak : '';
  const under = below.map((line) => lineBreak + line).join('') + lastBreak;
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
  const front = head !== '' && start === place.intro ? ' ' : '';
  const last = lineEnd(text, Math.max(start, end));
  if (from === end && last === end) {
    edits.push({ start: from, end, text: front + head + under, depth: place.depth });
    return;
  }
  if (old.kind === 'leaf' && (old.style === 'literal' || old.style === 'folded')) {
    // A comment on the header's line stays.
    const headEnd = old.start + (blockHeader(text.slice(old.start, old.start + 4))?.text.length ?? 0);
    const firstEnd = Math.min(lineEnd(text, headEnd), end);
    edits.push({ start: from, end: headEnd, text: front + head }, { start: firstEnd, end, text: under });
    return;
  }
  edits.push({ start: from, end, text: front + head });
  if (under !== '') edits.push({ start: last, end: last, text: under, depth: place.depth });
}

/** With a tag in front of it a comment would belong to the value below instead of the collection around. */
function tagBelow(
  context: LayoutContext,
  tag: string,
  below: readonly string[],
  old: NodeOrigin,
  place: ValuePlace,
): void {
  const { source, lineBreak, edits } = context;
  const margin = /^ */.exec(below[0] ?? '')?.[0] ?? '';
  const at = lineEnd(source.text, old.end);
  edits.push({ start: old.start, end: old.end, text: '' });
  const text = [margin + tag, ...below].map((line) => lineBreak + line).join('');
  edits.push({ start: at, end: at, text, depth: place.depth });
}

/** A value in the canonical style: what follows the key or dash on its line, and the lines below. */
function valueLines(
  context: LayoutContext,
  node: Node,
  { kind, column }: ValuePlace,
  tag: string,
  withoutBlocks: boolean,
): { head: string; below: string[] } {
  const { form, step, keepsComments } = context;
  const entry: Entry = { kind: 'entry', key: 'k', value: node };
  const parent = (kind === 'map' ? { kind, items: [entry] } : { kind, items: [node] }) as MapNode | ListNode;
  const options: CanonicalOptions = { form, indent: step, withoutBlocks };
  if (tag !== '') Object.assign(options, { withoutComments: !keepsComments, tagged: { node, tag } });
  const [first = '', ...others] = emitCanonicalNode(parent, options).slice(0, -1).split('\n');
  const margin = ' '.repeat(column);
  const head = first.slice(2).trimStart();
  return { head, below: others.map((line) => (line === '' ? '' : margin + line)) };
}
