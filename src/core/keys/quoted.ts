const shortEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** Puts user text into double quotes for a message, control characters escaped, as Go's `%q` (`strconv.Quote`) does. */
export function quoted(text: string): string {
  let out = '"';
  for (const letter of text) {
    const short = shortEscapes[letter];
    if (short !== undefined) out += short;
    else if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(letter)) out += letter;
    else out += escapeCode(letter.codePointAt(0) ?? 0);
  }
  return `${out}"`;
}

function escapeCode(code: number): string {
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  if (code >= 0xd800 && code < 0xe000) return '\\ufffd';
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
