/**
 * Paths into a document, as `--extract`, `set` and `unset` take them: `["key"][0]`. Upstream: `cmd/sops/main.go`
 * (`parseTreePath`).
 */
import { SopsError } from '../errors.ts';

/** String keys and list positions, outermost first. */
export type KeyPath = readonly (string | number)[];

/**
 * Reads a path. A key stands between quotes of either kind and is taken literally, without escapes; it cannot hold a `[`.
 * The empty text is the whole document.
 *
 * @throws SopsError `invalid-extract-path` with the reason alone as its message
 */
export function parseKeyPath(text: string): KeyPath {
  return text
    .split('[')
    .filter((piece) => piece !== '')
    .map(parseComponent);
}

function parseComponent(piece: string): string | number {
  if (!piece.endsWith(']')) throw invalid(`component ${piece} doesn't end with ]`);
  const content = piece.slice(0, -1);
  const quote = content[0];
  if (quote === '"' || quote === "'") {
    // The closing quote is whatever comes last: upstream does not look at it.
    if (content.length < 2) throw invalid(`component ${content} has no closing quote`);
    return content.slice(1, -1);
  }
  if (content === '') throw invalid('a component is empty');
  if (!/^[+-]?\d+$/.test(content)) throw invalid(`strconv.Atoi: parsing ${JSON.stringify(content)}: invalid syntax`);
  const index = Number(content);
  if (!Number.isSafeInteger(index)) throw invalid(`strconv.Atoi: parsing "${content}": value out of range`);
  return index;
}

function invalid(message: string): SopsError {
  return new SopsError('invalid-extract-path', message);
}
