/** Removes a part of a document. Upstream: `sops.go` (`TreeBranch.Unset`). */
import { SopsError } from '../errors.ts';
import type { KeyPath } from './key-path.ts';
import type { MapNode, Node } from './node.ts';

/** Nothing is there to remove; `--idempotent` takes it for success. */
export class MissingKeyError extends SopsError {
  override readonly name: string = 'MissingKeyError';
}

/**
 * Removes the entry or element at a path, of a key given twice the first. List positions count comments.
 *
 * @throws MissingKeyError `path-not-found` for what is not there
 * @throws SopsError `path-not-found` for a scalar on the way, a key into a list, a number into a map, the number of a comment
 */
export function unsetValue(root: MapNode, path: KeyPath): void {
  let node: Node = root;
  for (const [depth, component] of path.entries()) {
    const { items, index } = find(node, component);
    if (depth === path.length - 1) {
      items.splice(index, 1);
      return;
    }
    const item = items[index];
    if (!item || item.kind === 'comment') return;
    node = item.kind === 'entry' ? item.value : item;
  }
}

function find(node: Node, component: string | number): { items: MapNode['items'] | Node[]; index: number } {
  if (node.kind === 'leaf') throw new SopsError('path-not-found', `Unsupported type: scalar for item '${component}'`);
  if (node.kind === 'map') {
    if (typeof component === 'number') throw new MissingKeyError('path-not-found', `Key not found: ${component}`);
    const index = node.items.findIndex((item) => item.kind === 'entry' && item.key === component && !item.keyType);
    if (index < 0) throw new MissingKeyError('path-not-found', `Key not found: ${component}`);
    return { items: node.items, index };
  }
  if (typeof component === 'string') {
    throw new SopsError('path-not-found', `component ['${component}'] is a key, but tree part is a list`);
  }
  if (component < 0) throw new SopsError('path-not-found', `component [${component}] is negative`);
  if (component >= node.items.length) throw new MissingKeyError('path-not-found', `Index ${component} out of bounds`);
  if (node.items[component]?.kind === 'comment') {
    throw new SopsError('path-not-found', `component [${component}] is a comment`);
  }
  return { items: node.items as Node[], index: component };
}
