/** Encrypts the selected leaves and comments of a tree and computes its MAC. Upstream: `sops.go` (`Tree.Encrypt`). */

import type { Crypto } from '../cipher/crypto.ts';
import type { LeafCipher } from '../cipher/leaf-cipher.ts';
import { ivOf, textBytes } from '../cipher/leaf-cipher.ts';
import { createMac } from '../cipher/mac.ts';
import { wireTypeOf } from '../cipher/wire-value.ts';
import { prefixed, SopsError } from '../errors.ts';
import type { Comment, Leaf, Tree, Value } from '../tree/node.ts';
import { plainText, wireText } from '../tree/scalar-text.ts';
import type { Selector } from '../tree/selection.ts';
import { encodeText } from '../tree/utf8.ts';
import { walk } from '../tree/walk.ts';

export interface EncryptTreeOptions {
  crypto: Crypto;
  cipher: LeafCipher;
  selector: Selector;
  macOnlyEncrypted: boolean;
  /** The data key is new: every ciphertext is made again, with its former IV, as upstream does when it rotates. */
  isNewKey?: boolean;
  /** Clear values become text in the format that is written (dotenv, INI), and the MAC has to cover that text (D45). */
  clearValuesAsText?: boolean;
}

/**
 * Sets the ciphertext of each selected node, and removes it from the others. A leaf that has one already keeps it: its path,
 * type and value have not changed since it was decrypted.
 *
 * @returns the MAC, 128 upper-case hexadecimal digits
 * @throws SopsError `encrypt-tree`
 */
export function encryptTree(tree: Tree, options: EncryptTreeOptions): string {
  const mac = createMac(options.crypto, options.macOnlyEncrypted);
  try {
    for (const document of tree.documents) {
      walk(document, options.selector, { sealed: false }, (node, additionalData, selected) => {
        if (node.kind === 'comment') {
          encryptComment(node, additionalData, selected, options);
          return;
        }
        if (node.value === null) return;
        const bytes = macBytes(node.value, selected, options);
        if (selected || !options.macOnlyEncrypted) mac.update(bytes);
        if (selected) encryptLeaf(node, bytes, additionalData, options);
        else node.ciphertext = undefined;
      });
    }
  } catch (error) {
    throw prefixed('Error encrypting tree: Error walking tree: ', error, 'encrypt-tree');
  }
  return mac.digest();
}

function macBytes(value: Value, selected: boolean, options: EncryptTreeOptions): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return textBytes(value, options.crypto);
  if (wireTypeOf(value) === undefined) throw new SopsError('encrypt-tree', 'Cannot walk value, unknown type: uint64');
  const text = !selected && options.clearValuesAsText ? plainText(value) : wireText(value);
  return options.crypto.encodeUtf8(text);
}

function encryptLeaf(leaf: Leaf, bytes: Uint8Array, additionalData: string, options: EncryptTreeOptions): void {
  if (bytes.length === 0) {
    leaf.ciphertext = undefined;
    return;
  }
  if (leaf.ciphertext !== undefined && !options.isNewKey) return;
  const type = wireTypeOf(leaf.value) ?? 'str';
  const plaintext = leaf.spelling === undefined ? bytes : encodeText(leaf.spelling);
  leaf.ciphertext = options.cipher.seal(plaintext, type, additionalData, formerIv(leaf, options));
}

function encryptComment(
  comment: Comment,
  additionalData: string,
  selected: boolean,
  options: EncryptTreeOptions,
): void {
  if (!selected || comment.text === '') {
    comment.ciphertext = undefined;
    return;
  }
  if (comment.ciphertext === undefined || options.isNewKey) {
    const plaintext = textBytes(comment.text, options.crypto);
    comment.ciphertext = options.cipher.seal(plaintext, 'comment', additionalData, formerIv(comment, options));
  }
  const { selector } = options;
  if (selector.subject === 'comment' && !selector.matchEncrypts && selector.matches(comment.ciphertext)) {
    throw new SopsError(
      'encrypt-tree',
      `Encrypted comment "${comment.ciphertext}" matches UnencryptedCommentRegex! ` +
        'Make sure that UnencryptedCommentRegex cannot match an encrypted comment.',
    );
  }
}

function formerIv(node: Leaf | Comment, options: EncryptTreeOptions): Uint8Array | undefined {
  return node.ciphertext === undefined ? undefined : ivOf(options.crypto, node.ciphertext);
}
