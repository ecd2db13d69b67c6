/** Finds a part of a document. Upstream: `sops.go` (`TreeBranch.Truncate`). */
import { SopsError } from '../errors.ts';
import type { KeyPath } from './key-path.ts';
import type { Comment, MapNode, Node } from './node.ts';

/**
 * The node at a path; of a key given twice, the first. List positions count comments, as upstream numbers them.
 *
 * @throws SopsError `path-not-found`
 */
export function extract(root: MapNode, path: KeyPath): Node {
  let node: Node = root;
  for (const component of path) {
    node = typeof component === 'string' ? valueOf(node, component) : elementAt(node, component);
  }
  return node;
}

function valueOf(node: Node, key: string): Node {
  if (node.kind !== 'map') {
    throw notFound(`component ['${key}'] is a key, but tree part is ${node.kind === 'list' ? 'a list' : 'no mapping'}`);
  }
  for (const item of node.items) if (item.kind === 'entry' && item.key === key && !item.keyType) return item.value;
  throw notFound(`component ['${key}'] not found`);
}

function elementAt(node: Node, index: number): Node {
  if (node.kind !== 'list') throw notFound(`component [${index}] is integer, but tree part is not a slice`);
  const item: Node | Comment | undefined = node.items[index];
  if (!item) throw notFound(`component [${index}] accesses out of bounds`);
  if (item.kind === 'comment') throw notFound(`component [${index}] is a comment`);
  return item;
}

function notFound(message: string): SopsError {
  return new SopsError('path-not-found', message);
}
