/**
 * Reads a YAML tree into typed fields by the rules of go-yaml v3's decoder, with its texts but for the values in them
 * (D41). Upstream: `go.yaml.in/yaml/v3` `decode.go`.
 */
import { SopsError } from '../errors.ts';
import { quoted } from '../keys/quoted.ts';
import type { Comment, Entry, Leaf, ListNode, MapNode, Node } from '../tree/node.ts';
import { plainText } from '../tree/scalar-text.ts';
import { decodeText } from '../tree/utf8.ts';
import type { ConfigWarning } from './config.ts';
import type { Positions } from './positions.ts';
import { positionsOf } from './positions.ts';
import { findSuggestion } from './suggestion.ts';

/** Errors and warnings found so far: like go-yaml, decoding goes on behind a wrong type and reports all of them. */
export interface Decoding {
  readonly positions: Positions;
  readonly errors: { line: number | undefined; text: string }[];
  readonly warnings: ConfigWarning[];
}

/** What a map with known keys is: its Go type for errors, its name for warnings. */
export interface StructName {
  readonly type: string;
  readonly label: string;
  /** Whether unknown keys are fine unless they look like a known one: the root holds anchors for use elsewhere. */
  readonly open?: boolean;
}

/** Reads the value of a key; null values never get here. */
export type FieldReader = (value: Node) => void;

/** Starts decoding a tree. */
export function startDecoding(): Decoding {
  return { positions: positionsOf(), errors: [], warnings: [] };
}

/** @throws SopsError `invalid-config` when there were errors */
export function finishDecoding(decoding: Decoding): void {
  if (decoding.errors.length === 0) return;
  const lines = decoding.errors
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ line, text }) => `\n  ${line === undefined ? '' : `line ${line}: `}${text}`);
  throw invalidConfig(`yaml: unmarshal errors:${lines.join('')}`);
}

/** The error for a configuration that cannot be read. */
export function invalidConfig(reason: string, options: { cause?: unknown } = {}): SopsError {
  return new SopsError('invalid-config', `error loading config: Could not unmarshal config file: ${reason}`, options);
}

/** Reads a map whose keys are known. */
export function readStruct(
  decoding: Decoding,
  node: Node,
  name: StructName,
  fields: ReadonlyMap<string, FieldReader>,
): void {
  for (const entry of readEntries(decoding, node, name.type)) {
    const field = fields.get(entry.key);
    if (field === undefined) {
      warnOfUnknownKey(decoding, entry, name, [...fields.keys()]);
    } else if (!isNull(entry.value)) {
      field(targetOf(entry.value));
    }
  }
}

/** Reads a list; items that are null are dropped. */
export function readList(decoding: Decoding, node: Node, type: string, readItem: (item: Node) => void): void {
  const list = targetOf(node);
  if (list.kind !== 'list') {
    addTypeError(decoding, list, type);
    return;
  }
  for (const item of list.items) {
    if (item.kind !== 'comment' && !isNull(item)) readItem(targetOf(item));
  }
}

/** Reads a list of texts. */
export function readTexts(decoding: Decoding, node: Node): string[] {
  const texts: string[] = [];
  readList(decoding, node, '[]string', (item) => {
    const text = readText(decoding, item);
    if (text !== undefined) texts.push(text);
  });
  return texts;
}

/** Reads a map of texts; a null value is an empty text. */
export function readTextMap(decoding: Decoding, node: Node): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const entry of readEntries(decoding, node, 'map[string]*string')) {
    const text = isNull(entry.value) ? '' : readText(decoding, entry.value);
    if (text !== undefined) pairs.push([entry.key, text]);
  }
  return Object.fromEntries(pairs);
}

/** Reads a text: any scalar, as it is spelled. Undefined after an error. */
export function readText(decoding: Decoding, node: Node): string | undefined {
  const leaf = targetOf(node);
  if (leaf.kind !== 'leaf') {
    addTypeError(decoding, leaf, 'string');
    return undefined;
  }
  if (typeof leaf.value === 'string') return leaf.value;
  if (leaf.value instanceof Uint8Array) return decodeText(leaf.value);
  return decoding.positions.plainText(leaf) ?? leaf.spelling ?? plainText(leaf.value);
}

/** Reads an integer of Go's `int`; a float loses its fraction. Undefined after an error. */
export function readInteger(decoding: Decoding, node: Node): number | undefined {
  const leaf = targetOf(node);
  if (leaf.kind === 'leaf') {
    const { value } = leaf;
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return Number(value);
    if (typeof value === 'number' && Math.abs(value) < 2 ** 63) return Math.trunc(value);
  }
  addTypeError(decoding, leaf, 'int');
  return undefined;
}

const YES = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']);
const NO = new Set(['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF']);

/** Reads a boolean; the words of YAML 1.1 count too, quoted or not. Undefined after an error. */
export function readBoolean(decoding: Decoding, node: Node): boolean | undefined {
  const leaf = targetOf(node);
  if (leaf.kind === 'leaf') {
    const { value } = leaf;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string' && YES.has(value)) return true;
    if (typeof value === 'string' && NO.has(value)) return false;
  }
  addTypeError(decoding, leaf, 'bool');
  return undefined;
}

/** The node that an alias stands for: unlike its copy, it knows where it is in the file. */
export function targetOf(node: Node): Node {
  let target = node;
  for (let origin = aliasOrigin(target); origin !== undefined; origin = aliasOrigin(target)) target = origin;
  return target;
}

/** What Go's `%T` prints of a value decoded without a type. */
export function goTypeOf(node: Node): string {
  if (node.kind === 'list') return '[]interface {}';
  if (node.kind === 'map') {
    const plain = node.items.every((item) => item.kind === 'comment' || item.keyType === undefined);
    return plain ? 'map[string]interface {}' : 'map[interface {}]interface {}';
  }
  const { value } = node;
  if (value === null) return '<nil>';
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? 'int' : 'uint64';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' || value instanceof Uint8Array ? 'string' : 'time.Time';
}

/**
 * The entries of a map with those of its merge keys behind them; of a key given more than once the first counts. Nothing after an
 * error, like a key twice in the map itself.
 *
 * @throws SopsError `invalid-config` for a merge key whose value is no map and no list of maps
 */
function readEntries(decoding: Decoding, node: Node, type: string): Entry[] {
  const map = targetOf(node);
  if (map.kind !== 'map') {
    addTypeError(decoding, map, type);
    return [];
  }
  const entries: Entry[] = [];
  const seen = new Set<string>();
  const merged: MapNode[] = [map];
  for (let current = merged.pop(); current !== undefined; current = merged.pop()) {
    if (hasDuplicates(decoding, current)) return [];
    let mergeValue: Node | undefined;
    for (const item of current.items) {
      if (item.kind === 'comment') continue;
      if (decoding.positions.isMergeKey(item)) {
        mergeValue = item.value;
      } else if (!seen.has(item.key)) {
        seen.add(item.key);
        entries.push(item);
      }
    }
    if (mergeValue !== undefined) merged.push(...mergedMaps(mergeValue).reverse());
  }
  return entries;
}

function mergedMaps(node: Node): MapNode[] {
  const value = targetOf(node);
  const nodes: (Node | Comment)[] = value.kind === 'list' ? value.items : [value];
  const maps: MapNode[] = [];
  for (const item of nodes) {
    if (item.kind === 'comment') continue;
    const map = targetOf(item);
    if (map.kind !== 'map') throw invalidConfig('yaml: map merge requires map or sequence of maps as the value');
    maps.push(map);
  }
  return maps;
}

function hasDuplicates(decoding: Decoding, map: MapNode): boolean {
  const first = new Map<string, Entry>();
  let found = false;
  for (const item of map.items) {
    if (item.kind === 'comment') continue;
    const other = first.get(item.key);
    if (other === undefined) {
      first.set(item.key, item);
      continue;
    }
    found = true;
    const otherLine = decoding.positions.lineOf(other);
    decoding.errors.push({
      line: decoding.positions.lineOf(item),
      text: `mapping key ${JSON.stringify(item.key)} already defined${otherLine === undefined ? '' : ` at line ${otherLine}`}`,
    });
  }
  return found;
}

function warnOfUnknownKey(decoding: Decoding, entry: Entry, name: StructName, known: readonly string[]): void {
  const suggestion = findSuggestion(entry.key, known);
  if (name.open === true && suggestion === undefined) return;
  decoding.warnings.push({
    line: decoding.positions.lineOf(entry),
    key: entry.key,
    suggestion,
    message:
      `unknown key ${quoted(entry.key)} in ${name.label}` +
      (suggestion === undefined ? '' : ` (did you mean ${quoted(suggestion)}?)`),
  });
}

function addTypeError(decoding: Decoding, node: MapNode | ListNode | Leaf, type: string): void {
  decoding.errors.push({ line: decoding.positions.lineOf(node), text: `cannot unmarshal ${tagOf(node)} into ${type}` });
}

function tagOf(node: MapNode | ListNode | Leaf): string {
  if (node.kind === 'map') return '!!map';
  if (node.kind === 'list') return '!!seq';
  const { value } = node;
  if (typeof value === 'string') return '!!str';
  if (typeof value === 'bigint') return '!!int';
  if (typeof value === 'number') return '!!float';
  if (typeof value === 'boolean') return '!!bool';
  if (value === null) return '!!null';
  return value instanceof Uint8Array ? '!!binary' : '!!timestamp';
}

function isNull(node: Node): boolean {
  return node.kind === 'leaf' && node.value === null;
}

function aliasOrigin(node: Node): Node | undefined {
  const origin = node.origin;
  const isAlias = typeof origin === 'object' && origin !== null && 'kind' in origin && origin.kind === 'alias';
  return isAlias && 'target' in origin ? (origin.target as Node) : undefined;
}
