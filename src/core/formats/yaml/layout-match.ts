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
}

/** Compares the items of a tree with those of the text; an item that was moved counts as removed and inserted. */
export function findGaps(
  original: readonly Item[],
  current: readonly Item[],
): { kept: Set<Item>; gaps: Gap[] } | undefined {
  if (original.length === current.length && original.every((item, index) => isOriginal(item, current[index]))) {
    return undefined;
  }
  const positions = new Map<unknown, number>();
  for (const [index, item] of original.entries()) if (item.origin) positions.set(item.origin, index);
  const kept = new Set<Item>();
  const gaps: Gap[] = [];
  let gap: Gap = { removed: [], inserted: [], previous: undefined, next: undefined };
  let position = 0;
  const close = (next: Item | undefined): void => {
    gap.next = next;
    if (gap.removed.length > 0 || gap.inserted.length > 0) gaps.push(gap);
    gap = { removed: [], inserted: [], previous: next, next: undefined };
  };
  for (const item of current) {
    const at = item.origin === undefined ? undefined : positions.get(item.origin);
    if (at === undefined || at < position) {
      gap.inserted.push(item);
      continue;
    }
    gap.removed.push(...original.slice(position, at).filter((lost) => lost.origin));
    position = at + 1;
    kept.add(item);
    close(item);
  }
  for (const lost of original.slice(position)) if (lost.origin) gap.removed.push(lost);
  close(undefined);
  return { kept, gaps };
}

function isOriginal(item: Item, current: Item | undefined): boolean {
  return current !== undefined && item.origin !== undefined && item.origin === current.origin;
}

/** Takes out of a gap what was only given another value: the same key, or the element at the same place. */
export function takePairs(gap: Gap): { old: Item; item: Item }[] {
  const pairs: { old: Item; item: Item }[] = [];
  const byKey = new Map<string, Item>();
  const elements: Item[] = [];
  for (const old of gap.removed) {
    const origin = itemOrigin(old);
    if (origin?.kind === 'entry') byKey.set(origin.key, old);
    else if (origin && origin.kind !== 'comment') elements.push(old);
  }
  const taken = new Set<Item>();
  for (const item of gap.inserted) {
    const old = item.kind === 'entry' ? byKey.get(item.key) : item.kind === 'comment' ? undefined : elements.shift();
    if (!old || taken.has(old)) continue;
    taken.add(old).add(item);
    pairs.push({ old, item });
  }
  if (pairs.length === 0) return pairs;
  gap.removed = gap.removed.filter((item) => !taken.has(item));
  gap.inserted = gap.inserted.filter((item) => !taken.has(item));
  return pairs;
}
