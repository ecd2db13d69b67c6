/**
 * Nested metadata as flat keys, for formats without nesting: `age__list_0__map_enc`.
 * Upstream: `stores/flatten.go`.
 */
import { SopsError } from '../errors.ts';
import type { Entry, Leaf, ListNode, MapNode, Node } from '../tree/node.ts';

const MAP_SEPARATOR = '__map_';
const LIST_SEPARATOR = '__list_';

/** Depth-first, in the order of the map. Empty maps and lists have no flat form and vanish. */
export function flatten(map: MapNode): Entry[] {
  const flat: Entry[] = [];
  const stack: { key: string; value: Node }[] = [];
  pushMap(stack, map, '');
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { key, value } = top;
    if (value.kind === 'leaf') flat.push({ kind: 'entry', key, value });
    else if (value.kind === 'map') pushMap(stack, value, key + MAP_SEPARATOR);
    else pushList(stack, value, key + LIST_SEPARATOR);
  }
  return flat;
}

function pushMap(stack: { key: string; value: Node }[], map: MapNode, prefix: string): void {
  for (const item of map.items.toReversed()) {
    if (item.kind === 'entry') stack.push({ key: prefix + item.key, value: item.value });
  }
}

function pushList(stack: { key: string; value: Node }[], list: ListNode, prefix: string): void {
  const elements = list.items.filter((item) => item.kind !== 'comment');
  for (const [index, value] of [...elements.entries()].reverse()) stack.push({ key: `${prefix}${index}`, value });
}

/** A node under construction: a value, or named children, or numbered ones. */
interface Draft {
  value?: Leaf | undefined;
  named: Map<string, Draft>;
  numbered: Map<number, Draft>;
}

/**
 * The reverse of {@link flatten}, keys in any order.
 *
 * @throws SopsError `invalid-metadata` for a key given twice, a key that is two things at once, a list with gaps
 */
export function unflatten(entries: readonly Entry[]): MapNode {
  const root = newDraft();
  for (const { key, value } of entries) {
    if (value.kind !== 'leaf') continue;
    const draft = descend(root, key);
    if (draft.value) throw invalid(`Error while unflattening "${key}": Duplicate value`);
    draft.value = value;
  }
  const node = build(root);
  return node.kind === 'map' ? node : { kind: 'map', items: [] };
}

function newDraft(): Draft {
  return { named: new Map(), numbered: new Map() };
}

function descend(root: Draft, key: string): Draft {
  let draft = root;
  const [first = '', ...rest] = key.split(/(__map_|__list_)/);
  draft = childOf(draft.named, first);
  for (let index = 0; index < rest.length; index += 2) {
    const name = rest[index + 1] ?? '';
    // A list position that is no number counts as 0, as upstream ignores the error.
    if (rest[index] === MAP_SEPARATOR) draft = childOf(draft.named, name);
    else draft = childOf(draft.numbered, /^[+-]?\d{1,15}$/.test(name) ? Number(name) : 0);
  }
  return draft;
}

function childOf<K>(children: Map<K, Draft>, key: K): Draft {
  let child = children.get(key);
  if (!child) children.set(key, (child = newDraft()));
  return child;
}

function build(root: Draft): Node {
  // Keys of a file may nest as deep as a line is long, so the drafts are built from the leaves up without recursion.
  const order: Draft[] = [root];
  for (const draft of order) {
    for (const child of draft.named.values()) order.push(child);
    for (const child of draft.numbered.values()) order.push(child);
  }
  const built = new Map<Draft, Node>();
  const nodeOf = (draft: Draft): Node => built.get(draft) ?? { kind: 'map', items: [] };
  for (const draft of order.reverse()) {
    const { value, named, numbered } = draft;
    if (Number(value !== undefined) + Number(named.size > 0) + Number(numbered.size > 0) > 1) {
      throw invalid('Error while unflattening: Type mismatch');
    }
    if (value) built.set(draft, value);
    else if (numbered.size > 0) built.set(draft, { kind: 'list', items: listItems(numbered).map(nodeOf) });
    else built.set(draft, { kind: 'map', items: namedItems(named, nodeOf) });
  }
  return nodeOf(root);
}

function namedItems(named: Map<string, Draft>, nodeOf: (draft: Draft) => Node): Entry[] {
  return [...named].map(([key, draft]) => ({ kind: 'entry', key, value: nodeOf(draft) }));
}

function listItems(numbered: Map<number, Draft>): Draft[] {
  const items: Draft[] = [];
  for (let index = 0; index < numbered.size; index++) {
    const draft = numbered.get(index);
    if (!draft) throw invalid('Error while unflattening: Incomplete list');
    items.push(draft);
  }
  return items;
}

function invalid(message: string): SopsError {
  return new SopsError('invalid-metadata', message);
}
