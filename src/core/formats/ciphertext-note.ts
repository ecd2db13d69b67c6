/**
 * A note behind a ciphertext: `ENC[...] ~note`. It says how the value was written where the style around the ciphertext cannot
 * tell, and holds nothing of the value. Decryption ignores what follows the `]` (upstream: `aes/cipher.go`).
 */

const NOTE = /^ ~([a-zA-Z0-9.-]+)$/;

/** Takes a note off; a ciphertext without one, or with other text behind it, comes back bare. */
export function splitNote(text: string): { ciphertext: string; note: string } {
  const end = text.lastIndexOf(']') + 1;
  if (end === text.length || !text.startsWith('ENC[')) return { ciphertext: text, note: '' };
  return { ciphertext: text.slice(0, end), note: NOTE.exec(text.slice(end))?.[1] ?? '' };
}

/** @param note - empty for none, else letters, digits, `.` and `-` */
export function joinNote(ciphertext: string, note: string): string {
  return note === '' ? ciphertext : `${ciphertext} ~${note}`;
}
