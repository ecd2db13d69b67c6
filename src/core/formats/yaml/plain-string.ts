/** Which plain scalars are strings to go-yaml v3 (`resolve.go`). */
const WORD = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|<<|)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[0-9]+)$/;
const TIME =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?)?$/;

export function isPlainString(text: string): boolean {
  if (WORD.test(text)) return false;
  if (!/^[-+.0-9]/.test(text)) return true;
  if (TIME.test(text)) return false;
  if (text.startsWith('.')) return !FLOAT.test(text);
  const bare = text.replaceAll('_', '');
  return !INTEGER.test(bare) && !FLOAT.test(bare);
}
