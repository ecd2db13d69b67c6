/** Which items of a collection are still those that the text holds. */
import type { Item } from './source-items.ts';
import { itemOrigin } from './source-items.ts';

/** A place between two items that stay, where the text and the tree differ. */
export interface Gap {
  /** Items of the text that are gone. */
  removed: Item[];
  /** Items of the tree that the text does not hold. */
  inserted: Item[];
  /** The items that stay before and behind. */
  previous: Item | undefined;
  next: Item | undefined;
  /** The last item before that stays and is no comment. */
  before: Item | undefined;
  /** The next one. */
  after: Item | undefined;
}

/** The differences between the items of a text and those of a tree. */
export interface Differences {
  gaps: Gap[];
  /** The items of the tree that the text does not hold. One that was moved is among them, and removed as well. */
  fresh: Set<Item>;
}

/** Undefined if there are none. */
export function findDifferences(original: readonly Item[], current: readonly Item[]): Differences | undefined {
  const shortest = Math.min(original.length, current.length);
  let first = 0;
  while (first < shortest && isOriginal(original[first], current[first])) first++;
  if (first === original.length && first === current.length) return undefined;
  let same = 0;
  while (same < shortest - first && isOriginal(original.at(-1 - same), current.at(-1 - same))) same++;
  return compare(original, current, first, same);
}

/** Compares what is neither among the first items that agree nor among the last ones. */
function compare(original: readonly Item[], current: readonly Item[], first: number, same: number): Differences {
  const originalEnd = original.length - same;
  const currentEnd = current.length - same;
  const positions = new Map<unknown, number>();
  for (let index = first; index < originalEnd; index++) {
    const origin = original[index]?.origin;
    if (origin) positions.set(origin, index);
  }
  const fresh = new Set<Item>();
  const gaps: Gap[] = [];
  let gap = newGap(current[first - 1], lastItem(current, first - 1));
  let position = first;
  const close = (at: number, end: number): void => {
    for (; position < end; position++) {
      const lost = original[position];
      if (lost?.origin) gap.removed.push(lost);
    }
    gap.next = current[at];
    if (gap.removed.length > 0 || gap.inserted.length > 0) gaps.push(gap);
  };
  for (let index = first; index < currentEnd; index++) {
    const item = current[index];
    if (!item) break;
    const at = item.origin === undefined ? undefined : positions.get(item.origin);
    if (at === undefined || at < position) {
      gap.inserted.push(item);
      fresh.add(item);
      continue;
    }
    close(index, at);
    position = at + 1;
    gap = newGap(item, item.kind === 'comment' ? gap.before : item);
  }
  close(currentEnd, originalEnd);
  setAfter(gaps, current, fresh);
  return { gaps, fresh };
}

function newGap(previous: Item | undefined, before: Item | undefined): Gap {
  return { removed: [], inserted: [], previous, next: undefined, before, after: undefined };
}

function lastItem(items: readonly Item[], from: number): Item | undefined {
  let index = from;
  while (items[index]?.kind === 'comment') index--;
  return items[index];
}

/** Sets for each gap the next item that stays and is no comment. */
function setAfter(gaps: readonly Gap[], current: readonly Item[], fresh: ReadonlySet<Item>): void {
  let index = current.length - 1;
  let after: Item | undefined;
  for (const gap of gaps.toReversed()) {
    for (; index >= 0 && gap.next !== undefined; index--) {
      const item = current[index];
      if (item && item.kind !== 'comment' && !fresh.has(item)) after = item;
      if (item === gap.next) break;
    }
    gap.after = gap.next === undefined ? undefined : after;
  }
}

function isOriginal(item: Item | undefined, current: Item | undefined): boolean {
  return item !== undefined && current !== undefined && item.origin !== undefined && item.origin === current.origin;
}

/** An item of the tree that takes the place of one of the text. */
export interface Pair {
  old: Item;
  item: Item;
}

/** Takes out of the gaps what was only given another value: the same key, or the element at the same place. */
export function takePairs(gaps: readonly Gap[]): { gaps: Gap[]; pairs: Pair[] } {
  const rest: Gap[] = [];
  const pairs: Pair[] = [];
  for (const gap of gaps) {
    const found = pairsOf(gap);
    pairs.push(...found);
    rest.push(...(found.length === 0 ? [gap] : split(gap, found)));
  }
  return { gaps: rest, pairs };
}

/** In the order of the text as of the tree. */
function pairsOf({ removed, inserted }: Gap): Pair[] {
  const byKey = new Map<string, number>();
  const elements: number[] = [];
  for (const [index, old] of removed.entries()) {
    const origin = itemOrigin(old);
    if (origin?.kind === 'entry') byKey.set(origin.key, index);
    else if (origin && origin.kind !== 'comment') elements.push(index);
  }
  const pairs: Pair[] = [];
  let position = -1;
  let nextElement = 0;
  for (const item of inserted) {
    if (item.kind === 'comment') continue;
    const at = item.kind === 'entry' ? byKey.get(item.key) : elements[nextElement++];
    const old = at === undefined ? undefined : removed[at];
    if (at === undefined || !old || at <= position) continue;
    position = at;
    pairs.push({ old, item });
  }
  return pairs;
}

/** The gaps between the pairs of one. */
function split(gap: Gap, pairs: readonly Pair[]): Gap[] {
  const gaps: Gap[] = [];
  let { previous, before } = gap;
  let removedAt = 0;
  let insertedAt = 0;
  const push = (removedEnd: number, insertedEnd: number, next: Item | undefined, after: Item | undefined): void => {
    const removed = gap.removed.slice(removedAt, removedEnd);
    const inserted = gap.inserted.slice(insertedAt, insertedEnd);
    if (removed.length > 0 || inserted.length > 0) gaps.push({ removed, inserted, previous, next, before, after });
  };
  for (const { old, item } of pairs) {
    const oldAt = gap.removed.indexOf(old, removedAt);
    const itemAt = gap.inserted.indexOf(item, insertedAt);
    push(oldAt, itemAt, old, old);
    removedAt = oldAt + 1;
    insertedAt = itemAt + 1;
    previous = old;
    before = old;
  }
  push(gap.removed.length, gap.inserted.length, gap.next, gap.after);
  return gaps;
}
