const INTEGER = /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Reads a boolean as Go's `strconv.ParseBool` does; undefined for anything else. */
export function parseBoolean(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/**
 * Reads an integer as Go's `strconv.ParseInt(text, 0, 64)` does: a sign, `0x`, `0o`, `0b` or a leading zero for octal,
 * underscores between digits. The string is the reason of a failure.
 */
export function parseInteger(text: string): bigint | 'parse error' | 'value out of range' {
  const match = INTEGER.exec(text);
  if (match === null) return 'parse error';
  const digits = (match[2] ?? '').replaceAll('_', '');
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = match[1] === '-' ? -magnitude : magnitude;
  return BigInt.asIntN(64, value) === value ? value : 'value out of range';
}
