/** The primitives of age on node:crypto; loading no curve library keeps the start short. */

import type { KeyObject } from 'node:crypto';
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  getCipherInfo,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { concat } from '../../../core/keys/age/armor.ts';

const tagLength = 16;
const chacha = 'chacha20-poly1305';
const zeroNonce = new Uint8Array(12);

/** HKDF-SHA-256 (RFC 5869) with 32 bytes of output. */
export function hkdfSha256(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, 32));
}

export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(data).digest();
}

/** ChaCha20-Poly1305 (RFC 8439) without additional data; what is sealed ends in a 16-byte tag. */
export interface Chacha {
  seal(key: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array): Uint8Array;
  /** Undefined when it does not authenticate. */
  open(key: Uint8Array, sealed: Uint8Array, nonce: Uint8Array): Uint8Array | undefined;
}

const nodeChacha: Chacha = {
  seal(key, plaintext, nonce) {
    const cipher = createCipheriv(chacha, key, nonce, { authTagLength: tagLength });
    const data = cipher.update(plaintext);
    cipher.final();
    return concat([data, cipher.getAuthTag()]);
  },
  open(key, sealed, nonce) {
    const decipher = createDecipheriv(chacha, key, nonce, { authTagLength: tagLength });
    decipher.setAuthTag(sealed.subarray(-tagLength));
    const plaintext = decipher.update(sealed.subarray(0, -tagLength));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return plaintext;
  },
};

let implementation = nodeChacha;

/** To be awaited before the first use of ChaCha20-Poly1305: Bun's node:crypto has none, and gets the portable one. */
export async function loadChacha(): Promise<void> {
  if (getCipherInfo(chacha) === undefined) implementation = (await import('./portable-chacha.ts')).portableChacha;
}

/** Seals with ChaCha20-Poly1305. @returns the ciphertext with its 16-byte tag */
export function sealChacha(key: Uint8Array, plaintext: Uint8Array, nonce: Uint8Array = zeroNonce): Uint8Array {
  return implementation.seal(key, plaintext, nonce);
}

/** Opens what {@link sealChacha} made. Undefined when it does not authenticate. */
export function openChacha(key: Uint8Array, sealed: Uint8Array, nonce: Uint8Array = zeroNonce): Uint8Array | undefined {
  return sealed.length < tagLength ? undefined : implementation.open(key, sealed, nonce);
}

/**
 * An X25519 secret key, read once: reading costs ten times as much as using it. As a JWK (RFC 8037), since the first key in
 * PKCS #8 makes OpenSSL set up its decoders, which costs as much as all else that one file needs.
 */
export function x25519Key(secretKey: Uint8Array): KeyObject {
  const d = Buffer.from(secretKey).toString('base64url');
  // A JWK has to have an x; the public key is computed from d all the same.
  return createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', d, x: d }, format: 'jwk' });
}

/**
 * A new X25519 secret key. Any 32 bytes are one (RFC 7748, section 5). Not from generateKeyPair: to export a key from there makes
 * Node 20 wait for itself for ever when garbage is collected meanwhile, one time in some ten thousand.
 */
export function generateX25519Key(): KeyObject {
  return x25519Key(randomBytes(32));
}

/** The public key of a secret key, 32 bytes. */
export function x25519PublicKey(key: KeyObject): Uint8Array {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
}

/**
 * The X25519 function (RFC 7748).
 *
 * @param publicKey - 32 bytes
 * @returns 32 bytes; undefined when they are all zeros: the public key is a point of low order
 */
export function x25519(privateKey: KeyObject, publicKey: Uint8Array): Uint8Array | undefined {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
  try {
    const secret = diffieHellman({ privateKey, publicKey: key });
    return secret.some((byte) => byte !== 0) ? secret : undefined;
  } catch {
    return undefined;
  }
}
