import { gcm } from '@noble/ciphers/aes.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { decodeBase64, encodeBase64, withoutLineBreaks } from '../tree/base64.ts';
import type { Aead, Crypto, Hash } from './crypto.ts';
import { gcmTagLength, isGcmIv, requireAesKey, requireGcmIv } from './gcm-limits.ts';

const encoder = new TextEncoder();

/** The primitives on the noble libraries and the Web's own functions: works wherever `globalThis.crypto` exists. */
export const portableCrypto: Crypto = {
  aead: createAead,
  sha512: createSha512,
  randomBytes,
  encodeBase64,
  decodeBase64: (text) => decodeBase64(withoutLineBreaks(text)),
  encodeUtf8: (text) => encoder.encode(text),
  decodeUtf8,
};

function createAead(key: Uint8Array): Aead {
  requireAesKey(key);
  return {
    open(iv, data, tag, additionalData) {
      if (tag.length !== gcmTagLength || !isGcmIv(iv)) return undefined;
      const sealed = new Uint8Array(data.length + tag.length);
      sealed.set(data);
      sealed.set(tag, data.length);
      try {
        return gcm(key, iv, additionalData).decrypt(sealed);
      } catch {
        return undefined;
      }
    },
    seal(iv, plaintext, additionalData) {
      requireGcmIv(iv);
      const sealed = gcm(key, iv, additionalData).encrypt(plaintext);
      const length = sealed.length - gcmTagLength;
      return { data: sealed.slice(0, length), tag: sealed.slice(length) };
    },
  };
}

function createSha512(): Hash {
  const hash = sha512.create();
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
  };
}

/** The most that one call of `getRandomValues` gives. */
const randomQuota = 65_536;

function randomBytes(length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let at = 0; at < length; at += randomQuota)
    globalThis.crypto.getRandomValues(out.subarray(at, at + randomQuota));
  return out;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
