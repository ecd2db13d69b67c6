import type { Comment, Entry, Leaf, MapNode, Node, Tree, Value } from '../../tree/node.ts';
import type { Form } from '../format.ts';
import { bareCiphertext } from './notes.ts';
import { readYaml } from './read.ts';
import { isSameValue } from './reads-as.ts';

/**
 * Whether a text says what a tree does, comments aside. A new item between others can be where its text, or that of its
 * neighbours, means something else: that is better noticed than foreseen.
 */
export function says(text: string, tree: Tree, form: Form): boolean {
  let read: Tree;
  try {
    read = readYaml(text, form);
  } catch {
    return false;
  }
  if (read.documents.length !== tree.documents.length) return false;
  return tree.documents.every((document, index) => isRead(document, read.documents[index], form));
}

function isRead(root: MapNode, readRoot: MapNode | undefined, form: Form): boolean {
  if (!readRoot) return false;
  const pairs: [Node, Node][] = [[root, readRoot]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [node, read] = pair;
    if (node.kind === 'leaf') {
      if (read.kind !== 'leaf' || !isReadLeaf(node, read.value, form)) return false;
      continue;
    }
    if (read.kind !== node.kind) return false;
    const items = withoutComments(node.items);
    const readItems = withoutComments(read.items);
    if (items.length !== readItems.length) return false;
    for (const [index, item] of items.entries()) {
      const other = readItems[index];
      if (!other || (item.kind === 'entry') !== (other.kind === 'entry')) return false;
      if (item.kind === 'entry' && other.kind === 'entry') {
        if ((item.keyType?.text ?? item.key) !== (other.keyType?.text ?? other.key)) return false;
        pairs.push([item.value, other.value]);
      } else {
        pairs.push([item as Node, other as Node]);
      }
    }
  }
  return true;
}

function withoutComments(items: readonly (Entry | Node | Comment)[]): (Entry | Node)[] {
  return items.filter((item) => item.kind !== 'comment');
}

function isReadLeaf(leaf: Leaf, read: Value, form: Form): boolean {
  if (form === 'encrypted' && leaf.ciphertext !== undefined) {
    return typeof read === 'string' && bareCiphertext(read.trimEnd()) === bareCiphertext(leaf.ciphertext);
  }
  // A float without a fraction is written, and read, as an integer.
  if (typeof leaf.value === 'number' && typeof read === 'bigint') return Number(read) === leaf.value;
  return isSameValue(leaf.value, read);
}
