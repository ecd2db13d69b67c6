/**
 * What a file format is to the rest of the program: text to tree and back, and nothing else.
 * A format knows no key, no cipher and no metadata.
 */
import type { Leaf, ListNode, Tree } from '../tree/node.ts';

export type FormatName = 'yaml' | 'json' | 'dotenv' | 'ini' | 'binary';

/**
 * `plain` is the user's file; `encrypted` has ciphertexts and the metadata. Only these differ:
 * a binary file's encrypted form is JSON; a YAML comment in a plain text that is about to be encrypted is attributed as if
 * the metadata block followed (spec: a comment's container is what a reader of the encrypted file finds).
 */
export type Form = 'plain' | 'encrypted';

/** Text, or bytes where the content need not be UTF-8. */
export type Source = string | Uint8Array;

export interface EmitOptions {
  /** `plain` writes each leaf's value, `encrypted` its ciphertext where it has one. */
  form: Form;
  /**
   * Given explicitly: the text is written in the canonical style with this indentation, whatever the source looked like
   * (JSON: -1 = tab). Absent: layout is kept where the tree has an origin in the same format.
   */
  indent?: number | undefined;
  /** Indentation of what has no layout of its own (the `stores` settings). */
  defaultIndent?: number | undefined;
  /**
   * YAML: comments stay in the containers that they have in the tree. A collection that has lost its items gets its brackets
   * around them, not in front of them, and an alias that has to be written out comes with those of its anchor.
   */
  keepsComments?: boolean | undefined;
}

/** A way of emitting, for comments that are to stay where they are. */
export type CommentAttempt = Pick<EmitOptions, 'keepsComments' | 'indent'>;

/** Where the metadata lives: a map `sops` at the root, keys with the prefix `sops_`, or a section `sops` with flat keys. */
export type MetadataLayout = 'nested' | 'prefixed' | 'section';

export interface Format {
  readonly name: FormatName;
  readonly metadataLayout: MetadataLayout;
  /**
   * The ways to emit where the text around a comment decides on its container: from the layout that is wanted to the one that is
   * read as it is meant most surely. Absent: nothing around a comment matters.
   */
  readonly commentAttempts?: readonly CommentAttempt[];
  /** A map with a key twice cannot be read. */
  readonly hasUniqueKeys?: boolean;
  /**
   * Reads a whole file. The metadata is ordinary data here.
   * @throws FormatError (`unreadable-input`), message as upstream's where scripts match it, never with a value in it
   */
  parse(source: Source, form: Form): Tree;
  /**
   * Writes a whole file.
   * @throws SopsError `dump` where the format cannot hold the tree
   */
  emit(tree: Tree, options: EmitOptions): Source;
  /**
   * Writes one value that is not a string (those are printed raw) and not a map, as `--extract` prints it.
   * @throws SopsError `dump`
   */
  emitValue(node: Leaf | ListNode, options: EmitOptions): string;
  /** Checks, before anything is encrypted, that the format can hold the tree so that it can be read again (D44 to D46). @throws SopsError `dump` */
  checkHolds(tree: Tree, form: Form): void;
  /** Whether comments may get other containers when a text of this format is encrypted in its own layout. Absent: never. */
  movesComments?(tree: Tree): boolean;
  /** Takes out what upstream's reader puts into every tree of the format although it is not written. */
  dropImplicit?(tree: Tree): void;
  /** The example content of a new file for `edit`. */
  example(): Tree;
}
