import { Buffer, isUtf8 } from 'node:buffer';
import type { CipherGCMTypes } from 'node:crypto';
import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { Aead, Crypto, Hash } from '../core/cipher/crypto.ts';
import { gcmTagLength, isGcmIv, requireAesKey, requireGcmIv } from '../core/cipher/gcm-limits.ts';
import { isBase64, withoutLineBreaks } from '../core/tree/base64.ts';

/** The primitives on node:crypto and Buffer. The results are Buffers, which are Uint8Arrays. */
export const nodeCrypto: Crypto = {
  aead: createAead,
  sha512: createSha512,
  randomBytes: pooledRandomBytes,
  encodeBase64: (bytes) => asBuffer(bytes).toString('base64'),
  decodeBase64(text) {
    const letters = withoutLineBreaks(text);
    return isBase64(letters) ? Buffer.from(letters, 'base64') : undefined;
  },
  encodeUtf8: (text) => Buffer.from(text, 'utf8'),
  decodeUtf8: (bytes) => (isUtf8(bytes) ? asBuffer(bytes).toString('utf8') : undefined),
};

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** How many random bytes are asked for at once: a call costs as much as all else that a leaf needs. */
const POOL_LENGTH = 4096;
let pool = new Uint8Array(0);
let poolUsed = 0;

/** Gives each byte of a pool to one caller only. */
function pooledRandomBytes(length: number): Uint8Array {
  if (length > POOL_LENGTH / 8) return randomBytes(length);
  if (poolUsed + length > pool.length) {
    pool = randomBytes(POOL_LENGTH);
    poolUsed = 0;
  }
  poolUsed += length;
  return pool.subarray(poolUsed - length, poolUsed);
}

const gcmOptions = { authTagLength: gcmTagLength };

function createAead(key: Uint8Array): Aead {
  requireAesKey(key);
  const name = `aes-${String(key.length * 8)}-gcm` as CipherGCMTypes;
  // With a raw key, each cipher checks and copies it anew, which on Node 24 costs four times as much as the cipher itself.
  const keyObject = createSecretKey(key);
  return {
    open(iv, data, tag, additionalData) {
      if (tag.length !== gcmTagLength || !isGcmIv(iv)) return undefined;
      const decipher = createDecipheriv(name, keyObject, iv, gcmOptions);
      decipher.setAuthTag(tag);
      decipher.setAAD(additionalData);
      const plaintext = decipher.update(data);
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      return plaintext;
    },
    seal(iv, plaintext, additionalData) {
      requireGcmIv(iv);
      const cipher = createCipheriv(name, keyObject, iv, gcmOptions);
      cipher.setAAD(additionalData);
      const data = cipher.update(plaintext);
      cipher.final();
      return { data, tag: cipher.getAuthTag() };
    },
  };
}

function createSha512(): Hash {
  const hash = createHash('sha512');
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
  };
}
