/**
 * Lets values that did not change keep their ciphertext when a whole text was replaced by another, so that the difference
 * between two commits shows what was edited. Upstream keeps the IVs for the same end (`aes/cipher.go`, the stash).
 */
import { parseCiphertext } from '../cipher/ciphertext.ts';
import { wireTypeOf } from '../cipher/wire-value.ts';
import type { Comment, Leaf, Tree } from '../tree/node.ts';
import { wireText } from '../tree/scalar-text.ts';
import type { Selector } from '../tree/selection.ts';
import { walk } from '../tree/walk.ts';

/**
 * Gives the leaves and comments of `edited` the ciphertexts of those of `former` that have the same path, type and text. Each
 * ciphertext is used once, in document order.
 *
 * @param former - an opened tree: values, with their ciphertexts beside them
 */
export function reuseCiphertexts(former: Tree, edited: Tree, selector: Selector): void {
  const known = new Map<string, string[]>();
  visit(former, selector, (node, name) => {
    if (node.ciphertext === undefined) return;
    const list = known.get(name);
    if (list) list.push(node.ciphertext);
    else known.set(name, [node.ciphertext]);
  });
  for (const list of known.values()) list.reverse();
  visit(edited, selector, (node, name) => {
    const ciphertext = known.get(name)?.pop();
    // What may follow a ciphertext describes the former layout.
    if (ciphertext !== undefined) node.ciphertext = ciphertext.slice(0, parseCiphertext(ciphertext)?.length);
  });
}

function visit(tree: Tree, selector: Selector, use: (node: Leaf | Comment, name: string) => void): void {
  for (const document of tree.documents) {
    walk(document, selector, { sealed: false }, (node, additionalData, selected) => {
      if (selected) use(node, `${additionalData}\n${contentOf(node)}`);
    });
  }
}

/** Two leaves with the same content would have the same plaintext under the cipher. */
function contentOf(node: Leaf | Comment): string {
  if (node.kind === 'comment') return `comment ${node.text}`;
  return `${wireTypeOf(node.value) ?? 'null'} ${node.spelling ?? wireText(node.value)}`;
}
