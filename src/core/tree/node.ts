/**
 * The document model: ordered maps, lists, leaves and comments; never plain objects, since those reorder
 * integer-like keys and cannot hold a key twice.
 *
 * Upstream: `sops.go` (`TreeBranches`, `TreeBranch`, `TreeItem`, `Comment`).
 */
import type { Timestamp } from './timestamp.ts';

/**
 * A leaf's value. Its JavaScript type is its type on the wire:
 * string = `str`, bigint = `int` (int64 when it can be encrypted), number = `float`, boolean = `bool`,
 * Timestamp = `time`, null = null (never encrypted), Uint8Array = `str` whose bytes are not UTF-8 or come from a binary file.
 *
 * A string may hold bytes that are not UTF-8 as lone low surrogates U+DC80 to U+DCFF (one a byte; see `utf8.ts`).
 */
export type Value = string | bigint | number | boolean | null | Timestamp | Uint8Array;

export interface Leaf {
  kind: 'leaf';
  value: Value;
  /**
   * How the value was spelled, where that differs from the canonical text of its type (`wire-text.ts`) and Go's ParseFloat,
   * ParseBool, Atoi or time.Parse reads it as the same value: `3.0`, `1e3`, `TRUE`. It becomes the plaintext under the
   * cipher; the MAC takes the canonical text.
   */
  spelling?: string | undefined;
  /** The `ENC[...]` text that stands for the value in the encrypted form; undefined for a value that is not encrypted. */
  ciphertext?: string | undefined;
  /** Where the node came from; only the format that made it reads it. */
  origin?: unknown;
}

export interface Comment {
  kind: 'comment';
  /** The text without its comment character. */
  text: string;
  /** Whether it stands behind a value, on the same line. */
  inline: boolean;
  ciphertext?: string | undefined;
  origin?: unknown;
}

export interface Entry {
  kind: 'entry';
  key: string;
  /** Set for a key that is not a string: its type in Go's words and its text (`int`, `1`). Such a tree cannot be encrypted. */
  keyType?: { type: string; text: string } | undefined;
  value: Node;
  origin?: unknown;
}

export interface MapNode {
  kind: 'map';
  items: (Entry | Comment)[];
  origin?: unknown;
}

export interface ListNode {
  kind: 'list';
  items: (Node | Comment)[];
  origin?: unknown;
}

export type Node = MapNode | ListNode | Leaf;

/** One file: one map for each document (only YAML has more than one). */
export interface Tree {
  documents: MapNode[];
  /**
   * Set by a format whose encrypted form always ends with a line break, for a plain text without one. It survives encryption as a
   * mark in the MAC's IV (`marked-iv.ts`).
   */
  endsOpen?: boolean | undefined;
  /** The source text and whatever the format's emitter needs to keep its layout; only the format that made it reads it. */
  origin?: unknown;
}
