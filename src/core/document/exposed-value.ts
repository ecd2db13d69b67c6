/** A value that a change elsewhere would leave in clear: without the item that a comment was about, it is about the next one. */
import { SopsError } from '../errors.ts';
import type { Leaf } from '../tree/node.ts';
import { createSelector } from '../tree/selection.ts';
import { walk } from '../tree/walk.ts';
import type { OpenFile } from './file.ts';

/** The encrypted values whose encryption depends on comments, each with its keys joined by `:`. */
export async function valuesSelectedByComments({ tree, metadata }: OpenFile): Promise<ReadonlyMap<Leaf, string>> {
  const found = new Map<Leaf, string>();
  const selector = await createSelector(metadata.selection);
  if (selector.subject !== 'comment') return found;
  for (const document of tree.documents) {
    walk(document, selector, { sealed: false }, (node, additionalData) => {
      if (node.kind === 'leaf' && node.ciphertext !== undefined) found.set(node, additionalData.slice(0, -1));
    });
  }
  return found;
}

/** @throws SopsError `encrypt-tree` when one of these values was to be written in clear after the file was sealed */
export function refuseExposed(values: ReadonlyMap<Leaf, string>): void {
  for (const [leaf, path] of values) {
    if (leaf.ciphertext !== undefined) continue;
    throw new SopsError('encrypt-tree', `not written: a comment that is left would put "${path}" in clear`, {
      hint: 'use edit, and remove the comment with what it is about',
    });
  }
}
