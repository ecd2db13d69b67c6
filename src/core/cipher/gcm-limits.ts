import { SopsError } from '../errors.ts';

/** The bytes of every GCM tag that SOPS writes or reads. */
export const gcmTagLength = 16;

/**
 * Whether an IV has a length that every implementation takes: 8 to 128 bytes (the noble ciphers have the lower limit, OpenSSL 3
 * the upper one). SOPS itself writes 32 bytes; others never authenticate.
 */
export function isGcmIv(iv: Uint8Array): boolean {
  return iv.length >= 8 && iv.length <= 128;
}

/**
 * Checks the length of an AES key: 16, 24 or 32 bytes.
 *
 * @throws SopsError `generic` with the text of Go's crypto/aes
 */
export function requireAesKey(key: Uint8Array): void {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new SopsError('generic', `crypto/aes: invalid key size ${String(key.length)}`);
  }
}

/**
 * Checks the length of an IV to seal with.
 *
 * @throws SopsError `generic` when {@link isGcmIv} does not hold
 */
export function requireGcmIv(iv: Uint8Array): void {
  if (!isGcmIv(iv)) throw new SopsError('generic', `invalid IV size ${String(iv.length)}`);
}
