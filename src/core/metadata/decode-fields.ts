/**
 * Reads fields of the metadata block with upstream's weak typing: names match in any letter case, numbers stand for texts
 * and texts for numbers. Upstream: mapstructure with `WeaklyTypedInput`, as `stores/metadata.go` uses it.
 */

import { parseBool } from '../cipher/wire-value.ts';
import { SopsError } from '../errors.ts';
import type { MapNode, Node } from '../tree/node.ts';
import { wireText } from '../tree/scalar-text.ts';
import { parseTimestamp, Timestamp, withoutFraction } from '../tree/timestamp.ts';

/** One map of the block; `name` is its place, for messages. */
export class Fields {
  readonly name: string;
  readonly #byName = new Map<string, { key: string; value: Node }>();

  constructor(map: MapNode, name: string) {
    this.name = name;
    for (const item of map.items) {
      if (item.kind !== 'entry') continue;
      const lower = item.key.toLowerCase();
      // An exact name wins over one in other letters, and otherwise the first.
      const known = this.#byName.get(lower);
      if (!known || (item.key === lower && known.key !== lower)) this.#byName.set(lower, item);
    }
  }

  /** A text; empty when absent or null. @throws SopsError `invalid-metadata` for a map, a list or a time */
  text(field: string): string {
    const node = this.#node(field);
    if (!node) return '';
    if (node.kind !== 'leaf') throw this.#unconvertible(field, 'string', node);
    const { value } = node;
    if (value === null) return '';
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (value instanceof Timestamp || value instanceof Uint8Array) throw this.#unconvertible(field, 'string', node);
    return wireText(value);
  }

  /** An integer; 0 when absent, null or empty. An integral decimal fraction counts as one (D61). */
  integer(field: string): number {
    const node = this.#node(field);
    if (!node) return 0;
    const value = node.kind === 'leaf' ? node.value : undefined;
    if (value === null || value === '') return 0;
    if (typeof value === 'boolean') return Number(value);
    if (typeof value === 'bigint' || typeof value === 'number') return Math.trunc(Number(value));
    if (typeof value !== 'string') throw this.#unconvertible(field, 'int', node);
    const number = /^[+-]?(?:\d+(?:\.0*)?|0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+)$/.test(value)
      ? goInteger(value)
      : Number.NaN;
    if (Number.isSafeInteger(number)) return number;
    throw this.#unparsable(field, 'int', 'strconv.ParseInt: invalid syntax');
  }

  /** A truth value; false when absent, null or empty. */
  boolean(field: string): boolean {
    const node = this.#node(field);
    if (!node) return false;
    const value = node.kind === 'leaf' ? node.value : undefined;
    if (value === null || value === '') return false;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'bigint' || typeof value === 'number') return Number(value) !== 0;
    if (typeof value !== 'string') throw this.#unconvertible(field, 'bool', node);
    const parsed = parseBool(value);
    if (parsed === undefined) throw this.#unparsable(field, 'bool', 'strconv.ParseBool: invalid syntax');
    return parsed;
  }

  /** A time in RFC 3339, without its fraction. @throws SopsError `invalid-metadata`, also when absent */
  time(field: string): string {
    const text = this.text(field);
    const time = parseTimestamp(text);
    if (!time) throw new SopsError('invalid-metadata', timeError(text));
    return withoutFraction(time);
  }

  /** A map of texts, keys sorted; empty when absent. */
  texts(field: string): Record<string, string> {
    const node = this.#node(field);
    if (!node || isNull(node)) return {};
    if (node.kind !== 'map') throw this.#unconvertible(field, 'map[string]*string', node);
    const fields = new Fields(node, this.#place(field));
    const keys = node.items.flatMap((item) => (item.kind === 'entry' ? [item.key] : []));
    return Object.fromEntries(keys.sort().map((key) => [key, fields.text(key)]));
  }

  /** A list of maps. A single map counts as a list of one, an empty map and null as none, a null element as an empty map. */
  maps(field: string): Fields[] {
    const node = this.#node(field);
    if (!node || isNull(node)) return [];
    if (node.kind === 'map' && !node.items.some((item) => item.kind === 'entry')) return [];
    const elements = node.kind === 'list' ? node.items.filter((item) => item.kind !== 'comment') : [node];
    return elements.map((element, index) => {
      const place = `${this.#place(field)}[${index}]`;
      if (element.kind === 'map') return new Fields(element, place);
      if (isNull(element)) return new Fields({ kind: 'map', items: [] }, place);
      throw failed(`'${place}' expected a map or struct, got "${goKind(element)}"`);
    });
  }

  #node(field: string): Node | undefined {
    return this.#byName.get(field.toLowerCase())?.value;
  }

  #place(field: string): string {
    return this.name === '' ? field : `${this.name}.${field}`;
  }

  #unconvertible(field: string, expected: string, node: Node): SopsError {
    return failed(`'${this.#place(field)}' expected type '${expected}', got unconvertible type '${goType(node)}'`);
  }

  #unparsable(field: string, expected: string, reason: string): SopsError {
    return failed(`'${this.#place(field)}' cannot parse value as '${expected}': ${reason}`);
  }
}

function failed(reason: string): SopsError {
  return new SopsError('invalid-metadata', `decoding failed due to the following error(s):\n\n${reason}`);
}

function isNull(node: Node): boolean {
  return node.kind === 'leaf' && node.value === null;
}

/** Go's literal prefixes; a leading 0 alone is octal. */
function goInteger(text: string): number {
  const [, sign = '', digits = ''] = /^([+-]?)(.*?)(?:\.0*)?$/.exec(text) ?? [];
  const number = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return sign === '-' ? -number : number;
}

function goType(node: Node): string {
  if (node.kind === 'map') return 'map[string]interface {}';
  if (node.kind === 'list') return '[]interface {}';
  if (node.value instanceof Timestamp) return 'time.Time';
  return goKind(node);
}

function goKind(node: Node): string {
  if (node.kind !== 'leaf') return node.kind === 'map' ? 'map' : 'slice';
  const { value } = node;
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  return value instanceof Timestamp ? 'struct' : 'string';
}

const LAYOUT = '2006-01-02T15:04:05Z07:00';
const TIME_ELEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d\d/, '01'],
  [/^-/, '-'],
  [/^\d\d/, '02'],
  [/^T/, 'T'],
  [/^\d\d/, '15'],
  [/^:/, ':'],
  [/^\d\d/, '04'],
  [/^:/, ':'],
  [/^\d\d(?:[.,]\d+)?/, '05'],
  [/^(?:Z|[+-]\d\d:\d\d)/, 'Z07:00'],
];

/** What Go's `time.Parse` says of a text that is no RFC 3339 time. */
function timeError(text: string): string {
  const head = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const [pattern, element] of TIME_ELEMENTS) {
    const match = pattern.exec(rest);
    if (!match) return `${head} as "${LAYOUT}": cannot parse ${JSON.stringify(rest)} as "${element}"`;
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') return `${head}: extra text: ${JSON.stringify(rest)}`;
  const [, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number);
  const field =
    month < 1 || month > 12
      ? 'month'
      : hour > 23
        ? 'hour'
        : minute > 59
          ? 'minute'
          : Number(text.slice(17, 19)) > 59
            ? 'second'
            : 'day';
  return `${head}: ${day === 0 && field === 'day' ? 'day' : field} out of range`;
}
