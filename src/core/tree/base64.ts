/** Standard base64 (RFC 4648 section 4) with padding, on one line. */

/** How many bytes one call of String.fromCharCode takes; the argument limit of engines is far above it. */
const CHUNK = 8192;

/** Encodes bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) pieces.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(pieces.join(''));
}

/** Whether a text is base64 with its padding in place. Bits that the last letter has too many are not looked at. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Decodes what {@link isBase64} accepts. Undefined for anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!isBase64(text)) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Leaves out CR and LF, which Go's decoder skips anywhere. */
export function withoutLineBreaks(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
}
