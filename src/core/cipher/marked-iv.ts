/**
 * An IV that carries one bit for those who know where to look: a random IV whose second half follows from its first half. It is as
 * unique as 16 random bytes are, and no random IV is taken for one by chance.
 */
import type { Crypto } from './crypto.ts';

const HALF = 16;
const LABEL = 'sops-ts: the plain text has no line break at its end';

/** Makes an IV of 32 bytes with the mark. */
export function createMarkedIv(crypto: Crypto): Uint8Array {
  const random = crypto.randomBytes(HALF);
  return Uint8Array.of(...random, ...markOf(crypto, random));
}

/** Whether an IV has the mark. */
export function isMarkedIv(crypto: Crypto, iv: Uint8Array): boolean {
  const mark = markOf(crypto, iv.subarray(0, HALF));
  return iv.length === 2 * HALF && mark.every((byte, index) => byte === iv[HALF + index]);
}

function markOf(crypto: Crypto, half: Uint8Array): Uint8Array {
  const hash = crypto.sha512();
  hash.update(crypto.encodeUtf8(LABEL));
  hash.update(half);
  return hash.digest().subarray(0, HALF);
}
