import { SopsError } from '../errors.ts';
import type { MasterKey } from './master-key.ts';

/** The order when none is given. Upstream: `sops.DefaultDecryptionOrder`. */
export const defaultDecryptionOrder: readonly string[] = ['age', 'pgp'];

/**
 * Reads `--decryption-order`. Names are neither trimmed nor checked: one that names no key type has no effect.
 *
 * @throws SopsError `invalid-decryption-order` when a name comes twice
 */
export function parseDecryptionOrder(text: string): readonly string[] {
  if (text === '') return defaultDecryptionOrder;
  const seen = new Set<string>();
  for (const name of text.split(',')) {
    if (seen.has(name)) {
      throw new SopsError('invalid-decryption-order', `Duplicate decryption key type: ${name}`);
    }
    seen.add(name);
  }
  return [...seen];
}

/** The keys of a group as they are to be tried: the types that the order names, then the others, each in the order of the file. */
export function sortByDecryptionOrder(group: readonly MasterKey[], order: readonly string[]): MasterKey[] {
  const rank = (key: MasterKey): number => {
    const at = order.indexOf(key.type);
    return at < 0 ? order.length : at;
  };
  return [...group].sort((a, b) => rank(a) - rank(b));
}
