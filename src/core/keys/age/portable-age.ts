import type { Age } from './age.ts';
import { AgeError } from './age-error.ts';
import { parseAgeIdentity } from './age-identity.ts';
import { parseAgeRecipient } from './age-recipient.ts';

/** age on the library age-encryption, which is loaded when it is first needed. Works in browsers. */
export const portableAge: Age = {
  async encrypt(plaintext, recipient) {
    const parsed = parseAgeRecipient(recipient);
    if (parsed.kind !== 'x25519' && parsed.kind !== 'hybrid') {
      throw new AgeError(`${parsed.kind === 'ssh' ? 'SSH' : 'plugin'} recipients are not supported here`);
    }
    const { Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    encrypter.addRecipient(parsed.text);
    return asAgeError(() => encrypter.encrypt(plaintext));
  },
  async decrypt(file, identities) {
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    for (const identity of identities) {
      const parsed = parseAgeIdentity(identity.trim());
      if (parsed.kind === 'plugin') throw new AgeError('plugin identities are not supported here');
      decrypter.addIdentity(parsed.text);
    }
    return asAgeError(() => decrypter.decrypt(file));
  },
  async decryptWithPassphrase(file, passphrase) {
    const { Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    return asAgeError(() => decrypter.decrypt(file));
  },
  async recipientOf(identity) {
    const parsed = parseAgeIdentity(identity);
    if (parsed.kind === 'plugin') throw new AgeError('the recipient of a plugin identity is known to the plugin alone');
    const { identityToRecipient } = await import('age-encryption');
    return identityToRecipient(parsed.text);
  },
};

async function asAgeError(run: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgeError(
      reason.startsWith('no identity matched') ? 'no identity matched any of the recipients' : reason,
      {
        cause: error,
      },
    );
  }
}
