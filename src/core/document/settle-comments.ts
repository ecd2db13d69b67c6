/**
 * Where a comment belongs is decided by the text around it, so changing a tree can move a comment to another container. Its
 * ciphertext is made for the container that a reader of the written text finds.
 */
import { createLeafCipher } from '../cipher/leaf-cipher.ts';
import type { Format, Source } from '../formats/format.ts';
import type { Comment, Tree } from '../tree/node.ts';
import { EVERYTHING } from '../tree/selection.ts';
import { encodeText } from '../tree/utf8.ts';
import { walk } from '../tree/walk.ts';
import type { Environment, OpenFile } from './file.ts';

/** Reseals the comments whose path in `text` is another than in the tree. @returns whether there was none */
export function settleComments(file: OpenFile, text: Source, format: Format, environment: Environment): boolean {
  // Only YAML attributes comments by their surroundings.
  if (format.name !== 'yaml') return true;
  const sealed = new Map<string, { comment: Comment; path: string }>();
  visitComments(file.tree, (comment, path) => {
    if (comment.ciphertext !== undefined) sealed.set(comment.ciphertext, { comment, path });
  });
  if (sealed.size === 0) return true;
  const cipher = createLeafCipher(environment.crypto, file.dataKey);
  let isSettled = true;
  visitComments(format.parse(text, 'encrypted'), (written, path) => {
    const match = sealed.get(written.text);
    if (!match || match.path === path) return;
    match.comment.ciphertext = cipher.seal(encodeText(match.comment.text), 'comment', path);
    isSettled = false;
  });
  return isSettled;
}

function visitComments(tree: Tree, visit: (comment: Comment, path: string) => void): void {
  for (const document of tree.documents) {
    walk(document, EVERYTHING, { sealed: false }, (node, path) => {
      if (node.kind === 'comment') visit(node, path);
    });
  }
}
