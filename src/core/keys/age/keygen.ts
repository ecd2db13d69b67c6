/** Key pairs and identity files, the same as age-keygen's. Source: filippo.io/age 1.3.1 `cmd/age-keygen`. */
import { SopsError } from '../../errors.ts';
import type { Age } from './age.ts';
import { AgeError } from './age-error.ts';
import { encodeBech32 } from './bech32.ts';

export interface KeyPair {
  /** `AGE-SECRET-KEY-1…`, or `AGE-SECRET-KEY-PQ-1…`. */
  readonly identity: string;
  /** `age1…`, or `age1pq1…`. */
  readonly recipient: string;
}

/** Generates a key pair from 32 random bytes: X25519, or the hybrid of ML-KEM-768 and X25519. */
export async function generateIdentity(age: Age, options: { postQuantum?: boolean } = {}): Promise<KeyPair> {
  const secret = globalThis.crypto.getRandomValues(new Uint8Array(32));
  const prefix = options.postQuantum === true ? 'age-secret-key-pq-' : 'age-secret-key-';
  const identity = encodeBech32(prefix, secret).toUpperCase();
  return { identity, recipient: await age.recipientOf(identity) };
}

/**
 * Writes the text of an identity file.
 *
 * @param created - the time, in RFC 3339
 */
export function identityFile({ identity, recipient }: KeyPair, created: string): string {
  return `# created: ${created}\n# public key: ${recipient}\n${identity}\n`;
}

/**
 * Gives the recipients of the identities in a file, in their order.
 *
 * @throws SopsError `invalid-key` with age-keygen's text, which quotes nothing of the file
 */
export async function recipientsOf(age: Age, identityFileText: string): Promise<string[]> {
  const recipients: string[] = [];
  for (const [index, line] of identityFileText.split('\n').entries()) {
    const identity = line.trim();
    if (identity === '' || identity.startsWith('#')) continue;
    try {
      recipients.push(await age.recipientOf(identity));
    } catch (error) {
      if (!(error instanceof AgeError)) throw error;
      throw new SopsError('invalid-key', `failed to parse input: error at line ${String(index + 1)}: ${error.message}`);
    }
  }
  if (recipients.length === 0) throw new SopsError('invalid-key', 'failed to parse input: no identities found');
  return recipients;
}
