import type { ListNode, MapNode } from '../../tree/node.ts';
import type { Anchor } from './alias.ts';
import { NO_LINES } from './comment-queue.ts';
import type { CommentLine } from './comment-run.ts';
import type { Mark } from './cursor.ts';
import type { OpenKeys } from './key-register.ts';
import type { CollectionOrigin, EntryOrigin, PropertyOrigin } from './origin.ts';

interface BaseFrame {
  /** Where it starts, for errors. */
  readonly mark: Mark;
  /** The same, or its first tag or anchor. */
  readonly start: Mark;
  /** Its short tag, `''` if it has none. */
  readonly tagName: string;
  readonly flow: boolean;
  readonly origin: CollectionOrigin;
  /** Column of the innermost block, this one included; -1 if there is none. */
  readonly blockColumn: number;
  readonly anchor: Anchor | undefined;
  /** Decoding steps and comments before it. */
  readonly stepsBefore: number;
  readonly commentsBefore: number;
  /** Comments above it, while they are not in the tree yet. */
  head: readonly CommentLine[];
  /** Number of its items that are its own head comments. */
  headCount: number;
  /** Whether nothing of it was read yet. */
  first: boolean;
}

export interface ListFrame extends BaseFrame {
  readonly isMap: false;
  readonly kind: 'block-list' | 'indentless-list' | 'flow-list';
  readonly node: ListNode;
  /** Index of the dash of the element that is being read. */
  dash: number;
}

/** A map. A `pair` is one entry in a flow list, without brackets. */
export interface MapFrame extends BaseFrame {
  readonly isMap: true;
  readonly kind: 'block-map' | 'flow-map' | 'pair';
  readonly node: MapNode;
  expects: 'key' | 'value' | 'no-value' | 'end';
  /** Whether the node that is being read is a key. */
  readsKey: boolean;
  /** The key that was read, until its value is there too. */
  key: string;
  keyType: { type: string; text: string } | undefined;
  keyFoot: readonly CommentLine[];
  entry: EntryOrigin | undefined;
  /** Whether the entry is the assumed one for the metadata: only its comments count. */
  assumed: boolean;
  entryCount: number;
  readonly keys: OpenKeys;
  merges: boolean;
  /** Whether the key is the merge key, whose value must be a map or a list of maps. */
  isMerge: boolean;
}

export type Frame = ListFrame | MapFrame;

/** What stands in front of a node: its tag and anchor. */
export interface Properties {
  /** Where the first of them stands. */
  readonly mark: Mark;
  /** The short tag, `''` without one. */
  readonly tagName: string;
  readonly tag: PropertyOrigin | undefined;
  readonly anchorSpan: PropertyOrigin | undefined;
  readonly anchor: Anchor | undefined;
}

/** Decoding steps and comments counted so far. */
interface Counted {
  steps: number;
  comments: number;
}

export function createListFrame(
  kind: ListFrame['kind'],
  mark: Mark,
  properties: Properties | undefined,
  origin: CollectionOrigin,
  before: Counted,
): ListFrame {
  return {
    isMap: false,
    kind,
    node: { kind: 'list', items: [], origin },
    mark,
    start: properties?.mark ?? mark,
    tagName: properties?.tagName ?? '',
    flow: kind === 'flow-list',
    origin,
    blockColumn: origin.column,
    anchor: properties?.anchor,
    stepsBefore: before.steps,
    commentsBefore: before.comments,
    head: NO_LINES,
    headCount: 0,
    first: true,
    dash: -1,
  };
}

export function createMapFrame(
  kind: MapFrame['kind'],
  mark: Mark,
  properties: Properties | undefined,
  origin: CollectionOrigin,
  before: Counted,
  keys: OpenKeys,
): MapFrame {
  return {
    isMap: true,
    kind,
    node: { kind: 'map', items: [], origin },
    mark,
    start: properties?.mark ?? mark,
    tagName: properties?.tagName ?? '',
    flow: kind !== 'block-map',
    origin,
    blockColumn: origin.column,
    anchor: properties?.anchor,
    stepsBefore: before.steps,
    commentsBefore: before.comments,
    head: NO_LINES,
    headCount: 0,
    first: true,
    expects: 'key',
    readsKey: false,
    key: '',
    keyType: undefined,
    keyFoot: NO_LINES,
    entry: undefined,
    assumed: false,
    entryCount: 0,
    keys,
    merges: false,
    isMerge: false,
  };
}
