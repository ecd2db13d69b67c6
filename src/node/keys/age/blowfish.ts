/**
 * Blowfish with the expensive key schedule of bcrypt, as far as bcrypt_pbkdf needs it. Source: Schneier, "Description of a New
 * Variable-Length Key, 64-Bit Block Cipher (Blowfish)"; Provos and Mazières, "A Future-Adaptable Password Scheme".
 */
const rounds = 16;
const subkeys = rounds + 2;
const boxWords = 4 * 256;

/** The subkeys and the four S-boxes, which start as the digits of pi behind the point. */
export interface Blowfish {
  readonly p: Uint32Array;
  readonly s: Uint32Array;
}

let piWords: Uint32Array | undefined;

/** A fresh cipher, no key mixed in. */
export function createBlowfish(): Blowfish {
  piWords ??= fractionOfPi(subkeys + boxWords);
  return { p: piWords.slice(0, subkeys), s: piWords.slice(subkeys) };
}

/** The first words of the binary fraction of pi, by Machin's formula. */
function fractionOfPi(words: number): Uint32Array {
  const guard = 64n;
  const scale = 1n << (BigInt(words) * 32n + guard);
  const inverseTangent = (x: bigint): bigint => {
    let power = scale / x;
    let sum = power;
    for (let n = 3n, sign = -1n; power > 0n; n += 2n, sign = -sign) {
      power /= x * x;
      sum += (sign * power) / n;
    }
    return sum;
  };
  const pi = 4n * (4n * inverseTangent(5n) - inverseTangent(239n));
  const hex = ((pi - 3n * scale) >> guard).toString(16).padStart(words * 8, '0');
  return Uint32Array.from({ length: words }, (_, i) => Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16));
}

/** Encrypts a block in place: the two words at `at`. */
export function encryptBlock({ p, s }: Blowfish, block: Uint32Array, at: number): void {
  let left = block[at] ?? 0;
  let right = block[at + 1] ?? 0;
  for (let i = 0; i < rounds; i += 2) {
    left ^= p[i] ?? 0;
    right ^= mix(s, left);
    right ^= p[i + 1] ?? 0;
    left ^= mix(s, right);
  }
  block[at] = right ^ (p[rounds + 1] ?? 0);
  block[at + 1] = left ^ (p[rounds] ?? 0);
}

function mix(s: Uint32Array, word: number): number {
  const a = s[word >>> 24] ?? 0;
  const b = s[256 + ((word >>> 16) & 0xff)] ?? 0;
  const c = s[512 + ((word >>> 8) & 0xff)] ?? 0;
  const d = s[768 + (word & 0xff)] ?? 0;
  return (((a + b) ^ c) + d) | 0;
}

/** Mixes a key, and with it a salt, into the cipher. Both are words in turn, begun again at their end. */
export function expandKey(cipher: Blowfish, key: Uint32Array, salt: Uint32Array): void {
  const { p, s } = cipher;
  for (let i = 0; i < p.length; i++) p[i] = (p[i] ?? 0) ^ (key[i % key.length] ?? 0);
  const block = new Uint32Array(2);
  let at = 0;
  for (const box of [p, s]) {
    for (let i = 0; i < box.length; i += 2) {
      block[0] = (block[0] ?? 0) ^ (salt[at % salt.length] ?? 0);
      block[1] = (block[1] ?? 0) ^ (salt[(at + 1) % salt.length] ?? 0);
      at += 2;
      encryptBlock(cipher, block, 0);
      box.set(block, i);
    }
  }
}
