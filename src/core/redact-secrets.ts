/**
 * Puts a word for each secret key in a text: age identities (native, post-quantum, of plugins, in either case, well-formed or not) and
 * the private key blocks of PEM, OpenSSH and OpenPGP, escaped line breaks or not; a block without an end goes to the end of the text.
 * Sources: the age specification (Bech32 names), the age plugin specification, RFC 7468, RFC 9580 (6.2).
 *
 * @param text - a message that may quote what a user gave: a path, a command, a recipient (D60)
 */
export function redactSecrets(text: string): string {
  if (!/AGE-(?:SECRET-KEY|PLUGIN)-|PRIVATE KEY/i.test(text)) return text;
  const begin = String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`;
  return text
    .replace(new RegExp(`${begin}[^]*?(?:${begin.replace('BEGIN', 'END')}|$)`, 'gi'), '<private key>')
    .replace(/AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+/gi, '<age secret key>')
    .replace(/AGE-PLUGIN-[0-9A-Z+._-]{1,64}-1[02-9AC-HJ-NP-Z]{6}[0-9A-Z]*/gi, '<age plugin identity>');
}
