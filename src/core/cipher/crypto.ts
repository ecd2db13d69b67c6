/**
 * The primitives that the core needs, injected: `portable-crypto.ts` works everywhere on the `@noble` packages, `src/node/crypto.ts` uses
 * node:crypto. Both give the same results on the same vectors (a test holds them to that).
 */
export interface Aead {
  /** AES-256-GCM with an IV of any length; `tag` must be 16 bytes. Undefined when it does not authenticate. */
  open(iv: Uint8Array, data: Uint8Array, tag: Uint8Array, additionalData: Uint8Array): Uint8Array | undefined;
  seal(iv: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): { data: Uint8Array; tag: Uint8Array };
}

export interface Hash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

export interface Crypto {
  /** @param key - 16, 24 or 32 bytes (upstream accepts what crypto/aes accepts) */
  aead(key: Uint8Array): Aead;
  sha512(): Hash;
  randomBytes(length: number): Uint8Array;
  encodeBase64(bytes: Uint8Array): string;
  /** Standard padded base64 as Go's StdEncoding reads it (line breaks skipped). Undefined when malformed. */
  decodeBase64(text: string): Uint8Array | undefined;
  encodeUtf8(text: string): Uint8Array;
  /** Undefined when the bytes are not UTF-8. */
  decodeUtf8(bytes: Uint8Array): string | undefined;
}
