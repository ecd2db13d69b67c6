/** Line and column behind a text, counted from 1; columns are code points, and a byte order mark takes none. */
export function positionBehind(text: string): { line: number; column: number } {
  const lines = text.split(/\r\n|[\r\n\x85\u2028\u2029]/);
  const last = (lines[lines.length - 1] ?? '').replace(/^\ufeff/, '');
  return { line: lines.length, column: Array.from(last).length + 1 };
}
