/**
 * Bech32 (BIP 173) without a length limit, as age keys are written. Checks and texts follow filippo.io/age 1.3.1
 * `internal/bech32`.
 */
import { AgeError } from './age-error.ts';

const charset = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** What a text holds: `prefix` as written (the human-readable part), and the bytes. */
export interface Bech32 {
  readonly prefix: string;
  readonly bytes: Uint8Array;
}

/** Decodes a text that is all in lower or all in upper case. @throws AgeError whose message quotes nothing of the text */
export function decodeBech32(text: string): Bech32 {
  const lower = text.toLowerCase();
  if (lower !== text && text.toUpperCase() !== text) throw new AgeError('mixed case');
  const position = text.lastIndexOf('1');
  if (position < 1 || position + 7 > text.length) {
    throw new AgeError(`separator '1' at invalid position: pos=${String(position)}, len=${String(text.length)}`);
  }
  const prefix = text.slice(0, position);
  for (let i = 0; i < prefix.length; i++) {
    const code = prefix.charCodeAt(i);
    if (code < 33 || code > 126) {
      throw new AgeError(`invalid character human-readable part: s[${String(i)}]=${String(code)}`);
    }
  }
  const values: number[] = [];
  for (let i = position + 1; i < lower.length; i++) {
    const value = charset.indexOf(lower.charAt(i));
    if (value < 0) {
      throw new AgeError(`invalid character data part: s[${String(i - position - 1)}]=${String(lower.charCodeAt(i))}`);
    }
    values.push(value);
  }
  if (polymod([...expandPrefix(prefix), ...values]) !== 1) throw new AgeError('invalid checksum');
  return { prefix, bytes: toBytes(values.slice(0, -6)) };
}

/** Encodes bytes in lower case. The prefix must be in lower case. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const values = toFiveBits(bytes);
  const checksum = polymod([...expandPrefix(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let shift = 25; shift >= 0; shift -= 5) values.push((checksum >>> shift) & 31);
  return `${prefix}1${values.map((value) => charset.charAt(value)).join('')}`;
}

function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix.toLowerCase(), (letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    for (const [i, term] of generator.entries()) if ((top >>> i) & 1) checksum ^= term;
  }
  return checksum >>> 0;
}

function toFiveBits(bytes: Uint8Array): number[] {
  const out: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out.push((buffer >>> bits) & 31);
    }
  }
  if (bits > 0) out.push((buffer << (5 - bits)) & 31);
  return out;
}

function toBytes(values: readonly number[]): Uint8Array {
  const out: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const value of values) {
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((buffer >>> bits) & 0xff);
    }
  }
  if (bits >= 5) throw new AgeError('illegal zero padding');
  if (((buffer << (8 - bits)) & 0xff) !== 0) throw new AgeError('non-zero padding');
  return Uint8Array.from(out);
}
