/** Spellings belong to the format that they were read from: another one writes numbers in its own way. */

import type { Leaf, Tree } from '../tree/node.ts';
import { EVERYTHING } from '../tree/selection.ts';
import { walk } from '../tree/walk.ts';

/** @param isKept - leaves whose spelling stays all the same */
export function dropSpellings(tree: Tree, isKept: (leaf: Leaf) => boolean = () => false): void {
  for (const document of tree.documents) {
    walk(document, EVERYTHING, { sealed: true }, (node) => {
      if (node.kind === 'leaf' && !isKept(node)) node.spelling = undefined;
    });
  }
}

/** Whether a float is spelled as an integer, with digits that the value alone would lose. */
export function hasDigitsToLose({ value, spelling }: Leaf): boolean {
  return typeof value === 'number' && /^-?\d+$/.test(spelling ?? '');
}
