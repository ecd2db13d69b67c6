/** Where the nodes of a configuration stand in its text. A tree made by hand has no text, and no positions. */
import type { EntryOrigin, LeafOrigin, NodeOrigin } from '../formats/yaml/origin.ts';
import type { Entry, Leaf, Node } from '../tree/node.ts';

export interface Positions {
  /** 1-based. */
  lineOf(node: Node | Entry): number | undefined;
  /** The text of a plain scalar. */
  plainText(leaf: Leaf): string | undefined;
  /** Whether an entry's key is a merge key: `<<`, not quoted. */
  isMergeKey(entry: Entry): boolean;
}

/** Nodes of a YAML tree have the origins of `formats/yaml/origin.ts`. */
export function positionsOf(): Positions {
  let lines: { text: string; starts: number[] } | undefined;
  return {
    lineOf(node) {
      const origin = node.origin as NodeOrigin | EntryOrigin | undefined;
      if (origin === undefined) return undefined;
      const { text } = origin.source;
      if (lines?.text !== text) lines = { text, starts: lineStartsOf(text) };
      return lineAt(lines.starts, origin.start);
    },
    plainText(leaf) {
      const origin = leaf.origin as LeafOrigin | undefined;
      return origin?.kind === 'leaf' && origin.style === 'plain'
        ? origin.source.text.slice(origin.start, origin.end)
        : undefined;
    },
    isMergeKey(entry) {
      if (entry.key !== '<<') return false;
      const origin = entry.origin as EntryOrigin | undefined;
      return origin === undefined || origin.source.text.startsWith('<<', origin.keyStart);
    },
  };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\n\r\u0085\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return starts;
}

function lineAt(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle;
  }
  return low + 1;
}
