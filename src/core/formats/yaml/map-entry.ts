/** The entry of a map that is being read: from its `?` or key to its value. */
import type { Entry, Node } from '../../tree/node.ts';
import type { Mark } from './cursor.ts';
import type { MapFrame } from './frame.ts';
import type { EntryOrigin, PropertyOrigin } from './origin.ts';
import type { Token } from './token.ts';

export interface KeyPlace {
  /** Where it starts, with its tag and anchor. */
  mark: Mark;
  /** The span without those: a scalar, the `*name` of an alias, or a map or list. */
  start: number;
  end: number;
  anchor: PropertyOrigin | undefined;
}

/** Begins an entry at its `key` token: a `?`, or no character at all. */
export function startEntry(frame: MapFrame, { index, end, assumed }: Token): void {
  frame.entry = createOrigin(frame, index, end);
  frame.assumed = assumed;
}

/** Takes in where the key stands. An entry of a flow map that is a key alone has no `key` token, and begins here. */
export function startKey(frame: MapFrame, { mark, start, end, anchor }: KeyPlace): void {
  if (frame.expects === 'no-value') {
    frame.entry = createOrigin(frame, mark.index, mark.index);
    frame.assumed = false;
  } else {
    frame.expects = 'value';
  }
  if (frame.entry === undefined) return;
  frame.entry.keyStart = start;
  frame.entry.keyEnd = end;
  frame.entry.end = Math.max(frame.entry.end, end);
  frame.entry.keyAnchor = anchor;
}

/** Takes in the `:`. */
export function startValue(frame: MapFrame, { index, end }: Token): void {
  if (frame.entry === undefined) return;
  frame.entry.colon = index;
  frame.entry.end = end;
}

/** Puts the entry into the map, with its value, which ends at `end`. */
export function endEntry(frame: MapFrame, value: Node, end: number): void {
  const origin = frame.entry;
  if (origin !== undefined) {
    origin.end = Math.max(origin.end, end);
    frame.origin.end = Math.max(frame.origin.end, origin.end);
  }
  const entry: Entry = { kind: 'entry', key: frame.key, keyType: frame.keyType, value, origin };
  frame.node.items.push(entry);
  frame.entryCount++;
}

/** Whether `<<` may hold it: a map or an alias of one, or a list of those. */
export function isMergeable(node: Node): boolean {
  if (node.kind !== 'list') return node.kind === 'map';
  if ((node.origin as { kind?: string } | undefined)?.kind === 'alias') return false;
  return node.items.every((item) => item.kind === 'map' || item.kind === 'comment');
}

function createOrigin(frame: MapFrame, start: number, end: number): EntryOrigin {
  return {
    kind: 'entry',
    source: frame.origin.source,
    start,
    end,
    keyStart: end,
    keyEnd: end,
    colon: -1,
    explicit: end > start,
    keyAnchor: undefined,
    key: '',
  };
}
