/**
 * Base64 as the age format has it: canonical, so each byte sequence has exactly one text. Padded in armour, unpadded in headers.
 */
import { decodeBase64, encodeBase64 } from '../../tree/base64.ts';

/** Encodes without padding. */
export function encodeUnpadded(bytes: Uint8Array): string {
  return encodeBase64(bytes).replace(/=+$/, '');
}

/** Decodes canonical text without padding. Undefined for anything else. */
export function decodeUnpadded(text: string): Uint8Array | undefined {
  return text.length % 4 === 1 || text.includes('=')
    ? undefined
    : decodePadded(text + '='.repeat((4 - (text.length % 4)) % 4));
}

/** Decodes canonical text with padding. Undefined for anything else. */
export function decodePadded(text: string): Uint8Array | undefined {
  const bytes = decodeBase64(text);
  return bytes !== undefined && encodeBase64(bytes) === text ? bytes : undefined;
}

/**
 * Says what is wrong with a text that {@link decodePadded} or {@link decodeUnpadded} refuses, as Go's strict decoder does.
 *
 * @param isPadded - which of the two refused it
 */
export function base64Problem(text: string, isPadded: boolean): string {
  return `illegal base64 data at input byte ${String(faultPosition(text, isPadded))}`;
}

function faultPosition(text: string, isPadded: boolean): number {
  const wrong = text.search(/[^A-Za-z0-9+/]/);
  const letters = wrong < 0 ? text.length : wrong;
  const inLast = letters % 4;
  if (wrong >= 0 && (text[wrong] !== '=' || !isPadded || inLast < 2)) return wrong;
  if (wrong < 0 && inLast !== 0 && (isPadded || inLast === 1)) return letters - inLast;
  const end = wrong < 0 ? letters : wrong + (4 - inLast);
  if (end > text.length) return text.length;
  if (inLast === 2 && wrong >= 0 && text[wrong + 1] !== '=') return wrong;
  // What is left are text behind the padding, and bits behind the last byte.
  return text.length > end ? end : end - (inLast === 2 ? 2 : 1);
}
