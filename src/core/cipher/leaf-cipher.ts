/**
 * Encrypts and decrypts one leaf with AES-256-GCM. Upstream: `aes/cipher.go`.
 *
 * Authenticated: the plaintext and the additional data (the leaf's key path). Not authenticated: the `type` word.
 */
import { SopsError } from '../errors.ts';
import type { Value } from '../tree/node.ts';
import { encodeText, isWellFormed } from '../tree/utf8.ts';
import { formatCiphertext, parseCiphertext } from './ciphertext.ts';
import type { Aead, Crypto } from './crypto.ts';
import type { WireType } from './wire-value.ts';
import { readValue } from './wire-value.ts';

/** Upstream's IV length in bytes. Other lengths are read. */
const IV_LENGTH = 32;
const TAG_LENGTH = 16;

/** A decrypted leaf or comment. `bytes` is the plaintext as it was under the cipher. */
export interface OpenedLeaf {
  value: Value;
  spelling: string | undefined;
  isComment: boolean;
  bytes: Uint8Array;
}

export interface LeafCipher {
  /**
   * @param plaintext - not empty: upstream leaves empty text as it is
   * @param iv - an IV to use again for the very same plaintext and additional data; 32 bytes
   */
  seal(plaintext: Uint8Array, type: WireType, additionalData: string, iv?: Uint8Array): string;
  /** @throws SopsError `decrypt-tree`, the text upstream's without the value */
  open(ciphertext: string, additionalData: string): OpenedLeaf;
}

/** @param key - the data key, 32 bytes; upstream also takes 16 and 24. @throws SopsError `decrypt-tree` for any other length */
export function createLeafCipher(crypto: Crypto, key: Uint8Array): LeafCipher {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new SopsError('decrypt-tree', `crypto/aes: invalid key size ${key.length}`);
  }
  const aead = crypto.aead(key);
  return {
    seal: (plaintext, type, additionalData, iv = crypto.randomBytes(IV_LENGTH)) => {
      const { data, tag } = aead.seal(iv, plaintext, textBytes(additionalData, crypto));
      return formatCiphertext(crypto.encodeBase64(data), crypto.encodeBase64(iv), crypto.encodeBase64(tag), type);
    },
    open: (ciphertext, additionalData) => openLeaf(crypto, aead, ciphertext, additionalData),
  };
}

/** The bytes of a text that may have bytes which are not UTF-8. The platform's encoder is faster, but does not know them. */
export function textBytes(text: string, crypto: Crypto): Uint8Array {
  return isWellFormed(text) ? crypto.encodeUtf8(text) : encodeText(text);
}

/** The IV of a ciphertext, when it is one that upstream's encryption could use again. */
export function ivOf(crypto: Crypto, ciphertext: string): Uint8Array | undefined {
  const parts = parseCiphertext(ciphertext);
  const iv = parts && crypto.decodeBase64(parts.iv);
  return iv?.length === IV_LENGTH ? iv : undefined;
}

function openLeaf(crypto: Crypto, aead: Aead, ciphertext: string, additionalData: string): OpenedLeaf {
  const parts = parseCiphertext(ciphertext);
  if (!parts) throw new SopsError('decrypt-tree', "Input string does not match sops' data format");
  const data = decodePart(crypto, 'data', parts.data);
  const iv = decodePart(crypto, 'iv', parts.iv);
  const tag = decodePart(crypto, 'tag', parts.tag);
  const bytes = openJoined(aead, iv, data, tag, textBytes(additionalData, crypto));
  if (!bytes) {
    throw new SopsError('decrypt-tree', 'Could not decrypt with AES_GCM: cipher: message authentication failed');
  }
  return readPlaintext(crypto, parts.type, bytes);
}

/** Upstream joins data and tag before it opens them, so a tag of another length moves the border between the two. */
function openJoined(
  aead: Aead,
  iv: Uint8Array,
  data: Uint8Array,
  tag: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array | undefined {
  if (iv.length === 0) return undefined;
  if (tag.length === TAG_LENGTH) return aead.open(iv, data, tag, additionalData);
  const joined = new Uint8Array(data.length + tag.length);
  joined.set(data);
  joined.set(tag, data.length);
  if (joined.length < TAG_LENGTH) return undefined;
  const border = joined.length - TAG_LENGTH;
  return aead.open(iv, joined.subarray(0, border), joined.subarray(border), additionalData);
}

function decodePart(crypto: Crypto, name: string, text: string): Uint8Array {
  const bytes = crypto.decodeBase64(text);
  if (!bytes) throw new SopsError('decrypt-tree', `Error base64-decoding ${name}: illegal base64 data`);
  return bytes;
}

function readPlaintext(crypto: Crypto, type: string, bytes: Uint8Array): OpenedLeaf {
  switch (type) {
    case 'str':
    case 'bytes':
      return { value: crypto.decodeUtf8(bytes) ?? bytes, spelling: undefined, isComment: false, bytes };
    case 'comment':
      return { value: crypto.decodeUtf8(bytes) ?? bytes, spelling: undefined, isComment: true, bytes };
    case 'int':
    case 'float':
    case 'bool':
    case 'time': {
      const read = readValue(type, crypto.decodeUtf8(bytes) ?? '');
      // The type word is not authenticated: whoever changed it must not get the value printed (D47).
      if (!read) throw new SopsError('decrypt-tree', `the decrypted text is no value of type ${type}`);
      return { ...read, isComment: false, bytes };
    }
    default:
      throw new SopsError('decrypt-tree', `Unknown datatype: ${/^[\w-]{1,20}$/.test(type) ? type : 'not a word'}`);
  }
}
