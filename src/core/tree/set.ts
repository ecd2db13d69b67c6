/** Changes one value of a document. Upstream: `sops.go` (`TreeBranch.Set`). */
import { SopsError } from '../errors.ts';
import type { KeyPath } from './key-path.ts';
import type { Entry, Leaf, ListNode, MapNode, Node } from './node.ts';
import { isSameValue } from './same-tree.ts';

/**
 * Puts a value at a path. What is missing on the way is made: a map for a key, a list of one element for a number; a scalar on
 * the way gives place. A number at or beyond a list's length appends.
 *
 * @returns whether anything changed; types and the spelling of floats count, so 1, 1.0 and 1.00 differ
 * @throws SopsError `path-not-found` for a key into a list, a number into a map, a negative number, a number that is a comment's
 */
export function setValue(root: MapNode, path: KeyPath, value: Node): boolean {
  let container: MapNode | ListNode = root;
  for (const [depth, component] of path.entries()) {
    const slot = slotOf(container, component);
    const old = slot.get();
    const below = path.slice(depth + 1);
    if (below.length > 0 && old && old.kind !== 'leaf') {
      container = old;
      continue;
    }
    const next = build(below, value);
    const isRespelled = old !== undefined && isOtherSpelling(old, next);
    if (old && !isRespelled && isSame(old, next)) return false;
    // With its place in the text it would count as unchanged.
    slot.put(next, isRespelled ? undefined : old);
    return true;
  }
  throw new SopsError('path-not-found', 'the path is empty');
}

interface Slot {
  get(): Node | undefined;
  put(node: Node, old: Node | undefined): void;
}

function slotOf(container: MapNode | ListNode, component: string | number): Slot {
  if (typeof component === 'string') {
    if (container.kind === 'list')
      throw new SopsError('path-not-found', `component ['${component}'] is a key, but tree part is a list`);
    const entry = container.items.find((item): item is Entry => item.kind === 'entry' && item.key === component);
    return {
      get: () => entry?.value,
      put: (node, old) => {
        if (entry) entry.value = withOrigin(node, old);
        else container.items.push({ kind: 'entry', key: component, value: node });
      },
    };
  }
  if (container.kind === 'map')
    throw new SopsError('path-not-found', `component [${component}] is integer, but tree part is a mapping`);
  if (component < 0) throw new SopsError('path-not-found', `component [${component}] is negative`);
  const item = container.items[component];
  if (item?.kind === 'comment') throw new SopsError('path-not-found', `component [${component}] is a comment`);
  return {
    get: () => item,
    put: (node, old) => {
      if (item) container.items[component] = withOrigin(node, old);
      else container.items.push(node);
    },
  };
}

/** A scalar that replaces a scalar keeps its place in the text, and so its quotes. */
function withOrigin(node: Node, old: Node | undefined): Node {
  return node.kind === 'leaf' && old?.kind === 'leaf' ? { ...node, origin: old.origin } : node;
}

/** Whether a number is to be spelled in another way: two integers beyond int64 may be one float. */
function isOtherSpelling(old: Node, next: Node): boolean {
  if (old.kind !== 'leaf' || next.kind !== 'leaf') return false;
  return next.spelling !== undefined && next.spelling !== old.spelling;
}

/** What a path that leads nowhere yet has to become. */
function build(path: KeyPath, value: Node): Node {
  return path.reduceRight<Node>((inner, component) => {
    if (typeof component === 'string') return { kind: 'map', items: [{ kind: 'entry', key: component, value: inner }] };
    return { kind: 'list', items: [inner] };
  }, value);
}

/** Whether two nodes hold the same data in the same order, comments and layout aside. */
export function isSame(a: Node, b: Node): boolean {
  const pairs: [Node, Node][] = [[a, b]];
  for (const [left, right] of pairs) {
    if (left.kind === 'leaf' || right.kind === 'leaf') {
      if (left.kind !== right.kind || !isSameValue((left as Leaf).value, (right as Leaf).value)) return false;
      continue;
    }
    if (left.kind !== right.kind) return false;
    const leftItems = left.items.filter((item) => item.kind !== 'comment');
    const rightItems = right.items.filter((item) => item.kind !== 'comment');
    if (leftItems.length !== rightItems.length) return false;
    for (const [index, item] of leftItems.entries()) {
      const other = rightItems[index];
      if (!other) return false;
      if (item.kind === 'entry' && other.kind === 'entry') {
        if (item.key !== other.key) return false;
        pairs.push([item.value, other.value]);
      } else if (item.kind !== 'entry' && other.kind !== 'entry') {
        pairs.push([item, other]);
      }
    }
  }
  return true;
}
