/**
 * How a number, boolean or date was spelled in a YAML text, carried by the plaintext under the cipher.
 *
 * Upstream reads that plaintext with Go's Atoi, ParseFloat, ParseBool and `time.Time.UnmarshalText`, which accept more texts
 * than upstream ever writes; the MAC covers the canonical text of the value. So a spelling that they read goes as it stands
 * (`+5`, `3.0`, `1e3`, `TRUE`), and others become a variation that no YAML text of the type is itself:
 *
 * - **int**: leading zeros, which no decimal integer of YAML has. Their number is 1 + variant + 10 × (zeros behind the prefix);
 *   the variants are {@link INTEGER_VARIANTS}. `0644` is `0420`, `0o644` is `00420`, `0x1a4` is `000420`.
 * - **float**: a text that equals the canonical plaintext, but not the canonical YAML, gets one more leading zero (`0.00001`
 *   is `00.00001`, since `0.00001` means `1e-05`). `.INF` is `INF`, `.Inf` is `Infinity`, `.NaN` is `nan`.
 * - **bool**: `True` is `T`, `False` is `F`, since `True` and `False` are the canonical plaintexts and mean `true`, `false`.
 * - **time**: RFC 3339 with nine digits of a second and five more, which Go drops: form, one-digit fields (two digits),
 *   digits of the fraction, zone. See {@link timeSpelling}.
 */

import type { Value } from '../../tree/node.ts';
import { wireText } from '../../tree/scalar-text.ts';
import { parseTimestamp, Timestamp } from '../../tree/timestamp.ts';
import { canonicalWord } from './scalar-text.ts';

/**
 * The plaintext that carries a spelling.
 *
 * @param sourceText - the plain scalar as it stands in the YAML text
 * @param value - what it was read as
 * @returns undefined where the spelling is the canonical one, cannot be carried, or the value is no number, boolean or date
 */
export function spellingOf(sourceText: string, value: Value): string | undefined {
  if (sourceText === '') return undefined;
  const spelling = encode(sourceText, value);
  // Underscores that are no groups of three are left to the note behind the ciphertext.
  if (spelling === undefined && sourceText.includes('_')) return spellingOf(sourceText.replaceAll('_', ''), value);
  // Whatever was overlooked above must not come back as another text.
  return spelling !== undefined && sourceOf(spelling, value) === sourceText ? spelling : undefined;
}

function encode(sourceText: string, value: Value): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return sourceText === value.toString() ? undefined : encodeInteger(sourceText, value);
    case 'number':
      return sourceText === canonicalWord(value) ? undefined : encodeFloat(sourceText, value);
    case 'boolean':
      return BOOLEAN_SPELLINGS.get(sourceText);
    default:
      return value instanceof Timestamp && sourceText !== value.text ? encodeTime(sourceText, value) : undefined;
  }
}

/**
 * The YAML text that a plaintext of the cipher stands for.
 *
 * @param value - what Go's parser reads it as
 * @returns undefined where there is none: the plaintext is canonical, or another program's way of writing
 */
export function sourceOf(spelling: string, value: Value): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return decodeInteger(spelling, value);
    case 'number':
      return decodeFloat(spelling, value);
    case 'boolean':
      return BOOLEAN_SOURCES.get(spelling);
    default:
      return value instanceof Timestamp ? decodeTime(spelling, value) : undefined;
  }
}

/** By number: prefix, base, whether letters are capitals; the last one is a decimal with `_` between groups of three. */
const INTEGER_VARIANTS: readonly { prefix: string; base: 2 | 8 | 10 | 16; capitals: boolean }[] = [
  { prefix: '0', base: 8, capitals: false },
  { prefix: '0o', base: 8, capitals: false },
  { prefix: '0x', base: 16, capitals: false },
  { prefix: '0x', base: 16, capitals: true },
  { prefix: '0b', base: 2, capitals: false },
  { prefix: '0X', base: 16, capitals: false },
  { prefix: '0X', base: 16, capitals: true },
  { prefix: '0O', base: 8, capitals: false },
  { prefix: '0B', base: 2, capitals: false },
  { prefix: '', base: 10, capitals: false },
];
const VARIANTS = INTEGER_VARIANTS.length;
const MOST_ZEROS = 64;

function encodeInteger(sourceText: string, value: bigint): string | undefined {
  const match = /^([+-]?)(.+)$/.exec(sourceText);
  const [, sign = '', digits = ''] = match ?? [];
  const magnitude = value < 0n ? -value : value;
  if (digits === magnitude.toString()) return sourceText;
  for (const [variant, { prefix }] of INTEGER_VARIANTS.entries()) {
    if (!digits.startsWith(prefix)) continue;
    const [zeros = ''] = /^0*/.exec(digits.slice(prefix.length)) ?? [];
    // The zero of a value 0 is a digit of it and no leading zero.
    const extra = zeros.length - (magnitude === 0n ? 1 : 0);
    if (extra < 0 || extra > MOST_ZEROS || variantText(variant, extra, magnitude) !== digits) continue;
    return `${sign}${'0'.repeat(1 + variant + VARIANTS * extra)}${magnitude}`;
  }
  return undefined;
}

function decodeInteger(spelling: string, value: bigint): string | undefined {
  const match = /^([+-]?)(0*)(\d+)$/.exec(spelling);
  if (!match) return undefined;
  const [, sign = '', zeros = ''] = match;
  if (zeros === '') return spelling;
  const magnitude = value < 0n ? -value : value;
  const number = zeros.length - 1;
  const text = variantText(number % VARIANTS, Math.floor(number / VARIANTS), magnitude);
  return text === undefined ? undefined : sign + text;
}

function variantText(variant: number, extra: number, magnitude: bigint): string | undefined {
  const form = INTEGER_VARIANTS[variant];
  if (!form) return undefined;
  if (form.base === 10) {
    const grouped = magnitude.toString().replace(/\B(?=(\d{3})+$)/g, '_');
    return extra === 0 && grouped.includes('_') ? grouped : undefined;
  }
  const digits = magnitude.toString(form.base);
  const cased = form.capitals ? digits.toUpperCase() : digits;
  // One text has one code: capitals only where they show.
  return form.capitals && cased === digits ? undefined : form.prefix + '0'.repeat(extra) + cased;
}

const YAML_FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

function encodeFloat(sourceText: string, value: number): string | undefined {
  if (Number.isNaN(value)) return NAN_SPELLINGS.get(sourceText);
  if (!Number.isFinite(value)) {
    const match = /^([+-]?)\.(inf|Inf|INF)$/.exec(sourceText);
    return match ? `${match[1]}${match[2] === 'Inf' ? 'Infinity' : match[2]}` : undefined;
  }
  if (!YAML_FLOAT.test(sourceText)) return undefined;
  const canonical = wireText(value);
  return stripZeros(sourceText, canonical) === undefined ? sourceText : addZero(sourceText);
}

function decodeFloat(spelling: string, value: number): string | undefined {
  if (Number.isNaN(value)) return NAN_SOURCES.get(spelling);
  if (!Number.isFinite(value)) {
    const match = /^([+-]?)(inf|Infinity|INF)$/.exec(spelling);
    return match ? `${match[1]}.${match[2] === 'Infinity' ? 'Inf' : match[2]}` : undefined;
  }
  if (!YAML_FLOAT.test(spelling)) return undefined;
  const zeros = stripZeros(spelling, wireText(value));
  if (zeros === undefined) return isFloatWord(spelling) ? spelling : undefined;
  const source = zeros === 0 ? undefined : spelling.replace('0', '');
  return source !== undefined && isFloatWord(source) ? source : undefined;
}

/** How many zeros stand in front of the canonical text; undefined if the text is not that with zeros in front. */
function stripZeros(text: string, canonical: string): number | undefined {
  const sign = canonical.startsWith('-') ? '-' : '';
  const extra = text.length - canonical.length;
  if (extra < 0) return undefined;
  return text === sign + '0'.repeat(extra) + canonical.slice(sign.length) ? extra : undefined;
}

function addZero(text: string): string {
  return text.replace(/^[+-]?/, '$&0');
}

/** Whether YAML reads a text that looks like a float as one: Go's integer syntax comes first, a leading zero means octal. */
function isFloatWord(text: string): boolean {
  const digits = /^[+-]?(\d+)$/.exec(text)?.[1];
  if (digits === undefined) return true;
  if (digits.startsWith('0') && digits.length > 1) return /[89]/.test(digits) || BigInt(`0o${digits}`) >= 2n ** 64n;
  return BigInt(digits) >= 2n ** 64n || (text.startsWith('-') && BigInt(digits) > 2n ** 63n);
}

const BOOLEAN_SPELLINGS = new Map([
  ['True', 'T'],
  ['TRUE', 'TRUE'],
  ['False', 'F'],
  ['FALSE', 'FALSE'],
]);
const BOOLEAN_SOURCES = inverse(BOOLEAN_SPELLINGS);

const NAN_SPELLINGS = new Map([
  ['.NaN', 'nan'],
  ['.NAN', 'NAN'],
]);
const NAN_SOURCES = inverse(NAN_SPELLINGS);

function inverse(map: Map<string, string>): Map<string, string> {
  return new Map([...map].map(([key, value]) => [value, key]));
}

const YAML_TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:([.,])(\d+))?(Z|[+-]\d\d:\d\d)?)?$/;

/** The forms of go-yaml (`resolve.go`, `allowedTimestampFormats`); a space has no zone, a date no time. */
const TIME_SEPARATORS = ['T', 't', ' ', ''] as const;
const ZONES = ['', '+00:00', '-00:00'] as const;

/**
 * The digits behind the nanoseconds: index into {@link TIME_SEPARATORS} (plus 4 for a comma), one bit for each of month, day,
 * hour, minute, second with one digit (two digits), digits of the fraction, index into {@link ZONES} (0: the value's own).
 */
function encodeTime(sourceText: string, value: Timestamp): string | undefined {
  const match = YAML_TIME.exec(sourceText);
  const canonical = CANONICAL_TIME.exec(value.text);
  if (!match || !canonical) return undefined;
  const [, , month = '', day = '', separator = '', hour = '', minute = '', second = '', point, fraction = '', zone] =
    match;
  if (fraction.length > 9) return undefined;
  let short = 0;
  for (const field of [month, day, hour, minute, second]) short = short * 2 + (field.length === 1 ? 1 : 0);
  const form = TIME_SEPARATORS.findIndex((known) => known === separator) + (point === ',' ? 4 : 0);
  const zoneIndex = Math.max(
    0,
    ZONES.findIndex((known) => known === zone),
  );
  const [, front = '', nanoseconds = '', canonicalZone = ''] = canonical;
  const code = `${form}${String(short).padStart(2, '0')}${fraction.length}${zoneIndex}`;
  return `${front}.${nanoseconds.padEnd(9, '0')}${code}${canonicalZone}`;
}

const CANONICAL_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const CODED_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{9})([0-7])([0-3]\d)(\d)([0-2])(Z|[+-]\d\d:\d\d)$/;

function decodeTime(spelling: string, value: Timestamp): string | undefined {
  if (parseTimestamp(spelling)?.text !== value.text) return undefined;
  const match = CODED_TIME.exec(spelling);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', nanoseconds = ''] = match;
  const [form, short, digits, zoneIndex] = match.slice(8, 12).map(Number);
  if (form === undefined || short === undefined || digits === undefined || zoneIndex === undefined || short > 31)
    return undefined;
  // The field's bit asks for one digit; a field of two significant digits keeps both.
  const field = (text: string, bit: number): string => (short & bit && text.startsWith('0') ? text.slice(1) : text);
  const date = `${year}-${field(month, 16)}-${field(day, 8)}`;
  const separator = TIME_SEPARATORS[form % 4];
  if (separator === undefined) return undefined;
  const isMidnight = hour === '00' && minute === '00' && second === '00' && /^0+$/.test(nanoseconds);
  const zone = match[12] ?? '';
  if (separator === '') return isMidnight && zone === 'Z' ? date : undefined;
  if (/[1-9]/.test(nanoseconds.slice(digits))) return undefined;
  const fraction = digits === 0 ? '' : (form > 3 ? ',' : '.') + nanoseconds.slice(0, digits);
  const time = `${field(hour, 4)}:${field(minute, 2)}:${field(second, 1)}${fraction}`;
  if (separator === ' ') return zone === 'Z' ? `${date} ${time}` : undefined;
  if (zoneIndex > 0 && zone !== 'Z') return undefined;
  return date + separator + time + (ZONES[zoneIndex] || zone);
}
