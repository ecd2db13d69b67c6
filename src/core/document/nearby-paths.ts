/**
 * The paths that upstream may have sealed a comment for, other than the one that a reader of the file finds: it decides
 * where a comment belongs before it rewrites the layout around it (D32).
 */
import type { Comment, Entry, ListNode, MapNode, Node } from '../tree/node.ts';
import type { Place } from '../tree/walk.ts';

/** The paths of the containers around a comment, innermost first, then of those that end just before it. */
export function* nearbyPaths(document: MapNode, place: Place): Generator<string> {
  const around = pathTo(document, place.container);
  for (let length = around.length - 1; length >= 0; length--) yield pathText(around.slice(0, length));
  for (const side of [-1, 1]) yield* pathsInside(place.container.items[place.index + side], around, side);
}

/** Follows the last (or first) container inside a neighbour of the comment. */
function* pathsInside(neighbour: Entry | Node | Comment | undefined, around: string[], side: number): Generator<string> {
  let path = around;
  for (let item = neighbour; item && item.kind !== 'comment'; ) {
    if (item.kind === 'entry') path = [...path, item.key];
    const node: Node = item.kind === 'entry' ? item.value : item;
    if (node.kind === 'leaf') return;
    yield pathText(path);
    item = side < 0 ? node.items.at(-1) : node.items[0];
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
