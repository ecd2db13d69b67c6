import type { Age } from '../../../core/keys/age/age.ts';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import { parseAgeIdentity } from '../../../core/keys/age/age-identity.ts';
import { parseAgeRecipient } from '../../../core/keys/age/age-recipient.ts';
import { encodeBech32 } from '../../../core/keys/age/bech32.ts';
import type { Identity } from './age-file.ts';
import { encryptAgeFile, openAgeFile } from './age-file.ts';
import { x25519Key, x25519PublicKey } from './age-primitives.ts';
import {
  createHybridIdentity,
  createScryptIdentity,
  createX25519Identity,
  encryptForHybrid,
  wrapForX25519,
} from './native-identities.ts';

/** age on node:crypto: native and passphrase files without any library, post-quantum ones through age-encryption. */
export const nativeAge: Age = {
  async encrypt(plaintext, recipient) {
    const parsed = parseAgeRecipient(recipient);
    if (parsed.kind === 'hybrid') return encryptForHybrid(parsed.text, plaintext);
    if (parsed.kind !== 'x25519') {
      throw new AgeError(`${parsed.kind === 'ssh' ? 'SSH' : 'plugin'} recipients are not supported here`);
    }
    return encryptAgeFile(plaintext, (fileKey) => wrapForX25519(parsed.publicKey, fileKey));
  },
  async decrypt(file, identities) {
    const read = await openAgeFile(
      file,
      identities.map((identity) => createNativeIdentity(identity.trim())),
    );
    return read();
  },
  async decryptWithPassphrase(file, passphrase) {
    const read = await openAgeFile(file, [createScryptIdentity(() => passphrase)]);
    return read();
  },
  async recipientOf(identity) {
    const parsed = parseAgeIdentity(identity);
    if (parsed.kind === 'plugin') throw new AgeError('the recipient of a plugin identity is known to the plugin alone');
    if (parsed.kind === 'x25519') return encodeBech32('age', x25519PublicKey(x25519Key(parsed.secretKey)));
    const { identityToRecipient } = await import('age-encryption');
    return identityToRecipient(parsed.text);
  },
};

/** A native or post-quantum identity. @throws AgeError */
export function createNativeIdentity(text: string): Identity {
  const parsed = parseAgeIdentity(text);
  if (parsed.kind === 'plugin') throw new AgeError('plugin identities are not supported here');
  return parsed.kind === 'hybrid' ? createHybridIdentity(parsed.text) : createX25519Identity(parsed.secretKey);
}
