/** JSON text to tree, without recursion and in one pass. Upstream: `stores/json/store.go` on Go's encoding/json. */
import { FormatError } from '../../errors.ts';
import type { Entry, Leaf, ListNode, MapNode, Node, Tree } from '../../tree/node.ts';
import { decimalText } from '../../tree/scalar-text.ts';
import { isWellFormed, replaceLoneSurrogates } from '../../tree/utf8.ts';
import { ContainerSpan, EntrySpan, JsonSource, LeafSpan, skipSpace } from './json-source.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** An integer of so few digits fits int64 whatever they are. */
const SAFE_DIGITS = 18;

interface Frame {
  container: MapNode | ListNode;
  span: ContainerSpan;
  /** The entry whose value the container is. */
  entry: EntrySpan | undefined;
}

/**
 * Reads a JSON text whose root is an object. Keys may repeat; integers within int64 are integers, all other numbers floats.
 *
 * @throws FormatError with upstream's prefix; text after the root and a text cut off are errors (D40)
 */
export function readJson(text: string): Tree {
  const source = new JsonSource(text);
  const strings = new StringReader(text);
  let at = openRoot(text);
  const root: MapNode = { kind: 'map', items: [], origin: new ContainerSpan(source, at) };
  const stack: Frame[] = [{ container: root, span: root.origin as ContainerSpan, entry: undefined }];
  at++;
  let isAfterComma = false;
  for (;;) {
    let frame = stack.at(-1);
    if (!frame) break;
    at = skipSpace(text, at);
    const { container } = frame;
    const closing = container.kind === 'map' ? 0x7d : 0x5d;
    if (text.charCodeAt(at) !== closing || isAfterComma) {
      let entry: EntrySpan | undefined;
      let item: Entry | undefined;
      if (container.kind === 'map') {
        const keyStart = at;
        const key = strings.read(at, 'looking for beginning of object key string');
        at = skipSpace(text, strings.end);
        if (text.charCodeAt(at) !== 0x3a) throw syntaxError(text, at, 'after object key');
        at = skipSpace(text, at + 1);
        entry = new EntrySpan(source, keyStart, at, key);
        source.firstEntry ??= entry;
      }
      const value = beginValue(source, strings, at);
      if (entry) {
        item = { kind: 'entry', key: entry.key, value, origin: entry };
        (container as MapNode).items.push(item);
      } else {
        (container as ListNode).items.push(value);
      }
      isAfterComma = false;
      if (value.kind !== 'leaf') {
        stack.push({ container: value, span: value.origin as ContainerSpan, entry });
        at++;
        continue;
      }
      at = (value.origin as LeafSpan).end;
      if (entry) entry.end = at;
    } else {
      at = close(stack, at);
    }
    // Behind a value: close whatever ends here, up to the comma before the next value.
    for (;;) {
      frame = stack.at(-1);
      if (!frame) break;
      at = skipSpace(text, at);
      const unit = text.charCodeAt(at);
      if (unit === 0x2c) {
        at++;
        isAfterComma = true;
        break;
      }
      const isMap = frame.container.kind === 'map';
      if (unit !== (isMap ? 0x7d : 0x5d)) {
        throw syntaxError(text, at, isMap ? 'after object key:value pair' : 'after array element');
      }
      at = close(stack, at);
    }
  }
  at = skipSpace(text, at);
  if (at < text.length) throw syntaxError(text, at, 'after top-level value');
  return { documents: [root], origin: source };
}

function openRoot(text: string): number {
  const at = skipSpace(text, 0);
  const unit = text.charCodeAt(at);
  if (unit === 0x7b) return at;
  if (at >= text.length) throw loadError('EOF', text, at);
  if (unit === 0x5b) {
    throw loadError(
      "SOPS only supports JSON files with a top-level object (starting with '{'), not arrays or other types. " +
        'Got delimiter [ instead. To encrypt this file, wrap it in an object, e.g., {"data": [...]}',
      text,
      at,
    );
  }
  const { value } = beginScalar(new JsonSource(text), new StringReader(text), at);
  const type =
    value === null ? '<nil>' : typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : undefined;
  throw loadError(
    "SOPS only supports JSON files with a top-level object (starting with '{'), not other JSON types. " +
      `Got a value of type ${type ?? (typeof value === 'bigint' ? 'int' : 'float64')} instead`,
    text,
    at,
  );
}

function close(stack: Frame[], at: number): number {
  const frame = stack.pop();
  if (!frame) return at;
  frame.span.end = at + 1;
  if (frame.entry) frame.entry.end = at + 1;
  return at + 1;
}

function beginValue(source: JsonSource, strings: StringReader, at: number): Node {
  const unit = source.text.charCodeAt(at);
  if (unit === 0x7b) return { kind: 'map', items: [], origin: new ContainerSpan(source, at) };
  if (unit === 0x5b) return { kind: 'list', items: [], origin: new ContainerSpan(source, at) };
  return beginScalar(source, strings, at);
}

function beginScalar(source: JsonSource, strings: StringReader, at: number): Leaf {
  const { text } = source;
  const unit = text.charCodeAt(at);
  if (unit === 0x22) {
    const value = strings.read(at, '');
    return { kind: 'leaf', value, origin: new LeafSpan(source, at, strings.end, value) };
  }
  if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) return readNumber(source, at);
  for (const [word, value] of WORDS) {
    if (text.startsWith(word, at))
      return { kind: 'leaf', value, origin: new LeafSpan(source, at, at + word.length, value) };
  }
  throw syntaxError(text, at, 'looking for beginning of value');
}

const WORDS: [string, boolean | null][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

function readNumber(source: JsonSource, at: number): Leaf {
  const { text } = source;
  NUMBER.lastIndex = at;
  const match = NUMBER.exec(text);
  if (!match) throw syntaxError(text, at, 'in numeric literal');
  const [literal] = match;
  const end = at + literal.length;
  if (match[1] === undefined && match[2] === undefined) {
    const integer = literal.length <= SAFE_DIGITS ? BigInt(literal) : int64(literal);
    if (integer !== undefined) return { kind: 'leaf', value: integer, origin: new LeafSpan(source, at, end, integer) };
  }
  const value = Number(literal);
  if (!Number.isFinite(value)) throw loadError(`number out of range at ${place(text, at).name}`, text, at);
  const leaf: Leaf = { kind: 'leaf', value, origin: new LeafSpan(source, at, end, value) };
  // Minus zero keeps its sign and nothing else, as upstream.
  if (!Object.is(value, -0) && literal !== decimalText(value)) leaf.spelling = literal;
  return leaf;
}

function int64(literal: string): bigint | undefined {
  // Long enough to be beyond int64 anyway, and BigInt takes more than linear time.
  if (literal.length > 20) return undefined;
  const value = BigInt(literal);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** Reads string literals; `end` is behind the one that was read last. */
class StringReader {
  readonly #text: string;
  readonly #isWellFormed: boolean;
  end = 0;

  constructor(text: string) {
    this.#text = text;
    this.#isWellFormed = isWellFormed(text);
  }

  read(start: number, expectation: string): string {
    const text = this.#text;
    if (text.charCodeAt(start) !== 0x22) throw syntaxError(text, start, expectation);
    const pieces: string[] = [];
    let runStart = start + 1;
    let at = runStart;
    for (;;) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) break;
      if (unit === 0x5c) {
        pieces.push(this.#run(runStart, at));
        at = this.#escape(at, pieces);
        runStart = at;
      } else if (unit >= 0x20) {
        at++;
      } else {
        throw syntaxError(text, at, 'in string literal');
      }
    }
    this.end = at + 1;
    const run = this.#run(runStart, at);
    if (pieces.length === 0) return run;
    pieces.push(run);
    return pieces.join('');
  }

  #run(start: number, end: number): string {
    const run = this.#text.slice(start, end);
    return this.#isWellFormed ? run : replaceLoneSurrogates(run);
  }

  /** Two escapes that make a pair are one character; half a pair is U+FFFD, as in Go. */
  #escape(at: number, pieces: string[]): number {
    const text = this.#text;
    const unit = text.charCodeAt(at + 1);
    if (unit !== 0x75) {
      const character = ESCAPES.get(unit);
      if (character === undefined) throw syntaxError(text, at + 1, 'in string escape code');
      pieces.push(character);
      return at + 2;
    }
    const first = this.#hex(at + 2);
    if (first < 0xd800 || first > 0xdfff) {
      pieces.push(String.fromCharCode(first));
      return at + 6;
    }
    if (first < 0xdc00 && text.charCodeAt(at + 6) === 0x5c && text.charCodeAt(at + 7) === 0x75) {
      const second = this.#hex(at + 8);
      if (second >= 0xdc00 && second <= 0xdfff) {
        pieces.push(String.fromCharCode(first, second));
        return at + 12;
      }
    }
    pieces.push('\ufffd');
    return at + 6;
  }

  #hex(at: number): number {
    const digits = this.#text.slice(at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw syntaxError(this.#text, at, 'in \\u hexadecimal character escape');
    return Number.parseInt(digits, 16);
  }
}

const ESCAPES = new Map<number, string>([
  [0x22, '"'],
  [0x5c, '\\'],
  [0x2f, '/'],
  [0x62, '\b'],
  [0x66, '\f'],
  [0x6e, '\n'],
  [0x72, '\r'],
  [0x74, '\t'],
]);

function syntaxError(text: string, at: number, context: string): FormatError {
  const { name } = place(text, at);
  if (at >= text.length) return loadError(`unexpected end of JSON input at ${name}`, text, at);
  return loadError(`invalid character ${context === '' ? '' : `${context} `}at ${name}`, text, at);
}

/** @param reason - without any part of the text (D41) */
function loadError(reason: string, text: string, at: number): FormatError {
  const { line, column } = place(text, at);
  return new FormatError(`Could not unmarshal input data: ${reason}`, { line, column });
}

function place(text: string, at: number): { line: number; column: number; name: string } {
  let line = 1;
  let lineStart = 0;
  for (let feed = text.indexOf('\n'); feed >= 0 && feed < at; feed = text.indexOf('\n', feed + 1)) {
    line++;
    lineStart = feed + 1;
  }
  const column = Math.min(at, text.length) - lineStart + 1;
  return { line, column, name: `line ${line}, column ${column}` };
}
