/** Where a node of a JSON text stands in it. Positions are UTF-16 indexes; `end` is behind the last character. */
import type { Value } from '../../tree/node.ts';

/** A JSON text that was read: the origin of its tree. */
export class JsonSource {
  readonly text: string;
  /** The first entry of the root object: an example of how the text writes an entry. */
  firstEntry: EntrySpan | undefined = undefined;

  constructor(text: string) {
    this.text = text;
  }
}

/** The origin of a leaf. */
export class LeafSpan {
  readonly source: JsonSource;
  readonly start: number;
  readonly end: number;
  /** The value as it was read. */
  readonly value: Value;

  constructor(source: JsonSource, start: number, end: number, value: Value) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.value = value;
  }
}

/** The origin of an object or array: from its opening to behind its closing bracket. */
export class ContainerSpan {
  readonly source: JsonSource;
  readonly start: number;
  end: number;

  constructor(source: JsonSource, start: number) {
    this.source = source;
    this.start = start;
    this.end = start;
  }
}

/** The origin of an entry: from its key to the end of its value. */
export class EntrySpan {
  readonly source: JsonSource;
  readonly start: number;
  readonly valueStart: number;
  end: number;
  readonly key: string;

  constructor(source: JsonSource, start: number, valueStart: number, key: string) {
    this.source = source;
    this.start = start;
    this.valueStart = valueStart;
    this.end = valueStart;
    this.key = key;
  }
}

/** JSON's white space: blank, tab, line feed, carriage return. */
export function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** The first position from `at` on that holds no white space. */
export function skipSpace(text: string, at: number): number {
  let position = at;
  while (isSpace(text.charCodeAt(position))) position++;
  return position;
}

/** The position behind the last character before `end` that is no white space. */
export function trimSpace(text: string, end: number): number {
  let position = end;
  while (position > 0 && isSpace(text.charCodeAt(position - 1))) position--;
  return position;
}
