/** Changes of a text, collected in any order and made in one pass. */
export interface Edit {
  start: number;
  /** Equal to `start` for an insertion. */
  end: number;
  text: string;
  /** How deep in the tree it belongs: of insertions at one position the deepest comes first. */
  depth?: number;
}

/** The text with its changes made. A change inside of another one is dropped. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = isOrdered(edits) ? edits : edits.toSorted(compare);
  const pieces: string[] = [];
  let position = 0;
  for (const edit of ordered) {
    if (edit.start < position) continue;
    pieces.push(text.slice(position, edit.start), edit.text);
    position = edit.end;
  }
  pieces.push(text.slice(position));
  return pieces.join('');
}

function isOrdered(edits: readonly Edit[]): boolean {
  return edits.every((edit, index) => index === 0 || compare(edits[index - 1] ?? edit, edit) <= 0);
}

function compare(a: Edit, b: Edit): number {
  if (a.start !== b.start) return a.start - b.start;
  const isInsertion = a.start === a.end;
  if (isInsertion !== (b.start === b.end)) return isInsertion ? -1 : 1;
  return isInsertion ? (b.depth ?? 0) - (a.depth ?? 0) : 0;
}
