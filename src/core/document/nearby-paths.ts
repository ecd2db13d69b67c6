/**
 * The paths that upstream may have sealed a comment for, other than the one that a reader of the file finds: it decides
 * where a comment belongs before it rewrites the layout around it (D32).
 */
import type { Comment, Entry, ListNode, MapNode, Node } from '../tree/node.ts';
import type { Place } from '../tree/walk.ts';

/**
 * At the border of a container only: a comment at its end may have been meant for one around it, innermost first, and a comment
 * behind a container for one that ends there. A comment anywhere else was moved by hand, and stays as it is.
 */
export function* nearbyPaths(document: MapNode, { container, index }: Place): Generator<string> {
  const around = pathTo(document, container);
  const { items } = container;
  if (!hasEntry(items, index + 1, items.length)) {
    for (let length = around.length - 1; length >= 0; length--) yield pathText(around.slice(0, length));
  }
  let before = index - 1;
  while (items[before]?.kind === 'comment') before--;
  yield* pathsEndingAt(items[before], around);
}

type Item = Entry | Node | Comment;

function hasEntry(items: readonly Item[], start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (items[index]?.kind !== 'comment') return true;
  return false;
}

/** Follows the last container inside an item. */
function* pathsEndingAt(item: Item | undefined, around: string[]): Generator<string> {
  let path = around;
  for (let inner = item; inner && inner.kind !== 'comment'; ) {
    if (inner.kind === 'entry') path = [...path, inner.key];
    const node: Node = inner.kind === 'entry' ? inner.value : inner;
    if (node.kind === 'leaf') return;
    yield pathText(path);
    inner = node.items.findLast((candidate: Item) => candidate.kind !== 'comment');
  }
}

function pathText(keys: string[]): string {
  return `${keys.join(':')}:`;
}

/** The container around each container of a document, and the key below which it stands there. */
type Parents = Map<MapNode | ListNode, { parent: MapNode | ListNode; key: string | undefined }>;

/** Made once a document, and only where a comment does not open: a file may have a great many such comments. */
const parentsOf = new WeakMap<MapNode, Parents>();

/** The keys that lead to a container. */
function pathTo(document: MapNode, target: MapNode | ListNode): string[] {
  let parents = parentsOf.get(document);
  if (!parents) parentsOf.set(document, (parents = findParents(document)));
  const keys: string[] = [];
  for (let up = parents.get(target); up; up = parents.get(up.parent)) if (up.key !== undefined) keys.push(up.key);
  return keys.reverse();
}

function findParents(document: MapNode): Parents {
  const parents: Parents = new Map();
  const queue: (MapNode | ListNode)[] = [document];
  for (const parent of queue) {
    for (const item of parent.items) {
      const node = item.kind === 'entry' ? item.value : item;
      if (node.kind !== 'map' && node.kind !== 'list') continue;
      parents.set(node, { parent, key: item.kind === 'entry' ? item.key : undefined });
      queue.push(node);
    }
  }
  return parents;
}
