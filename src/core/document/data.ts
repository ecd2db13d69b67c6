/** A document as plain JavaScript data. */
import type { Comment, Entry, MapNode, Node, Value } from '../tree/node.ts';
import { Timestamp } from '../tree/timestamp.ts';

/**
 * What a document holds: integers as `number` where they are exact and as `bigint` beyond 2^53, dates as `Date`, bytes that
 * are not UTF-8 as `Uint8Array`.
 */
export type Data = string | number | bigint | boolean | null | Date | Uint8Array | Data[] | { [key: string]: Data };

/**
 * Turns a node into data. Comments are left out; of a key given twice the last counts; integer-like keys come first, since
 * JavaScript objects order them so.
 */
export function dataOf(root: Node): Data {
  const result: { data: Data } = { data: null };
  const pending: { node: Node; put: (data: Data) => void }[] = [{ node: root, put: (data) => (result.data = data) }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, put } = next;
    if (node.kind === 'leaf') {
      put(valueOf(node.value));
      continue;
    }
    if (node.kind === 'list') {
      const elements = node.items.filter((item) => item.kind !== 'comment');
      const list: Data[] = new Array<Data>(elements.length).fill(null);
      put(list);
      for (const [index, element] of elements.entries()) {
        pending.push({ node: element, put: (data) => (list[index] = data) });
      }
      continue;
    }
    const object: { [key: string]: Data } = {};
    put(object);
    pushEntries(node, object, pending);
  }
  return result.data;
}

function pushEntries(
  node: MapNode,
  object: { [key: string]: Data },
  pending: { node: Node; put: (data: Data) => void }[],
): void {
  const isEntry = (item: Entry | Comment): item is Entry => item.kind === 'entry';
  for (const { key, value } of node.items.filter(isEntry)) {
    // Not by assignment: `__proto__` is a key like any other.
    const define = (data: Data): void => {
      Object.defineProperty(object, key, { value: data, enumerable: true, configurable: true, writable: true });
    };
    define(null);
    pending.push({ node: value, put: define });
  }
}

function valueOf(value: Value): Data {
  if (value instanceof Timestamp) return new Date(value.text);
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
