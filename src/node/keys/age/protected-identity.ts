import { createHash } from 'node:crypto';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import { parseAgeIdentity } from '../../../core/keys/age/age-identity.ts';
import type { KeyHost } from '../key-host.ts';
import { askPassphrase, forgetPassphrase } from '../passphrase.ts';
import type { Identity } from './age-file.ts';
import { IncorrectIdentity, openAgeFile } from './age-file.ts';
import { createNativeIdentity } from './native-age.ts';
import { createScryptIdentity } from './native-identities.ts';

/**
 * The identities of a file that is protected by a passphrase, which is asked for when they are first needed: from gpg-agent,
 * or on the terminal when there is no agent. Upstream: `age/encrypted_keys.go`.
 *
 * @param file - the binary age file
 * @param location - what the file is called in prompts and warnings
 */
export function createProtectedIdentity(host: KeyHost, file: Uint8Array, location: string): Identity {
  let identities: readonly Identity[] | undefined;
  return {
    isNative: false,
    async unwrap(header) {
      identities ??= await openIdentities(host, file, location);
      for (const identity of identities) {
        try {
          return await identity.unwrap(header);
        } catch (error) {
          if (!(error instanceof IncorrectIdentity)) throw error;
        }
      }
      host.warn(`encrypted identity '${location}' didn't match file's recipients`);
      throw new IncorrectIdentity();
    },
  };
}

async function openIdentities(host: KeyHost, file: Uint8Array, location: string): Promise<Identity[]> {
  const cacheId = `SopsAge${base32(createHash('sha256').update(file).digest().subarray(0, 25))}`;
  let read: () => Uint8Array;
  try {
    read = await openAgeFile(file, [createScryptIdentity(() => passphraseOf(host, cacheId, location))]);
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    if (!error.message.startsWith('identity did not match')) {
      throw new AgeError(`failed to decrypt identity file: ${error.message}`);
    }
    await forgetPassphrase(host, cacheId);
    throw new AgeError('incorrect passphrase');
  }
  return parseNativeIdentities(new TextDecoder().decode(read()));
}

async function passphraseOf(host: KeyHost, cacheId: string, location: string): Promise<string> {
  const description = `Enter passphrase for identity '${location}':`;
  try {
    const passphrase = await askPassphrase(host, { cacheId, description, terminalText: description });
    if (passphrase === '') await forgetPassphrase(host, cacheId);
    return passphrase;
  } catch (error) {
    throw new AgeError(`could not read passphrase: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Inside a protected file only native identities count. Upstream: age's `ParseIdentities`. */
function parseNativeIdentities(text: string): Identity[] {
  const identities: Identity[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    try {
      if (parseAgeIdentity(trimmed).kind === 'plugin') throw new AgeError('unknown identity type');
      identities.push(createNativeIdentity(trimmed));
    } catch (error) {
      if (!(error instanceof AgeError)) throw error;
      throw new AgeError(`error at line ${String(index + 1)}: ${error.message}`);
    }
  }
  if (identities.length === 0) throw new AgeError('no identities found');
  return identities;
}

/** Base32 (RFC 4648) of a multiple of five bytes, so without padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((group) => alphabet.charAt(Number.parseInt(group, 2))).join('');
}
