/**
 * Scalars as the Go program writes them. Upstream: go-yaml v3.0.4 (`encode.go`, `emitterc.go`, `resolve.go`), which never
 * folds a line. Two deviations keep every value readable: a text of several lines that starts with a tab, and one with
 * U+2028 or U+2029, are double-quoted (upstream loses the first and writes the second as line breaks).
 */

import { encodeBase64 } from '../../tree/base64.ts';
import type { Value } from '../../tree/node.ts';
import { generalText } from '../../tree/scalar-text.ts';
import { Timestamp } from '../../tree/timestamp.ts';
import { decodeText, encodeText, isWellFormed } from '../../tree/utf8.ts';
import type { ScalarStyle } from './origin.ts';
import { resolvePlain } from './resolve.ts';

/** A scalar ready to be written. */
export interface ScalarText {
  /** `!!binary`, `!!merge` or nothing. */
  tag: string;
  style: ScalarStyle;
  /** The scalar; for a literal block its lines without their indentation, and no header. */
  text: string;
}

/** Bytes of UTF-8 that a key written without `?` may have (libyaml's limit). */
export const LONGEST_SIMPLE_KEY = 128;

/** A value in the canonical style. */
export function canonicalScalar(value: Value, flow: boolean): ScalarText {
  if (typeof value === 'string') return canonicalString(value, flow);
  if (value instanceof Uint8Array) return canonicalString(decodeText(value), flow);
  return { tag: '', style: 'plain', text: canonicalWord(value) };
}

/** The plain text of a value that is neither text nor bytes. */
export function canonicalWord(value: bigint | number | boolean | null | Timestamp): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return floatWord(value);
  return value instanceof Timestamp ? value.text : String(value);
}

function floatWord(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return generalText(value);
}

function canonicalString(text: string, flow: boolean): ScalarText {
  if (!isWellFormed(text)) {
    const base64 = wrapBase64(encodeText(text));
    // Plain, whatever a reader would take it for without the tag.
    const style = base64.includes('\n') ? styleOf(base64, flow) : 'plain';
    return { tag: '!!binary', ...styled(base64, style) };
  }
  // go-yaml's word for merging maps is no string to it without a tag.
  if (text === '<<') return { tag: '!!merge', style: 'plain', text };
  return { tag: '', ...styled(text, styleOf(text, flow)) };
}

function styled(text: string, style: ScalarStyle): { style: ScalarStyle; text: string } {
  if (style === 'single') return { style, text: singleQuoted(text) };
  return style === 'double' ? { style, text: doubleQuoted(text) } : { style, text };
}

function styleOf(text: string, flow: boolean): ScalarStyle {
  if (text.includes('\n')) return !flow && isLiteralPossible(text) ? 'literal' : 'double';
  if (!isPlainString(text) || YAML_1_1_WORD.test(text)) return 'double';
  if (isPlainPossible(text, flow)) return 'plain';
  return isSingleQuotedPossible(text) ? 'single' : 'double';
}

/** Whether a text without quotes is read as a string. */
function isPlainString(text: string): boolean {
  return typeof resolvePlain(text, true) === 'string';
}

/** Booleans and base-60 numbers of YAML 1.1, which are quoted for the sake of other readers. */
const YAML_1_1_WORD =
  /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$/;

/** What libyaml's emitter escapes: neither printable nor a line feed or tab. Line breaks but LF count with it here. */
const UNPRINTABLE = /[^\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** Whether a text may be written as a literal block. */
export function isLiteralPossible(text: string): boolean {
  return !/ \n| $/.test(text) && !UNPRINTABLE.test(text) && !text.startsWith('\t');
}

/** Whether libyaml's emitter writes a text of one line without quotes. */
export function isPlainPossible(text: string, flow: boolean): boolean {
  if (text === '' || NOT_PLAIN.test(text)) return false;
  return !flow || !NOT_PLAIN_IN_FLOW.test(text);
}

const NOT_PLAIN =
  /^[ #,[\]{}&*!|>'"%@`]|^[-?:](?:[ \t]|$)|^---|^\.\.\.|:(?:[ \t]|$)|[ \t]#| $|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const NOT_PLAIN_IN_FLOW = /[,?[\]{}:]/;

/** Whether single quotes can hold a text on one line. */
export function isSingleQuotedPossible(text: string): boolean {
  return !NOT_SINGLE_QUOTED.test(text);
}

const NOT_SINGLE_QUOTED = /[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function doubleQuoted(text: string): string {
  // libyaml looks for a byte order mark at the start of the text, not at the character, and so escapes all of it.
  if (text.startsWith('\ufeff')) return `"${Array.from(text, escapeOf).join('')}"`;
  return `"${text.replace(ESCAPED, escapeOf)}"`;
}

const ESCAPED = /["\\\n\t]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu;

function escapeOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const short = SHORT_ESCAPES.get(point);
  if (short !== undefined) return `\\${short}`;
  if (point <= 0xff) return `\\x${hex(point, 2)}`;
  return point <= 0xffff ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
}

function hex(point: number, digits: number): string {
  return point.toString(16).toUpperCase().padStart(digits, '0');
}

const SHORT_ESCAPES = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

/**
 * The header of a literal block. Upstream always writes the step of the indentation as the digit, even in a list, where the
 * text stands two columns from the dash and the block cannot be read back; that digit stays where no text follows.
 *
 * @param offset - columns from the enclosing collection to the block's text; written only where the text itself does not show it
 */
export function literalHeader(text: string, offset: number, step: number): string {
  const digit = /^[ \n]/.test(text) ? String(/[^\n]/.test(text) ? offset : step) : '';
  if (!text.endsWith('\n')) return `|${digit}-`;
  return text === '\n' || text.endsWith('\n\n') ? `|${digit}+` : `|${digit}`;
}

/** The lines of a literal block's text. */
export function literalLines(text: string): string[] {
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

const BASE64_LINE = 70;

/** Base64 as go-yaml breaks it: lines of 70 characters, each with a line feed, unless there is but one shorter line. */
function wrapBase64(bytes: Uint8Array): string {
  const base64 = encodeBase64(bytes);
  if (base64.length < BASE64_LINE) return base64;
  const lines: string[] = [];
  for (let at = 0; at < base64.length; at += BASE64_LINE) lines.push(`${base64.slice(at, at + BASE64_LINE)}\n`);
  return lines.join('');
}
