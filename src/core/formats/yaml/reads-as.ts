import type { Value } from '../../tree/node.ts';
import { Timestamp } from '../../tree/timestamp.ts';
import { decodeText } from '../../tree/utf8.ts';
import { isBlankOrEnd, isFlowIndicator } from './characters.ts';
import { constructScalar } from './construct.ts';
import { Cursor } from './cursor.ts';
import type { ScalarStyle } from './origin.ts';
import { scanBlock } from './scan-block.ts';
import { scanPlain } from './scan-plain.ts';
import { scanQuoted } from './scan-quoted.ts';

/**
 * Whether a scalar's text, at a place, is read as a value and nothing else. For a block the text has its header and all lines,
 * those included that follow below it.
 *
 * @param tag - in short form, empty for none
 */
export function readsAs(
  text: string,
  style: ScalarStyle,
  tag: string,
  value: Value,
  place: { flow: boolean; indent: number },
): boolean {
  try {
    const content = scan(text, style, place);
    if (content === undefined) return false;
    const read = constructScalar(tag, content, style === 'plain');
    return read !== undefined && isSameValue(read, value);
  } catch {
    return false;
  }
}

function scan(text: string, style: ScalarStyle, place: { flow: boolean; indent: number }): string | undefined {
  // Behind a blank, since a marker of documents is one only at the start of a line.
  const cursor = new Cursor(` ${text}`);
  cursor.index = 1;
  if (style === 'literal' || style === 'folded') return scanBlock(cursor, place.indent, () => undefined).value;
  if (style === 'plain') {
    if (!isPlainStart(text, place.flow)) return undefined;
    const { value, end } = scanPlain(cursor, place.indent + 1, place.flow);
    return end === cursor.length ? value : undefined;
  }
  const value = scanQuoted(cursor);
  return cursor.index === cursor.length ? value : undefined;
}

/** Whether libyaml's scanner begins a plain scalar here. */
function isPlainStart(text: string, flow: boolean): boolean {
  const first = text.charCodeAt(0);
  if (text === '' || isBlankOrEnd(first) || first === 0xfeff) return false;
  if (first === 0x2d || ((first === 0x3f || first === 0x3a) && !flow)) return !isBlankOrEnd(text.charCodeAt(1) || 0);
  return !isFlowIndicator(first) && !NOT_AT_START.includes(text.charAt(0));
}

const NOT_AT_START = ':#&*!|>\'"%@`';

export function isSameValue(a: Value, b: Value): boolean {
  if (a instanceof Timestamp && b instanceof Timestamp) return a.text === b.text;
  return Object.is(textIfBytes(a), textIfBytes(b));
}

/** Bytes are the same as the text that has them escaped. */
function textIfBytes(value: Value): Value {
  return value instanceof Uint8Array ? decodeText(value) : value;
}
