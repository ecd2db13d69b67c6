/**
 * OpenPGP in process, over the keyrings of old GnuPG versions and of `gpg --export`. The library is loaded once there is such a
 * keyring. Upstream: `pgp/keysource.go`, whose reasons these are.
 */
import type { Key, KeyID, PartialConfig, PrivateKey, SecretKeyPacket, SecretSubkeyPacket } from 'openpgp';
import type { KeyHost } from '../key-host.ts';
import { askPassphrase, forgetPassphrase } from '../passphrase.ts';
import { readKeyringFile } from './keyring-file.ts';
import type { KeyringAccess } from './pgp-access.ts';

/** As the reference program's library: old keys count too, and what decrypts is chosen by the key's number alone. */
const settings: PartialConfig = {
  allowInsecureDecryptionWithSigningKeys: true,
  allowMissingKeyFlags: true,
  ignoreMalformedPackets: true,
  maxDecompressedMessageSize: 2 ** 20,
  minRSABits: 1024,
  rejectCurves: new Set(),
  rejectPublicKeyAlgorithms: new Set(),
};

const passphraseAttempts = 3;

/** The keyrings in the user's GnuPG folder. Keys that a passphrase has opened stay open for the life of the access. */
export function createKeyringAccess(host: KeyHost): KeyringAccess {
  const rings = new Map<string, Promise<readonly Key[]>>();

  async function load(...names: string[]): Promise<readonly Key[]> {
    const { path, bytes } = await readKeyringFile(host, names);
    const known = rings.get(path);
    if (known !== undefined) return known;
    const keys = readKeys(bytes);
    rings.set(path, keys);
    return keys;
  }

  return {
    async encrypt(fingerprint, plaintext) {
      const key = await findKey(fingerprint, () => load('pubring.gpg'));
      if (key === undefined) throw new Error(`key with fingerprint '${fingerprint}' is not available in keyring`);
      return encryptTo(key, plaintext);
    },
    async decrypt(message) {
      let ring: readonly Key[];
      try {
        ring = await load('secring.gpg', 'pubring.gpg');
      } catch (error) {
        throw new Error(`could not load secring: ${reasonOf(error)}`);
      }
      return decryptWith(host, ring, message);
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Reads a keyring; single keys that cannot be used are left out. */
async function readKeys(bytes: Uint8Array): Promise<readonly Key[]> {
  if (bytes.length === 0) return [];
  const openpgp = await import('openpgp');
  return openpgp.readKeys({ binaryKeys: bytes, config: settings });
}

/** Only the whole fingerprint of a primary key, in upper case, finds it. Upstream: `retrievePubKey`. */
async function findKey(fingerprint: string, load: () => Promise<readonly Key[]>): Promise<Key | undefined> {
  try {
    return (await load()).findLast((key) => key.getFingerprint().toUpperCase() === fingerprint);
  } catch {
    return undefined;
  }
}

async function encryptTo(key: Key, plaintext: Uint8Array): Promise<string> {
  const { config, createMessage, encrypt } = await import('openpgp');
  try {
    await key.getEncryptionKey(undefined, undefined, undefined, { ...config, ...settings });
  } catch {
    throw new Error(
      `openpgp: invalid argument: cannot encrypt a message to key id ${key.getKeyID().toHex()} because it has no valid encryption keys`,
    );
  }
  const message = await createMessage({ binary: plaintext });
  // The library's types for streams, which this result would be checked against, are not part of its package.
  const sealed: unknown = await encrypt({ message, encryptionKeys: key.toPublic(), config: settings });
  return String(sealed).trim();
}

type SecretPacket = SecretKeyPacket | SecretSubkeyPacket;

async function decryptWith(host: KeyHost, ring: readonly Key[], text: string): Promise<Uint8Array> {
  const ids = await recipientIds(text);
  const keys = ring.filter((key) => key.isPrivate()).filter((key) => secretPackets(key, ids).length > 0);
  const isOpen = (key: PrivateKey): boolean => secretPackets(key, ids).every((packet) => packet.isDecrypted());
  for (const key of keys.filter(isOpen)) {
    const plaintext = await tryKey(text, key);
    if (plaintext !== undefined) return plaintext;
  }
  const locked = keys.filter((key) => !isOpen(key));
  const unlocked = locked.length === 0 ? undefined : await unlock(host, locked, ids);
  const plaintext = unlocked && (await tryKey(text, unlocked));
  if (plaintext !== undefined) return plaintext;
  throw new Error(
    keys.length === 0
      ? 'reading PGP message failed: openpgp: incorrect key'
      : 'the key could not be decrypted with any of the PGP entries',
  );
}

/** The numbers of the keys that a message is for. @throws Error */
async function recipientIds(text: string): Promise<KeyID[]> {
  const { readMessage } = await import('openpgp');
  // The library's reasons quote the text.
  if (!/^-----BEGIN PGP [^\n]+-----\s*$/m.test(text)) throw new Error('armor decoding failed: EOF');
  try {
    return (await readMessage({ armoredMessage: text, config: settings })).getEncryptionKeyIDs();
  } catch {
    throw new Error('reading PGP message failed: malformed message');
  }
}

/** The parts of a key that a message is for, apart from those that are on a card or elsewhere. */
function secretPackets(key: PrivateKey, ids: readonly KeyID[]): SecretPacket[] {
  return key
    .getKeys()
    .filter((part) => ids.some((id) => part.getKeyID().equals(id, true)))
    .map(({ keyPacket }) => keyPacket)
    .filter((packet): packet is SecretPacket => 'isDummy' in packet && !packet.isDummy());
}

/** Undefined when the key or the message is damaged. */
async function tryKey(text: string, key: PrivateKey): Promise<Uint8Array | undefined> {
  const { decrypt, readMessage } = await import('openpgp');
  // A message serves for one attempt.
  const message = await readMessage({ armoredMessage: text, config: settings });
  try {
    const result = await decrypt({ message, decryptionKeys: key, format: 'binary', config: settings });
    const data: unknown = result.data;
    return data instanceof Uint8Array ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Gives the first of the keys that a passphrase opens. @throws Error */
async function unlock(host: KeyHost, keys: readonly PrivateKey[], ids: readonly KeyID[]): Promise<PrivateKey> {
  const [asked] = keys.flatMap((key) => secretPackets(key, ids)).filter((packet) => !packet.isDecrypted());
  const number = asked?.getKeyID().toHex().slice(-8).toUpperCase() ?? '';
  for (let attempt = 0; attempt < passphraseAttempts; attempt++) {
    const passphrase = await passphraseOf(host, number);
    for (const key of keys) {
      if (await opens(passphrase, secretPackets(key, ids))) return key;
    }
    await forgetPassphrase(host, number);
  }
  throw new Error('reading PGP message failed: incorrect passphrase');
}

async function passphraseOf(host: KeyHost, number: string): Promise<string> {
  const description = `Unlock key ${number} to decrypt sops's key`;
  try {
    return await askPassphrase(host, {
      cacheId: number,
      description,
      terminalText: 'Enter PGP key passphrase:',
    });
  } catch (error) {
    throw new Error(`reading PGP message failed: ${reasonOf(error)}`);
  }
}

async function opens(passphrase: string, packets: readonly SecretPacket[]): Promise<boolean> {
  try {
    for (const packet of packets) {
      if (!packet.isDecrypted()) await packet.decrypt(passphrase);
    }
    return true;
  } catch {
    return false;
  }
}
