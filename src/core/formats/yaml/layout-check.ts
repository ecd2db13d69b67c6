import type { Comment, Entry, Leaf, ListNode, MapNode, Node, Tree, Value } from '../../tree/node.ts';
import { isEncryptedComment } from '../../tree/walk.ts';
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
    const items = withoutComments(node, form);
    const readItems = withoutComments(read, form);
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

/** Upstream writes the comments of an encrypted list as elements. */
function withoutComments({ kind, items }: MapNode | ListNode, form: Form): (Entry | Node)[] {
  const hasElements = kind === 'list' && form === 'encrypted';
  const all: readonly (Entry | Node | Comment)[] = items;
  return all.filter(
    (item): item is Entry | Node => item.kind !== 'comment' && !(hasElements && isEncryptedComment(item)),
  );
}

function isReadLeaf(leaf: Leaf, read: Value, form: Form): boolean {
  if (form === 'encrypted' && leaf.ciphertext !== undefined) {
    return typeof read === 'string' && bareCiphertext(read.trimEnd()) === bareCiphertext(leaf.ciphertext);
  }
  // A float without a fraction is written, and read, as an integer.
  if (typeof leaf.value === 'number' && typeof read === 'bigint') return Number(read) === leaf.value;
  return isSameValue(leaf.value, read);
}
