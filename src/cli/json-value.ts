import { SopsError } from '../core/errors.ts';
import { readJson } from '../core/formats/json/json-reader.ts';
import type { Node } from '../core/tree/node.ts';

/**
 * Reads the value that `set` is given: one JSON value of any kind. Integers stay integers, and arrays are values like any other
 * (D11).
 *
 * @throws SopsError `invalid-set`, without any part of the text
 */
export function parseJsonValue(text: string): Node {
  const entries = entriesOf(text);
  const [entry] = entries;
  if (entry?.kind !== 'entry' || entries.length > 1) throw invalidValue();
  withoutOrigins(entry.value);
  return entry.value;
}

/** The text in the place of the one value of an object: with a comma in it, it would be more than one. */
function entriesOf(text: string): ReturnType<typeof readJson>['documents'][number]['items'] {
  try {
    return readJson(`{"":${text}\n}`).documents.flatMap((document) => document.items);
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    throw invalidValue();
  }
}

function invalidValue(): SopsError {
  return new SopsError('invalid-set', 'Value for --set is not valid JSON', {
    hint: `a value is JSON: a text has double quotes, within single ones for the shell: '"text"'`,
  });
}

/** The value is new in the file that it goes into: it has no place in that file's text. */
function withoutOrigins(root: Node): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    delete node.origin;
    if (node.kind === 'leaf') continue;
    for (const item of node.items) {
      delete item.origin;
      if (item.kind === 'entry') pending.push(item.value);
      else if (item.kind !== 'comment') pending.push(item);
    }
  }
}
