/**
 * The texts that the Go program gives a scalar: under the cipher and in the MAC (`aes/cipher.go`, `sops.go`), and in the formats
 * that know strings alone (`stores/stores.go`, `ValToString`).
 */
import type { Value } from './node.ts';
import { Timestamp } from './timestamp.ts';
import { decodeText } from './utf8.ts';

/**
 * The canonical plaintext of a value, as the cipher and the MAC take it: `True`, `1000000`, `-0`, `+Inf`.
 * Null, which neither of them takes, is the empty text; bytes are decoded (see `utf8.ts`).
 */
export function wireText(value: Value): string {
  if (value === null) return '';
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
      return value.toString();
    case 'number':
      return decimalText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      return value instanceof Timestamp ? value.text : decodeText(value);
  }
}

/**
 * The text of a value in dotenv, INI and the environment of exec-env: `true`, `1.0`, `1E+06`, a time without fraction.
 * Null is the empty text (the Go program writes `<nil>` there).
 */
export function plainText(value: Value): string {
  if (value === null) return '';
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number': {
      const text = generalText(value).replace('e', 'E');
      return Number.isFinite(value) && !text.includes('.') && !text.includes('E') ? `${text}.0` : text;
    }
    default:
      return value instanceof Timestamp ? value.text.replace(/\.\d+/, '') : decodeText(value);
  }
}

/** Go's `FormatFloat(value, 'f', -1, 64)`: the shortest digits that read back as the same number, never an exponent. */
export function decimalText(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const { sign, digits, point } = shortestDigits(value);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Go's `FormatFloat(value, 'g', -1, 64)`: an exponent of at least two digits where it is below -4 or above 5. */
export function generalText(value: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const { sign, digits, point } = shortestDigits(value);
  const exponent = point - 1;
  if (exponent >= -4 && exponent < 6) return decimalText(value);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const size = Math.abs(exponent).toString().padStart(2, '0');
  return `${sign}${digits.slice(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
}

function specialText(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return undefined;
}

/** The number is `sign 0.digits * 10^point`; no zeros at either end of the digits. */
function shortestDigits(value: number): { sign: string; digits: string; point: number } {
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { sign: value < 0 ? '-' : '', digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}
