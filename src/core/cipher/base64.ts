/**
 * Standard base64 (RFC 4648 section 4) with padding, as Go's `base64.StdEncoding` writes and reads it.
 */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = '='.charCodeAt(0);

const encodeTable = new Uint8Array(64);
const decodeTable = new Uint8Array(128).fill(0xff);
for (let value = 0; value < 64; value++) {
  const code = alphabet.charCodeAt(value);
  encodeTable[value] = code;
  decodeTable[code] = value;
}

/** Encodes bytes as padded base64 on one line. */
export function encodeBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(padding);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const rest = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out[at] = encodeTable[group >>> 18] ?? 0;
    out[at + 1] = encodeTable[(group >>> 12) & 63] ?? 0;
    if (rest > 1) out[at + 2] = encodeTable[(group >>> 6) & 63] ?? 0;
    if (rest > 2) out[at + 3] = encodeTable[group & 63] ?? 0;
    at += 4;
  }
  return new TextDecoder().decode(out);
}

/**
 * Whether the text, with CR and LF left out, is base64 with the padding in place. Bits that the last letter has too many are
 * not looked at, as in Go's `StdEncoding` without `Strict`.
 */
export function isBase64(textWithoutLineBreaks: string): boolean {
  return textWithoutLineBreaks.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(textWithoutLineBreaks);
}

/** Leaves out CR and LF, which Go's decoder skips anywhere. */
export function withoutLineBreaks(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
}

/** Decodes what {@link isBase64} accepts after CR and LF are left out. Undefined for anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const letters = withoutLineBreaks(text);
  if (!isBase64(letters)) return undefined;
  const padded = letters.endsWith('==') ? 2 : letters.endsWith('=') ? 1 : 0;
  const out = new Uint8Array((letters.length / 4) * 3 - padded);
  let at = 0;
  for (let i = 0; i < letters.length; i += 4) {
    const group =
      (sextet(letters, i) << 18) |
      (sextet(letters, i + 1) << 12) |
      (sextet(letters, i + 2) << 6) |
      sextet(letters, i + 3);
    out[at] = group >>> 16;
    out[at + 1] = group >>> 8;
    out[at + 2] = group;
    at += 3;
  }
  return out;
}

function sextet(letters: string, at: number): number {
  const code = letters.charCodeAt(at);
  return code === padding ? 0 : (decodeTable[code] ?? 0);
}
