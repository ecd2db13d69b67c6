/**
 * Brings an existing metadata block to new content while keeping every node that need not change, so that the block's
 * layout and the order of its keys stay the user's and a diff shows what really changed.
 */
import type { Comment, Entry, Leaf, ListNode, MapNode, Node, Value } from '../tree/node.ts';
import { isSameValue } from '../tree/same-tree.ts';
import { wireText } from '../tree/scalar-text.ts';

/** Returns `old`, changed in place where it can hold the new content, else `next`. */
export function reconcile(old: Node, next: Node): Node {
  if (old.kind === 'map' && next.kind === 'map') {
    old.items = reconcileEntries(old.items, next.items);
    return old;
  }
  if (old.kind === 'list' && next.kind === 'list') {
    old.items = reconcileElements(old, next);
    return old;
  }
  if (old.kind === 'leaf' && next.kind === 'leaf') {
    if (isSameValue(old.value, next.value)) return old;
    return { ...next, origin: old.origin };
  }
  return next;
}

/** Keeps the old order and the comments; a new entry goes behind the one that precedes it in `next`. */
export function reconcileEntries(old: (Entry | Comment)[], next: (Entry | Comment)[]): (Entry | Comment)[] {
  const wanted = new Map<string, Entry>();
  for (const item of next) if (item.kind === 'entry') wanted.set(item.key, item);
  const kept = new Set<string>();
  const result: (Entry | Comment)[] = [];
  for (const item of old) {
    if (item.kind === 'comment') {
      result.push(item);
      continue;
    }
    const replacement = wanted.get(item.key);
    if (!replacement || kept.has(item.key)) continue;
    kept.add(item.key);
    item.value = reconcile(item.value, replacement.value);
    result.push(item);
  }
  let previous: Entry | undefined;
  for (const item of wanted.values()) {
    if (!kept.has(item.key)) {
      const before = previous;
      const at = before ? result.findIndex((other) => other.kind === 'entry' && other.key === before.key) + 1 : 0;
      result.splice(at, 0, item);
    }
    previous = item;
  }
  return result;
}

/** Elements are maps of one key each; one is the same key as another when all but the wrapped data key agrees. */
function reconcileElements(old: ListNode, next: ListNode): (Node | Comment)[] {
  const left = old.items.filter((item) => item.kind !== 'comment');
  return next.items.map((element) => {
    if (element.kind === 'comment') return element;
    const name = identityOf(element);
    const at = left.findIndex((candidate) => identityOf(candidate) === name);
    if (at < 0) return element;
    const [match] = left.splice(at, 1);
    return match ? reconcile(match, element) : element;
  });
}

function identityOf(node: Node): string {
  if (node.kind !== 'map') return node.kind;
  const parts: string[] = [];
  for (const item of node.items) {
    if (item.kind !== 'entry') continue;
    const name = item.key.toLowerCase();
    if (name === 'enc' || name === 'created_at') continue;
    if (item.value.kind === 'leaf') parts.push(`${name}=${wireText(item.value.value)}`);
  }
  return parts.sort().join('\n');
}

/** A leaf without origin. */
export function leaf(value: Value): Leaf {
  return { kind: 'leaf', value };
}

/** A map without origin, its entries in the order given; undefined values are left out. */
export function map(entries: Record<string, Node | undefined>): MapNode {
  const items: Entry[] = [];
  for (const [key, value] of Object.entries(entries)) if (value) items.push({ kind: 'entry', key, value });
  return { kind: 'map', items };
}
