import { SopsError } from '../core/errors.ts';
import type { MapNode } from '../core/tree/node.ts';
import { plainText } from '../core/tree/scalar-text.ts';
import { isWellFormed } from '../core/tree/utf8.ts';

/**
 * The variables that a document stands for, in its order; comments make none. Upstream: `cmd/sops/main.go`, `exec-env`.
 *
 * @throws SopsError `generic` for what no variable can hold: lists and maps, keys with `=` or of another type than text, NUL, bytes
 * that are not UTF-8 (which Node cannot pass on)
 */
export function variablesOf(document: MapNode): [name: string, value: string][] {
  const variables: [string, string][] = [];
  for (const item of document.items) {
    if (item.kind === 'comment') continue;
    const { key, value } = item;
    if (value.kind !== 'leaf')
      throw refusal(`cannot use complex value in environment; offending key ${printable(key)}`);
    if (item.keyType !== undefined) {
      throw refusal(`cannot use non-string keys in environment, got ${item.keyType.type}`);
    }
    if (key.includes('=')) throw refusal(`cannot use keys with '=' in environment: ${printable(key)}`);
    const text = plainText(value.value);
    if (key.includes('\0') || text.includes('\0')) throw refusal('exec: environment variable contains NUL');
    if (!isWellFormed(text) || !isWellFormed(key)) {
      throw refusal(`cannot use bytes that are not UTF-8 in environment; offending key ${printable(key)}`);
    }
    variables.push([key, text]);
  }
  return variables;
}

/** Puts environments together; of a variable given twice the last value counts. */
export function joinEnvironments(
  ...environments: readonly Iterable<readonly [name: string, value: string | undefined]>[]
): Record<string, string> {
  // Without a prototype: `__proto__` is a name like any other.
  const joined = Object.create(null) as Record<string, string>;
  for (const environment of environments) {
    for (const [name, value] of environment) if (value !== undefined) joined[name] = value;
  }
  return joined;
}

function refusal(message: string): SopsError {
  return new SopsError('generic', message);
}

function printable(key: string): string {
  return key.replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
