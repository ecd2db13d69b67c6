/**
 * Where the nodes of a tree stand in a YAML text: what the reader leaves behind and the layout-keeping emitter reads.
 *
 * Positions are UTF-16 indexes into {@link YamlSource.text}, spans are half open. A node without an origin has no text of
 * its own: it was set, comes from another format, or is part of an expanded alias.
 */
import type { Node, Value } from '../../tree/node.ts';
import type { Form } from '../format.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface Span {
  start: number;
  /** Just behind the last character. */
  end: number;
}

/** A tag or an anchor as written, its `!` or `&` included. */
export interface PropertyOrigin extends Span {
  text: string;
}

/** Origin of a `Tree`. */
export interface YamlSource {
  format: 'yaml';
  form: Form;
  /** The decoded text with its byte order mark and its own line breaks. */
  text: string;
  /** One for each document of the tree, in the same order. */
  documents: DocumentOrigin[];
}

/** The first document starts at 0, each other one where the one before ends; the last one ends with the text. */
export interface DocumentOrigin extends Span {
  /** Behind directives and `---`; `start` if there is no `---`. Comments may stand before and behind it. */
  contentStart: number;
  /** Whether the document begins with `---`. */
  explicitStart: boolean;
  /** Whether it ends with `...`. */
  explicitEnd: boolean;
  /**
   * Where a new last entry of the root map goes, after all of the document's comments and blank lines. For a block map or a
   * null document: the start of the line of the next `---` or `...`, or the end of the text (where the last line may lack
   * its break). For a flow map: its closing bracket.
   */
  insertAt: number;
  /** What the root is in the text: `null` stands for a document without content or with a null scalar. */
  root: 'block' | 'flow' | 'null' | 'alias';
  /** Column of the root map's keys; 0 if there is none. */
  column: number;
}

/** Origin of a scalar that stands in the text itself. */
export interface LeafOrigin extends Span {
  kind: 'leaf';
  source: YamlSource;
  /**
   * `[start, end)` is the scalar without its tag and anchor. Quotes are included. A block scalar begins at its `|` or `>`
   * and ends before the line break of its last line (trailing blank lines count only for `+`); a comment on its header
   * line lies inside. A missing value is an empty span right behind the `:`, `-`, `?`, tag or anchor.
   */
  style: ScalarStyle;
  /** Whether it stands in a flow collection. */
  flow: boolean;
  /** Column of the innermost block collection around it, -1 if there is none. Text of several lines is indented beyond it. */
  indent: number;
  tag: PropertyOrigin | undefined;
  anchor: PropertyOrigin | undefined;
  /** The value as it was read. A leaf with another one was changed. */
  value: Value;
  /** Index of its dash, if it is an element of a block list, else -1. */
  dash: number;
}

/** Origin of a map or list that stands in the text itself, and of the empty map that stands for a null document. */
export interface CollectionOrigin extends Span {
  kind: 'collection';
  source: YamlSource;
  /**
   * `[start, end)` runs from the first key, dash or opening bracket to the end of the last value (see {@link LeafOrigin})
   * or behind the closing bracket; tag and anchor excluded. A null document has the span of its scalar.
   */
  style: 'block' | 'flow' | 'null';
  /** Block: column of the keys or dashes. Flow: column of the innermost block collection around it, -1 if there is none. */
  column: number;
  tag: PropertyOrigin | undefined;
  anchor: PropertyOrigin | undefined;
  /** A flow map of one entry written without brackets as an element of a flow list: `[a: 1]`. */
  bare: boolean;
  /** Index of its dash, if it is an element of a block list, else -1. */
  dash: number;
}

/**
 * Origin of a map's entry. `start` is at its `?`, or else at the key or the key's first tag or anchor; `end` is the end of
 * the value (of the key or the `:`, where the value is missing).
 */
export interface EntryOrigin extends Span {
  kind: 'entry';
  source: YamlSource;
  /** The key's scalar without tag and anchor; of an alias, the `*name`. */
  keyStart: number;
  keyEnd: number;
  /** Index of the `:`, -1 if there is none. */
  colon: number;
  /** Whether the key is written behind a `?`. */
  explicit: boolean;
  /** Anchor of the key: an alias elsewhere may need it. */
  keyAnchor: PropertyOrigin | undefined;
  /** The key as it was read. */
  key: string;
}

/** Origin of a comment: from its `#` to the end of the line, without the break. */
export interface CommentOrigin extends Span {
  kind: 'comment';
  source: YamlSource;
  /** The text as it was read. */
  text: string;
}

/** Origin of the top node of an expanded alias. The nodes below it have no origin. */
export interface AliasOrigin extends Span {
  kind: 'alias';
  source: YamlSource;
  /** The anchor's name, without `*`. */
  name: string;
  /** The node that the anchor stands at; equal to this one as long as neither was changed. */
  target: Node;
  /** Index of its dash, if it is an element of a block list, else -1. */
  dash: number;
}

export type NodeOrigin = LeafOrigin | CollectionOrigin | AliasOrigin;
