/**
 * Text that may hold bytes which are not UTF-8: each such byte stands in the string as one lone low surrogate,
 * U+DC80 for 0x80 to U+DCFF for 0xFF, so that any bytes survive a trip through a string. (Python calls it surrogateescape, PEP 383.)
 */

declare global {
  interface String {
    /** ECMAScript 2024; every supported runtime has it. */
    isWellFormed(): boolean;
  }
}

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const ESCAPED_BYTE = 0xdc00;
const FIRST_HIGH_SURROGATE = 0xd800;
const REPLACEMENT = 0xfffd;

/** How many UTF-16 units one call of String.fromCharCode takes; the argument limit of engines is far above it. */
const CHUNK = 8192;

/** Whether the text has no lone surrogate, so neither an escaped byte nor anything that UTF-8 cannot hold. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** Encodes text as UTF-8, escaped bytes as the bytes they stand for, any other lone surrogate as U+FFFD. */
export function encodeText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  let runStart = 0;
  const flush = (end: number): void => {
    if (end > runStart) length += encoder.encodeInto(text.slice(runStart, end), bytes.subarray(length)).written;
  };
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < FIRST_HIGH_SURROGATE || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit < ESCAPED_BYTE && next >= ESCAPED_BYTE && next <= 0xdfff) {
      i++;
      continue;
    }
    if (unit < 0xdc80 || unit > 0xdcff) continue;
    flush(i);
    bytes[length++] = unit - ESCAPED_BYTE;
    runStart = i + 1;
  }
  flush(text.length);
  return bytes.slice(0, length);
}

/** Decodes bytes; a byte that is no part of valid UTF-8 becomes the lone surrogate that stands for it. A byte order mark is kept. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeLeniently(bytes);
  }
}

function decodeLeniently(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let length = 0;
  let i = 0;
  while (i < bytes.length) {
    const first = bytes[i] ?? 0;
    const size = first < 0x80 ? 1 : sequenceLength(bytes, i);
    if (size === 0) {
      units[length++] = ESCAPED_BYTE + first;
      i++;
      continue;
    }
    let point = size === 1 ? first : first & (0x7f >> size);
    for (let k = 1; k < size; k++) point = (point << 6) | ((bytes[i + k] ?? 0) & 0x3f);
    if (point > 0xffff) {
      units[length++] = FIRST_HIGH_SURROGATE + ((point - 0x10000) >> 10);
      units[length++] = ESCAPED_BYTE + ((point - 0x10000) & 0x3ff);
    } else {
      units[length++] = point;
    }
    i += size;
  }
  const pieces: string[] = [];
  for (let at = 0; at < length; at += CHUNK) {
    pieces.push(String.fromCharCode(...units.subarray(at, Math.min(at + CHUNK, length))));
  }
  return pieces.join('');
}

/** Length of the well-formed sequence of two to four bytes at `at` (Unicode table 3-7), or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (first < 0xc2 || first > 0xf4) return 0;
  let low = 0x80;
  let high = 0xbf;
  if (first === 0xe0) low = 0xa0;
  if (first === 0xed) high = 0x9f;
  if (first === 0xf0) low = 0x90;
  if (first === 0xf4) high = 0x8f;
  if (second < low || second > high) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let k = 2; k < size; k++) {
    const byte = bytes[at + k] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  return size;
}

/** Replaces every lone surrogate by U+FFFD, as Go's decoders do with what is not Unicode. */
export function replaceLoneSurrogates(text: string): string {
  if (text.isWellFormed()) return text;
  const pieces: string[] = [];
  let runStart = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < FIRST_HIGH_SURROGATE || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit < ESCAPED_BYTE && next >= ESCAPED_BYTE && next <= 0xdfff) {
      i++;
      continue;
    }
    pieces.push(text.slice(runStart, i), String.fromCharCode(REPLACEMENT));
    runStart = i + 1;
  }
  pieces.push(text.slice(runStart));
  return pieces.join('');
}
