/**
 * The plaintext under the cipher: which type word a value has and how the plaintext is read back.
 * Upstream: `aes/cipher.go` (`Encrypt`, `Decrypt`), with Go's strconv and time for the parsing.
 */

import type { Value } from '../tree/node.ts';
import { wireText } from '../tree/scalar-text.ts';
import { parseTimestamp, Timestamp } from '../tree/timestamp.ts';

/** The type words that are ever written. `bytes` is read too: other implementations write it. */
export type WireType = 'str' | 'int' | 'float' | 'bool' | 'time' | 'comment';

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** The type word of a value. Undefined for null, which is never encrypted, and for an integer beyond int64. */
export function wireTypeOf(value: Value): WireType | undefined {
  if (value === null) return undefined;
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'bigint':
      return isInt64(value) ? 'int' : undefined;
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    default:
      return value instanceof Timestamp ? 'time' : 'str';
  }
}

/** Whether an integer fits Go's `int`. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** What a plaintext says: the value, and its spelling where that is not the canonical one. */
export interface ReadValue {
  value: Value;
  spelling: string | undefined;
}

/** Reads a plaintext of a type that is not text. Undefined when Go's parser for the type refuses it. */
export function readValue(type: 'int' | 'float' | 'bool' | 'time', text: string): ReadValue | undefined {
  const value = VALUE_READERS[type](text);
  if (value === undefined) return undefined;
  return { value, spelling: wireText(value) === text ? undefined : text };
}

const VALUE_READERS = { int: parseInt64, float: parseFloat64, bool: parseBool, time: parseTimestamp };

/** Go's `strconv.Atoi`: an optional sign and decimal digits, within int64. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return isInt64(value) ? value : undefined;
}

const DECIMAL_FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX](?=[0-9a-fA-F.]*[0-9a-fA-F])([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/** Go's `strconv.ParseFloat` for 64 bits, which refuses what is out of range. */
function parseFloat64(text: string): number | undefined {
  if (DECIMAL_FLOAT.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (/^nan$/i.test(text)) return Number.NaN;
  const infinite = INFINITY.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  const hex = HEX_FLOAT.exec(text);
  if (!hex) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = hex;
  const value = Number(BigInt(`0x0${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  if (!Number.isFinite(value)) return undefined;
  return sign === '-' ? -value : value;
}

const TRUE_WORDS = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE_WORDS = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Go's `strconv.ParseBool`. */
export function parseBool(text: string): boolean | undefined {
  if (TRUE_WORDS.has(text)) return true;
  return FALSE_WORDS.has(text) ? false : undefined;
}
