/** A scalar's tag and text make its value: `decoder.scalar` and `resolve` of go.yaml.in/yaml/v3 3.0.4. */

import { decodeBase64, withoutLineBreaks } from '../../tree/base64.ts';
import type { Value } from '../../tree/node.ts';
import { Timestamp } from '../../tree/timestamp.ts';
import { resolvePlain } from './resolve.ts';

const LONG_PREFIX = 'tag:yaml.org,2002:';
const MAX_INT64 = 2n ** 63n - 1n;

/** `tag:yaml.org,2002:int` as `!!int`; any other tag as it is. */
export function shortTag(tag: string): string {
  return tag.startsWith(LONG_PREFIX) ? `!!${tag.slice(LONG_PREFIX.length)}` : tag;
}

/**
 * The value of a scalar with a short tag (`''` for none, or for `!`), undefined if its text does not fit the tag.
 * A tag that is not known leaves the text a string.
 */
export function constructScalar(tag: string, text: string, plain: boolean): Value | undefined {
  switch (tag) {
    case '':
      return plain ? resolvePlain(text, true) : text;
    case '!!null':
    case '!!bool':
    case '!!int':
    case '!!float':
    case '!!timestamp': {
      const value = resolvePlain(text, tag === '!!timestamp');
      if (tagOf(value) === tag) return value;
      return tag === '!!float' && typeof value === 'bigint' && value <= MAX_INT64 ? Number(value) : undefined;
    }
    case '!!binary':
      return decodeBinary(text);
    default:
      return text;
  }
}

/** Why a text does not fit its tag, without the text. */
export function describeMismatch(tag: string, text: string): string {
  if (tag === '!!binary') return '!!binary value contains invalid base64 data';
  return `cannot decode ${tagOf(resolvePlain(text, tag === '!!timestamp'))} as a ${tag}`;
}

/** The short tag of a value's type. */
export function tagOf(value: Value): string {
  if (value === null) return '!!null';
  switch (typeof value) {
    case 'boolean':
      return '!!bool';
    case 'bigint':
      return '!!int';
    case 'number':
      return '!!float';
    case 'string':
      return '!!str';
    default:
      return value instanceof Timestamp ? '!!timestamp' : '!!binary';
  }
}

/** Standard base64 with padding; line breaks are passed over, the bits behind the last byte are not looked at. */
function decodeBinary(text: string): string | Uint8Array | undefined {
  const bytes = decodeBase64(withoutLineBreaks(text));
  if (!bytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
