import { FormatError, SopsError } from '../core/errors.ts';
import { quoted } from '../core/keys/quoted.ts';

/**
 * Where in a file an error is: `["db"]["hosts"][0]`, or `line 3, column 5`. Undefined when it does not know, or when its message names
 * the line already.
 */
export function placeOf(error: SopsError): string | undefined {
  for (let current: unknown = error; current instanceof SopsError; current = current.cause) {
    if (current.location !== undefined && current.location.length > 0) return pathText(current.location);
    if (current instanceof FormatError && current.line !== undefined) {
      if (/\bline \d/.test(error.message)) return undefined;
      return `line ${current.line}${current.column === undefined ? '' : `, column ${current.column}`}`;
    }
  }
  return undefined;
}

function pathText(location: readonly (string | number)[]): string {
  return location.map((part) => `[${typeof part === 'string' ? quoted(part) : String(part)}]`).join('');
}
