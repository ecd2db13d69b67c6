import type { Mark } from './cursor.ts';
import type { ScalarStyle } from './origin.ts';

export type TokenType =
  | 'stream-start'
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-list-start'
  | 'block-map-start'
  | 'block-end'
  | 'flow-list-start'
  | 'flow-list-end'
  | 'flow-map-start'
  | 'flow-map-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

/** A place where a key without `?` may have begun: it is one if a `:` follows on the same line within 1024 characters. */
export interface SimpleKey {
  /** Still undecided. */
  possible: boolean;
  /** Nothing but a key may stand here. */
  readonly required: boolean;
  /** Number of the token it begins with, counted from the start of the text. */
  readonly tokenNumber: number;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

export interface Token {
  readonly type: TokenType;
  readonly index: number;
  readonly line: number;
  readonly column: number;
  /** Index behind the last character; of a block scalar, see `LeafOrigin`. */
  readonly end: number;
  /** Scalar: its value. Alias, anchor: the name. Tag, tag directive: the handle. Version directive: `major.minor`. */
  readonly value: string;
  /** Tag: the suffix. Tag directive: the prefix. */
  readonly suffix: string;
  readonly style: ScalarStyle;
  /** Indentation of the block around a scalar, -1 if there is none. */
  readonly indent: number;
  /** Part of the metadata entry that is assumed at the end of a document, not of the text. */
  readonly assumed: boolean;
  /** The simple key that may begin with it. */
  readonly key: SimpleKey | undefined;
}

/** `value` and `suffix` as in {@link Token}. */
export function createToken(
  type: TokenType,
  mark: Mark,
  end: number,
  key?: SimpleKey,
  value: string = '',
  suffix: string = '',
): Token {
  const { index, line, column } = mark;
  return { type, index, line, column, end, value, suffix, style: 'plain', indent: -1, assumed: false, key };
}

export function createScalarToken(
  mark: Mark,
  end: number,
  key: SimpleKey | undefined,
  value: string,
  style: ScalarStyle,
  indent: number,
): Token {
  const { index, line, column } = mark;
  return { type: 'scalar', index, line, column, end, value, suffix: '', style, indent, assumed: false, key };
}

/** A token of the metadata entry that is assumed at the end of a document. */
export function createAssumedToken(type: TokenType, mark: Mark): Token {
  return { ...createToken(type, mark, mark.index, undefined, 'sops'), assumed: true };
}
