/** Items that come to, leave, or change within a collection in flow style. */
import type { Node } from '../../tree/node.ts';
import { isBlank, isBreak } from './characters.ts';
import { flowEntryText, flowText } from './flow-text.ts';
import type { LayoutContext } from './layout-context.ts';
import type { Gap } from './layout-match.ts';
import type { CollectionOrigin, NodeOrigin } from './origin.ts';
import type { Item, RememberedEntry } from './source-items.ts';
import { fullStart, itemOrigin, itemStart } from './source-items.ts';

/** Removes what is gone between two items that stay, with its commas. */
export function cutFlowItems(context: LayoutContext, gap: Gap): void {
  const { text } = context.source;
  const items = gap.removed.filter((item) => item.kind !== 'comment');
  for (const comment of gap.removed) {
    if (comment.kind === 'comment') context.edits.push({ start: itemStart(comment), end: ownEnd(comment), text: '' });
  }
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) return;
  const comma = skipBlanks(text, ownEnd(last));
  if (text[comma] === ',' && gap.after) {
    for (const item of items) {
      const end = skipSpaces(text, skipBlanks(text, ownEnd(item)) + 1);
      context.edits.push({ start: itemStart(item), end, text: '' });
    }
    return;
  }
  const start = gap.before ? skipBlanks(text, ownEnd(gap.before)) : itemStart(first);
  // A comma behind the last item stays with the items that do.
  const end = text[comma] === ',' && !gap.before ? comma + 1 : ownEnd(last);
  context.edits.push({ start, end, text: '' });
}

/** Writes new items behind the one before them, or in front of the first one. */
export function insertFlowItems(
  context: LayoutContext,
  origin: CollectionOrigin,
  items: readonly Item[],
  gap: Gap,
  depth: number,
): void {
  const { form } = context;
  const texts = items.flatMap((item) => {
    if (item.kind === 'comment') return [];
    return [item.kind === 'entry' ? flowEntryText(item, form) : flowText(item, form)];
  });
  if (texts.length === 0) return;
  const body = texts.join(', ');
  if (gap.before) {
    const end = ownEnd(gap.before);
    context.edits.push({ start: end, end, text: `${isMissing(gap.before) ? ' ' : ''}, ${body}`, depth });
    return;
  }
  const start = origin.start + 1;
  const behind = gap.after ? ', ' : context.source.text[start] === '#' ? ' ' : '';
  context.edits.push({ start, end: start, text: body + behind, depth });
}

/** Puts a node without a place in the text where another one is. `intro` is behind its `:`, -1 if there is none. */
export function replaceFlowValue(context: LayoutContext, node: Node, old: NodeOrigin, intro: number, tag = ''): void {
  const start = fullStart(old);
  const isMissing = start === old.end;
  const front = isMissing ? (intro < 0 ? ': ' : start === intro ? ' ' : '') : '';
  context.edits.push({ start, end: old.end, text: front + flowText(node, context.form, tag), depth: Infinity });
}

/** Whether an item ends in a value that is not written: a comma would join what stands in front. */
function isMissing(item: Item): boolean {
  const origin = itemOrigin(item);
  const value = origin?.kind === 'entry' ? (origin as RememberedEntry).value : origin;
  return value !== undefined && value.start === value.end;
}

function ownEnd(item: Item): number {
  return itemOrigin(item)?.end ?? -1;
}

/** Goes past blanks, line breaks and comments. */
function skipBlanks(text: string, from: number): number {
  let index = from;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x23) while (index + 1 < text.length && !isBreak(text.charCodeAt(index + 1))) index++;
    else if (!isBlank(code) && !isBreak(code)) break;
  }
  return index;
}

function skipSpaces(text: string, from: number): number {
  let index = from;
  while (isBlank(text.charCodeAt(index))) index++;
  return index;
}
