/** The map from Ed25519 public keys to X25519 ones. Source: RFC 7748 section 4.1, RFC 8032 section 5.1.3. */
const p = 2n ** 255n - 19n;
/** -121665/121666, the constant of the curve's equation. */
const d = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;

/**
 * The Montgomery u-coordinate of an Ed25519 public key, 32 bytes little-endian. Undefined when the bytes are no point of the
 * curve. Y-coordinates that are not reduced are taken, as filippo.io/edwards25519 takes them.
 */
export function ed25519ToX25519(publicKey: Uint8Array): Uint8Array | undefined {
  if (publicKey.length !== 32) return undefined;
  let encoded = 0n;
  for (let i = 31; i >= 0; i--) encoded = (encoded << 8n) | BigInt(publicKey[i] ?? 0);
  const y = mod(encoded & ((1n << 255n) - 1n));
  const yy = mod(y * y);
  if (!isSquare(mod((yy - 1n) * invert(mod(d * yy + 1n))))) return undefined;
  let u = mod((1n + y) * invert(mod(1n - y)));
  const out = new Uint8Array(32);
  for (let i = 0; i < 32; i++) {
    out[i] = Number(u & 0xffn);
    u >>= 8n;
  }
  return out;
}

function mod(value: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** Zero for zero, as the field arithmetic of edwards25519 has it. */
function invert(value: bigint): bigint {
  return power(mod(value), p - 2n);
}

function isSquare(value: bigint): boolean {
  return value === 0n || power(value, (p - 1n) / 2n) === 1n;
}
