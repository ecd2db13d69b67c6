/** The values of a file as the data of a Vault secret. Upstream: `sops.go` (`EmitAsMap`). */
import { SopsError } from '../../core/errors.ts';
import { jsonFormat } from '../../core/formats/json/json-format.ts';
import type { Entry, Leaf, ListNode, MapNode, Node, Tree } from '../../core/tree/node.ts';
import { isWellFormed } from '../../core/tree/utf8.ts';

/**
 * Gives the values as one JSON object: of a key that several documents have the last counts, comments stay out. Lists keep what is
 * in them (upstream writes the maps in a list as lists of pairs, D8).
 *
 * @throws SopsError `dump` for what JSON cannot hold, bytes that are no text among it
 */
export function vaultData(tree: Tree): string {
  const entries = new Map<string, Entry>();
  for (const document of tree.documents) {
    for (const item of document.items) if (item.kind === 'entry') entries.set(item.key, item);
  }
  const data: Tree = { documents: [{ kind: 'map', items: [...entries.values()] }] };
  const text = jsonFormat.emit(data, { form: 'plain', indent: 0 });
  if (typeof text === 'string' && !holdsBytes(data)) return text;
  throw new SopsError('dump', 'Vault can only hold text: the file has values that are not UTF-8');
}

/**
 * Whether two JSON values are the same to a store. Keys may stand in any order.
 *
 * @param kvVersion - version 2 keeps numbers as 64-bit floats, so that what it gives back may have lost digits
 */
export function isSameData(one: Node, other: Node, kvVersion: 1 | 2): boolean {
  const leafText = kvVersion === 2 ? roundedText : exactText;
  const waiting: [Node | undefined, Node | undefined][] = [[one, other]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [left, right] = pair;
    if (left === undefined || right === undefined || left.kind !== right.kind) return false;
    if (left.kind === 'leaf' || right.kind === 'leaf') {
      if (left.kind !== 'leaf' || right.kind !== 'leaf' || leafText(left) !== leafText(right)) return false;
      continue;
    }
    const leftItems = childrenOf(left);
    const rightItems = childrenOf(right);
    if (leftItems.size !== rightItems.size) return false;
    for (const [key, node] of leftItems) waiting.push([node, rightItems.get(key)]);
  }
  return true;
}

/** The data of a secret in Vault's answer; undefined when there is none. */
export function dataOfAnswer(answer: string, kvVersion: 1 | 2): Node | undefined {
  const [root] = jsonFormat.parse(answer, 'plain').documents;
  const outer = root === undefined ? undefined : valueOf(root, 'data');
  return kvVersion === 1 || outer === undefined ? outer : valueOf(outer, 'data');
}

export function parseData(text: string): Node | undefined {
  return jsonFormat.parse(text, 'plain').documents[0];
}

function valueOf(node: Node, key: string): Node | undefined {
  return node.kind === 'map' ? childrenOf(node).get(key) : undefined;
}

/** By key or position; of a key that is there twice the last counts. */
function childrenOf(node: MapNode | ListNode): Map<string | number, Node> {
  const children = new Map<string | number, Node>();
  for (const item of node.items) {
    if (item.kind === 'entry') children.set(item.key, item.value);
    else if (item.kind !== 'comment') children.set(children.size, item);
  }
  return children;
}

/** Tells values apart as JSON does: 1 and 1.0 are the same number, "1" is none. */
function exactText({ value, spelling }: Leaf): string {
  if (typeof value === 'bigint') return `number ${value}`;
  if (typeof value === 'number') return `number ${Number.isSafeInteger(value) ? value : (spelling ?? value)}`;
  return JSON.stringify(value);
}

function roundedText(leaf: Leaf): string {
  return typeof leaf.value === 'bigint' ? `number ${Number(leaf.value)}` : exactText({ ...leaf, spelling: undefined });
}

function holdsBytes(tree: Tree): boolean {
  const waiting: Node[] = [...tree.documents];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'leaf') {
      if (node.value instanceof Uint8Array && !isUtf8(node.value)) return true;
      if (typeof node.value === 'string' && !isWellFormed(node.value)) return true;
      continue;
    }
    for (const item of node.items) {
      if (item.kind === 'entry') waiting.push(item.value);
      else if (item.kind !== 'comment') waiting.push(item);
    }
  }
  return false;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
