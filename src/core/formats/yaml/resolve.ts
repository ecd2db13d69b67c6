/**
 * What type a plain scalar has: `resolve` of go.yaml.in/yaml/v3 3.0.4 (`resolve.go`). A mixture of YAML 1.1 and 1.2:
 * `yes` is a string, `0123` is octal, dates are timestamps.
 */
import type { Value } from '../../tree/node.ts';
import { parseTimestamp } from './timestamp-text.ts';

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...['true', 'True', 'TRUE'].map((word): [string, Value] => [word, true]),
  ...['false', 'False', 'FALSE'].map((word): [string, Value] => [word, false]),
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, Value] => [word, null]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Value] => [word, NaN]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, Value] => [word, Infinity]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, Value] => [word, -Infinity]),
]);

const LONGEST_WORD = 5;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** Go's syntax for a number that starts with its point: an underscore may stand between two digits. */
const LEADING_POINT = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/;
const INTEGER = /^([-+]?)(0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9]\d*|0)$/;
/** The older prefixes take a sign behind them. */
const SIGN_BEHIND_PREFIX = /^0([bo])([-+])([0-7]+)$/;

/**
 * The value of a plain scalar. Timestamps are recognized only where `timestamps` is set: without a tag, or with
 * `!!timestamp`. An integer may be anything between -2^63 and 2^64 - 1.
 */
export function resolvePlain(text: string, timestamps: boolean): Value {
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (!isDigit) {
    if (text.length <= LONGEST_WORD) {
      const word = WORDS.get(text);
      if (word !== undefined) return word;
    }
    if (first === 0x2e) return LEADING_POINT.test(text) ? parseDecimal(text.replaceAll('_', ''), text) : text;
    if (first !== 0x2b && first !== 0x2d) return text;
  } else if (timestamps && text.charCodeAt(4) === 0x2d) {
    const timestamp = parseTimestamp(text);
    if (timestamp !== undefined) return timestamp;
  }
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  return parseInteger(digits) ?? (DECIMAL.test(digits) ? parseDecimal(digits, text) : text);
}

/** A number beyond the range of float64 stays text. */
function parseDecimal(digits: string, text: string): number | string {
  const value = Number(digits);
  return Number.isFinite(value) ? value : text;
}

/** Go's `ParseInt` and `ParseUint` with base 0; undefined for what they refuse, out of range included. */
function parseInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return parseSignBehindPrefix(text);
  const [, sign = '', digits = ''] = match;
  const value = parseMagnitude(digits);
  if (sign === '-') return value <= MAX_INT64 + 1n ? -value : undefined;
  return value <= (sign === '' ? MAX_UINT64 : MAX_INT64) ? value : undefined;
}

function parseMagnitude(digits: string): bigint {
  if (digits.length > 1 && digits.startsWith('0')) {
    const second = digits.charCodeAt(1);
    if (second >= 0x30 && second <= 0x39) return BigInt(`0o${digits}`);
  }
  return BigInt(digits);
}

function parseSignBehindPrefix(text: string): bigint | undefined {
  const match = SIGN_BEHIND_PREFIX.exec(text);
  if (match === null) return undefined;
  const [, base = '', sign = '', digits = ''] = match;
  if (base === 'b' && /[2-7]/.test(digits)) return undefined;
  const value = BigInt(`0${base}${digits}`);
  if (sign === '-') return value <= MAX_INT64 + 1n ? -value : undefined;
  return value <= MAX_INT64 ? value : undefined;
}
