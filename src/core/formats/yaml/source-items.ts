/**
 * What each map and list of a text held when it was read. The tree may lose items since, and only this tells which text has to
 * go with them.
 */
import type { Comment, Entry, Node, Tree } from '../../tree/node.ts';
import type { AliasOrigin, CollectionOrigin, CommentOrigin, EntryOrigin, LeafOrigin, NodeOrigin } from './origin.ts';

export type Item = Entry | Comment | Node;

/** {@link CollectionOrigin} with its items as they were read. */
export interface RememberedCollection extends CollectionOrigin {
  items?: readonly Item[];
}

/** {@link EntryOrigin} with the origin of its value as it was read. */
export interface RememberedEntry extends EntryOrigin {
  value?: NodeOrigin;
}

/** Takes note of the items of every collection of a tree that was just read. */
export function rememberItems(tree: Tree): void {
  const open: Node[] = [...tree.documents];
  for (let node = open.pop(); node; node = open.pop()) {
    const origin = originOf(node);
    if (node.kind === 'leaf' || origin?.kind !== 'collection') continue;
    (origin as RememberedCollection).items = [...node.items];
    for (const item of node.items) {
      if (item.kind === 'comment') continue;
      const value = item.kind === 'entry' ? item.value : item;
      if (item.kind === 'entry' && item.origin && value.origin) {
        (item.origin as RememberedEntry).value = value.origin as NodeOrigin;
      }
      if (value.kind !== 'leaf') open.push(value);
    }
  }
}

/** The origin of a node, where it has one in a YAML text. */
export function originOf(node: Node): NodeOrigin | undefined {
  return node.origin as NodeOrigin | undefined;
}

/** The origin of any item. */
export function itemOrigin(item: Item): EntryOrigin | CommentOrigin | NodeOrigin | undefined {
  return item.origin as EntryOrigin | CommentOrigin | NodeOrigin | undefined;
}

/** Where a node begins, its tag and anchor included. */
export function fullStart(origin: LeafOrigin | CollectionOrigin | AliasOrigin): number {
  if (origin.kind === 'alias') return origin.start;
  return Math.min(origin.start, origin.tag?.start ?? origin.start, origin.anchor?.start ?? origin.start);
}

/** Where an item begins: a list element at its dash. */
export function itemStart(item: Item): number {
  const origin = itemOrigin(item);
  if (!origin) return -1;
  if (origin.kind === 'entry' || origin.kind === 'comment') return origin.start;
  return origin.dash >= 0 ? origin.dash : fullStart(origin);
}

/** Where what belongs to an item ends: behind the last comment in it, which may stand below its last value. */
export function itemEnd(item: Item): number {
  const origin = itemOrigin(item);
  if (!origin) return -1;
  return origin.kind === 'comment' ? origin.end : extentEnd(origin);
}

/** The same for a node or entry by its origin. */
export function extentEnd(from: EntryOrigin | NodeOrigin): number {
  let { end } = from;
  let origin: EntryOrigin | NodeOrigin | undefined = from;
  while (origin) {
    if (origin.kind === 'entry') {
      origin = (origin as RememberedEntry).value;
      continue;
    }
    if (origin.kind !== 'collection') return end;
    const items: readonly Item[] = (origin as RememberedCollection).items ?? [];
    let last = items.length - 1;
    for (; items[last]?.kind === 'comment'; last--) end = Math.max(end, spanEnd(items[last]));
    // The comment behind the last value comes before it.
    for (let index = last - 1; items[index]?.kind === 'comment'; index--) end = Math.max(end, spanEnd(items[index]));
    // So does the one behind a closing bracket.
    for (let index = 0; items[index]?.kind === 'comment'; index++) end = Math.max(end, spanEnd(items[index]));
    const item: Item | undefined = items[last];
    const next = item && itemOrigin(item);
    origin = next?.kind === 'comment' ? undefined : next;
  }
  return end;
}

function spanEnd(item: Item | undefined): number {
  return (item && itemOrigin(item)?.end) ?? -1;
}

const METADATA_KEY = 'sops';

/** Whether an item of a root is the metadata. */
export function isMetadata(item: Item): item is Entry {
  return item.kind === 'entry' && item.key === METADATA_KEY && !item.keyType;
}
