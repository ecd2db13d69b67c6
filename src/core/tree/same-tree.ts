import type { Comment, Entry, Node, Tree, Value } from './node.ts';
import { Timestamp } from './timestamp.ts';

type Item = Entry | Node | Comment;

/** Whether two trees hold the same keys, values, spellings and comments in the same order. Origins and ciphertexts do not count. */
export function isSameTree(a: Tree, b: Tree): boolean {
  if (a.documents.length !== b.documents.length) return false;
  const pending: [Item, Item | undefined][] = a.documents.map((document, index) => [document, b.documents[index]]);
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [one, other] = pair;
    if (other === undefined || !isSameItem(one, other)) return false;
    if (one.kind === 'entry' && other.kind === 'entry') pending.push([one.value, other.value]);
    if ((one.kind !== 'map' && one.kind !== 'list') || one.kind !== other.kind) continue;
    for (const [index, item] of one.items.entries()) pending.push([item, other.items[index]]);
  }
  return true;
}

/** Compares two items without what is in them. */
function isSameItem(one: Item, other: Item): boolean {
  switch (one.kind) {
    case 'comment':
      return other.kind === 'comment' && one.text === other.text && one.inline === other.inline;
    case 'entry':
      return other.kind === 'entry' && one.key === other.key && one.keyType?.type === other.keyType?.type;
    case 'leaf':
      return other.kind === 'leaf' && isSameValue(one.value, other.value) && one.spelling === other.spelling;
    default:
      return one.kind === other.kind && one.items.length === other.items.length;
  }
}

/** Whether two values are the same and of the same type; NaN is the same as NaN, 0 another than -0. */
export function isSameValue(one: Value, other: Value): boolean {
  if (one instanceof Timestamp) return other instanceof Timestamp && one.text === other.text;
  if (one instanceof Uint8Array) {
    return other instanceof Uint8Array && one.length === other.length && one.every((byte, i) => byte === other[i]);
  }
  return Object.is(one, other);
}
