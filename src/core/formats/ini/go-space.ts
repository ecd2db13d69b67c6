/** White space as Go's `unicode.IsSpace` has it: ECMAScript's differs in U+0085 and U+FEFF. */

export function isGoSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  return (
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  );
}

/** The first position from `start` on that holds no white space, or `end`. */
export function skipGoSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isGoSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The position behind the last character before `end` that is no white space, or `start`. */
export function trimGoSpace(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isGoSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Go's `strings.TrimSpace`. */
export function trimmed(text: string): string {
  const start = skipGoSpace(text, 0, text.length);
  return text.slice(start, trimGoSpace(text, start, text.length));
}
