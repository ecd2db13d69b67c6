/** Decrypts the selected leaves and comments of a tree and computes its MAC. Upstream: `sops.go` (`Tree.Decrypt`). */

import { parseCiphertext } from '../cipher/ciphertext.ts';
import type { Crypto } from '../cipher/crypto.ts';
import type { LeafCipher, OpenedLeaf } from '../cipher/leaf-cipher.ts';
import { createMac } from '../cipher/mac.ts';
import { prefixed, SopsError } from '../errors.ts';
import type { Comment, Leaf, MapNode, Tree, Value } from '../tree/node.ts';
import { wireText } from '../tree/scalar-text.ts';
import type { Selector } from '../tree/selection.ts';
import { Timestamp } from '../tree/timestamp.ts';
import { decodeText, encodeText } from '../tree/utf8.ts';
import type { Place } from '../tree/walk.ts';
import { walk } from '../tree/walk.ts';
import { nearbyPaths } from './nearby-paths.ts';

export interface DecryptTreeOptions {
  crypto: Crypto;
  cipher: LeafCipher;
  selector: Selector;
  macOnlyEncrypted: boolean;
  /** Told of each comment that stands in clear, or as a ciphertext that does not open, where an encrypted one belongs. */
  onClearComment: () => void;
}

/**
 * Sets the value of each selected node; its ciphertext stays beside it, so that it can be written again unchanged.
 *
 * @returns the MAC over what was decrypted, 128 upper-case hexadecimal digits
 * @throws SopsError `decrypt-tree`
 */
export function decryptTree(tree: Tree, options: DecryptTreeOptions): string {
  const mac = createMac(options.crypto, options.macOnlyEncrypted);
  const addToMac = (bytes: Uint8Array): void => {
    mac.update(bytes);
  };
  for (const document of tree.documents) {
    try {
      walk(document, options.selector, { sealed: true }, (node, additionalData, selected, place) => {
        if (selected) decryptNode(node, additionalData, place, document, options, addToMac);
        else if (node.kind === 'leaf' && !options.macOnlyEncrypted) mac.update(clearBytes(node.value));
      });
    } catch (error) {
      throw prefixed('Error decrypting tree: Error walking tree: ', error, 'decrypt-tree');
    }
  }
  return mac.digest();
}

function decryptNode(
  node: Leaf | Comment,
  additionalData: string,
  place: Place,
  document: MapNode,
  options: DecryptTreeOptions,
  addToMac: (bytes: Uint8Array) => void,
): void {
  if (node.kind === 'comment') {
    const opened = openComment(node, additionalData, place, document, options);
    if (!opened || opened.isComment) return;
    addToMac(opened.bytes);
    // The ciphertext of an element behind a `#`. In a map upstream leaves it a comment.
    if (place.container.kind === 'list') place.container.items[place.index] = { kind: 'leaf', value: opened.value };
    return;
  }
  const { value } = node;
  if (value === null || value === '') return;
  if (typeof value !== 'string') {
    throw new SopsError('decrypt-tree', `Expected encrypted value as string, but got ${goTypeOf(value)}`);
  }
  const opened = openLeaf(value, additionalData, options);
  if (opened.isComment && place.container.kind === 'list') {
    place.container.items[place.index] = {
      kind: 'comment',
      text: textOf(opened.value),
      inline: false,
      ciphertext: value,
      origin: node.origin,
    };
    return;
  }
  node.value = opened.value;
  node.spelling = opened.spelling;
  node.ciphertext = value;
  if (opened.isComment) return;
  addToMac(opened.spelling === undefined ? opened.bytes : encodeText(wireText(opened.value)));
}

function openLeaf(ciphertext: string, additionalData: string, options: DecryptTreeOptions): OpenedLeaf {
  try {
    return options.cipher.open(ciphertext, additionalData);
  } catch (error) {
    throw prefixed('Could not decrypt value: ', error, 'decrypt-tree');
  }
}

/** A comment that does not open stays as it is: releases before 1.15 left comments in clear. */
function openComment(
  comment: Comment,
  additionalData: string,
  place: Place,
  document: MapNode,
  options: DecryptTreeOptions,
): OpenedLeaf | undefined {
  const { text } = comment;
  if (text === '') return undefined;
  if (parseCiphertext(text)) {
    for (const path of candidates(additionalData, place, document)) {
      try {
        const opened = options.cipher.open(text, path);
        if (!opened.isComment && path !== additionalData) continue;
        comment.text = textOf(opened.value);
        // Sealed for another path: written again it has to be sealed for its own.
        comment.ciphertext = path === additionalData ? text : undefined;
        return opened;
      } catch (error) {
        if (!(error instanceof SopsError)) throw error;
      }
    }
  }
  options.onClearComment();
  return undefined;
}

function* candidates(additionalData: string, place: Place, document: MapNode): Generator<string> {
  yield additionalData;
  yield* nearbyPaths(document, place);
}

function textOf(value: Value): string {
  return value instanceof Uint8Array ? decodeText(value) : wireText(value);
}

function clearBytes(value: Value): Uint8Array {
  if (value === null) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  return encodeText(typeof value === 'string' ? value : wireText(value));
}

function goTypeOf(value: Value): string {
  if (value instanceof Timestamp) return 'time.Time';
  if (typeof value === 'bigint') return 'int';
  return typeof value === 'number' ? 'float64' : 'bool';
}
