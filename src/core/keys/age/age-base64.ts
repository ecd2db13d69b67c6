/**
 * Base64 as the age format has it: canonical, so each byte sequence has exactly one text. Padded in armour, unpadded in headers.
 */

/** Encodes without padding. */
export function encodeUnpadded(bytes: Uint8Array): string {
  return encodePadded(bytes).replace(/=+$/, '');
}

/** Encodes with padding. */
export function encodePadded(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/** Decodes canonical text without padding. Undefined for anything else. */
export function decodeUnpadded(text: string): Uint8Array | undefined {
  return text.length % 4 === 1 || text.includes('=')
    ? undefined
    : decodePadded(text + '='.repeat((4 - (text.length % 4)) % 4));
}

/** Decodes canonical text with padding. Undefined for anything else. */
export function decodePadded(text: string): Uint8Array | undefined {
  const bytes = decodeLenient(text);
  return bytes !== undefined && encodePadded(bytes) === text ? bytes : undefined;
}

/** Decodes padded text whose last letter may have bits too many, as SSH keys are read. Undefined for anything else. */
export function decodeLenient(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}
