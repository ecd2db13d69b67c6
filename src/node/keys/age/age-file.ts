/** Binary age files for any kind of recipient and identity. Source: age-encryption.org/v1; filippo.io/age 1.3.1 `age.go`. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import type { AgeHeader, Stanza } from '../../../core/keys/age/age-header.ts';
import { encodeAuthenticated, encodeHeader, parseAgeHeader } from '../../../core/keys/age/age-header.ts';
import { concat } from '../../../core/keys/age/armor.ts';
import { decryptPayload, encryptPayload, openPayload } from './age-payload.ts';
import { hkdfSha256, hmacSha256, loadChacha } from './age-primitives.ts';

/** Something that can unwrap file keys. */
export interface Identity {
  /** Native ones are to be tried before SSH keys, plugins and protected files. */
  readonly isNative: boolean;
  /**
   * Gives the file key.
   *
   * @throws IncorrectIdentity when no stanza is for this identity: the next one is tried
   * @throws AgeError when a stanza is for it but cannot be used: the attempt ends
   */
  unwrap(header: AgeHeader): Uint8Array | Promise<Uint8Array>;
}

/** No stanza of the file is for this identity. */
export class IncorrectIdentity extends AgeError {
  override readonly name = 'IncorrectIdentity';

  constructor(message = 'incorrect identity for recipient block') {
    super(message);
  }
}

/** Wraps a file key of 16 bytes for one recipient. */
export type WrapFileKey = (fileKey: Uint8Array) => readonly Stanza[] | Promise<readonly Stanza[]>;

/** Encrypts to one recipient. @throws what `wrap` throws */
export async function encryptAgeFile(plaintext: Uint8Array, wrap: WrapFileKey): Promise<Uint8Array> {
  await loadChacha();
  const fileKey = randomBytes(16);
  const authenticated = encodeAuthenticated(await wrap(fileKey));
  return concat([encodeHeader(authenticated, headerMac(fileKey, authenticated)), encryptPayload(fileKey, plaintext)]);
}

/**
 * Unwraps the file key with the first identity that fits, in the order given, checks the header and gives a function that decrypts the payload; what that throws is an AgeError too.
 *
 * @param fault - what is wrong behind the bytes, when they come from faulty armour
 * @throws AgeError
 */
export async function openAgeFile(
  file: Uint8Array,
  identities: Iterable<Identity> | AsyncIterable<Identity>,
  fault?: AgeError,
): Promise<() => Uint8Array> {
  const header = parseAgeHeader(file, fault);
  await loadChacha();
  const fileKey = await unwrapFileKey(header, identities);
  if (!timingSafeEqual(headerMac(fileKey, header.authenticated), header.mac)) throw new AgeError('bad header MAC');
  const payload = openPayload(fileKey, file.subarray(header.length), fault);
  return () => decryptPayload(payload, fault);
}

async function unwrapFileKey(
  header: AgeHeader,
  identities: Iterable<Identity> | AsyncIterable<Identity>,
): Promise<Uint8Array> {
  const misses: IncorrectIdentity[] = [];
  for await (const identity of identities) {
    try {
      return await identity.unwrap(header);
    } catch (error) {
      if (!(error instanceof IncorrectIdentity)) throw error;
      misses.push(error);
    }
  }
  if (misses.length === 0) throw new AgeError('no identities specified');
  const [only] = misses;
  throw new AgeError(
    only !== undefined && misses.length === 1
      ? `identity did not match any of the recipients: ${only.message}`
      : 'no identity matched any of the recipients',
  );
}

/** Tries the stanzas of one type in turn; `unwrap` gives undefined when a stanza is not for the identity. */
export function unwrapFirst(
  stanzas: readonly Stanza[],
  type: string,
  unwrap: (stanza: Stanza) => Uint8Array | undefined,
): Uint8Array {
  for (const stanza of stanzas) {
    const fileKey = stanza.type === type ? unwrap(stanza) : undefined;
    if (fileKey !== undefined) return fileKey;
  }
  throw new IncorrectIdentity();
}

function headerMac(fileKey: Uint8Array, authenticated: Uint8Array): Uint8Array {
  return hmacSha256(hkdfSha256(fileKey, new Uint8Array(0), 'header'), authenticated);
}
