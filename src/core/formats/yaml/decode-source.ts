import { FormatError } from '../../errors.ts';
import type { Source } from '../format.ts';
import { positionBehind } from './position.ts';

/** What YAML 1.1 does not allow in a text: control characters, halves of a surrogate pair, U+FFFE and U+FFFF. */
const NOT_ALLOWED = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The least character that needs a sequence of this many octets. */
const SHORTEST = [0, 0, 0x80, 0x800, 0x10000];

/**
 * The text of a YAML file: bytes are UTF-8, or UTF-16 with a byte order mark. The mark stays.
 * @throws FormatError for what is neither, and for characters that YAML does not allow
 */
export function decodeSource(source: Source): string {
  const text = typeof source === 'string' ? source : decodeBytes(source);
  const at = text.search(NOT_ALLOWED);
  if (at >= 0) {
    const isHalf = (text.charCodeAt(at) & 0xf800) === 0xd800;
    throw refusal(isHalf ? 'invalid leading UTF-8 octet' : 'control characters are not allowed', text.slice(0, at));
  }
  return text;
}

function decodeBytes(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decodeUtf16(bytes);
  if (first === 0xfe && second === 0xff) return decodeUtf16(swapBytes(bytes));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidUtf8(bytes);
  }
}

function decodeUtf16(bytes: Uint8Array): string {
  if (bytes.length % 2 === 1) throw refusal('incomplete UTF-16 character', '');
  try {
    return new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal('unexpected low surrogate area', '');
  }
}

function swapBytes(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) swapped[i ^ 1] = bytes[i] ?? 0;
  return bytes.length % 2 === 0 ? swapped : bytes;
}

/** What upstream says of the first sequence that is not UTF-8. */
function invalidUtf8(bytes: Uint8Array): FormatError {
  let at = 0;
  let problem = 'invalid leading UTF-8 octet';
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const width = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
    if (width === 0) break;
    if (at + width > bytes.length) {
      problem = 'incomplete UTF-8 octet sequence';
      break;
    }
    const rest = bytes.subarray(at + 1, at + width);
    if (rest.some((octet) => (octet & 0xc0) !== 0x80)) {
      problem = 'invalid trailing UTF-8 octet';
      break;
    }
    const point = rest.reduce(
      (value, octet) => value * 64 + (octet & 0x3f),
      width === 1 ? first : first & (0x7f >> width),
    );
    if (point < (SHORTEST[width] ?? 0)) {
      problem = 'invalid length of a UTF-8 sequence';
      break;
    }
    if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
      problem = 'invalid Unicode character';
      break;
    }
    at += width;
  }
  return refusal(problem, new TextDecoder().decode(bytes.subarray(0, at)));
}

/** An error behind the text `before`. */
function refusal(problem: string, before: string): FormatError {
  return new FormatError(`yaml: ${problem}`, positionBehind(before));
}
