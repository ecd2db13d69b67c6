/**
 * Shamir's secret sharing over GF(2^8) with the modulus x^8+x^4+x^3+x+1. A share is the y-coordinates, one per byte of the
 * secret, followed by one byte x = its position, counted from one. Upstream: `shamir/shamir.go`; spec section 12.2.
 */
import { SopsError } from '../errors.ts';

/** Gives random bytes of the length asked for. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * Splits a secret into parts, any `threshold` of which give it back.
 *
 * @returns as many shares as `parts`, each one byte longer than the secret
 * @throws SopsError `generic`
 */
export function splitSecret(
  secret: Uint8Array,
  parts: number,
  threshold: number,
  randomBytes: RandomBytes,
): Uint8Array[] {
  if (parts < threshold) throw new SopsError('generic', 'parts cannot be less than threshold');
  if (parts > 255) throw new SopsError('generic', 'parts cannot exceed 255');
  if (threshold < 2) throw new SopsError('generic', 'threshold must be at least 2');
  if (secret.length === 0) throw new SopsError('generic', 'cannot split an empty secret');
  const coefficients = randomBytes(secret.length * (threshold - 1));
  return Array.from({ length: parts }, (_, index) => {
    const x = index + 1;
    const share = new Uint8Array(secret.length + 1);
    share[secret.length] = x;
    for (let i = 0; i < secret.length; i++) {
      let y = 0;
      for (let power = threshold - 2; power >= 0; power--) {
        y = multiply(y, x) ^ (coefficients[power * secret.length + i] ?? 0);
      }
      share[i] = multiply(y, x) ^ (secret[i] ?? 0);
    }
    return share;
  });
}

/**
 * Combines shares into the secret. Too few of them, or one of another secret, give other bytes and no error.
 *
 * @throws SopsError `no-data-key`
 */
export function combineShares(shares: readonly Uint8Array[]): Uint8Array {
  const [first] = shares;
  if (first === undefined || shares.length < 2) {
    throw new SopsError('no-data-key', 'less than two parts cannot be used to reconstruct the secret');
  }
  if (first.length < 2) throw new SopsError('no-data-key', 'parts must be at least two bytes');
  if (shares.some((share) => share.length !== first.length)) {
    throw new SopsError('no-data-key', 'all parts must be the same length');
  }
  const positions = shares.map((share) => share.at(-1) ?? 0);
  if (new Set(positions).size !== positions.length) throw new SopsError('no-data-key', 'duplicate part detected');
  const secret = new Uint8Array(first.length - 1);
  for (const [i, share] of shares.entries()) {
    const weight = weightAtZero(positions, i);
    for (let byte = 0; byte < secret.length; byte++) {
      secret[byte] = (secret[byte] ?? 0) ^ multiply(share[byte] ?? 0, weight);
    }
  }
  return secret;
}

/** The Lagrange basis polynomial of one position, at x = 0. */
function weightAtZero(positions: readonly number[], index: number): number {
  const own = positions[index] ?? 0;
  let weight = 1;
  for (const [i, position] of positions.entries()) {
    if (i !== index) weight = multiply(weight, multiply(position, invert(own ^ position)));
  }
  return weight;
}

/** Multiplies without a branch or a table look-up that depends on the operands. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = ((product << 1) & 0xff) ^ (-(product >> 7) & 0x1b) ^ (-((b >> bit) & 1) & a);
  }
  return product;
}

/** a^254, which is the inverse of every element but zero. */
function invert(a: number): number {
  let result = a;
  for (let i = 0; i < 6; i++) result = multiply(multiply(result, result), a);
  return multiply(result, result);
}
