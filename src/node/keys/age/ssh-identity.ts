/** SSH keys as age recipients and identities. Source: filippo.io/age 1.3.1 `agessh`. */
import { constants, createHash, privateDecrypt, publicEncrypt } from 'node:crypto';
import { base64Problem, decodeUnpadded, encodeUnpadded } from '../../../core/keys/age/age-base64.ts';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import type { Stanza } from '../../../core/keys/age/age-header.ts';
import type { SshPublicKey, UsableSshKey } from '../../../core/keys/age/ssh-public-key.ts';
import { parseAuthorizedKey } from '../../../core/keys/age/ssh-public-key.ts';
import { quoted } from '../../../core/keys/quoted.ts';
import { goErrorText } from '../../go-errors.ts';
import type { KeyHost } from '../key-host.ts';
import type { Identity } from './age-file.ts';
import { IncorrectIdentity, unwrapFirst } from './age-file.ts';
import {
  generateX25519Key,
  hkdfSha256,
  openChacha,
  sealChacha,
  x25519,
  x25519Key,
  x25519PublicKey,
} from './age-primitives.ts';
import type { SshPrivateKey } from './ssh-private-key.ts';
import { PassphraseMissing, parseSshPrivateKey, rsaPublicKey } from './ssh-private-key.ts';

const ed25519Label = 'age-encryption.org/v1/ssh-ed25519';
const rsaPadding = {
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
  oaepLabel: Buffer.from('age-encryption.org/v1/ssh-rsa'),
};
const none = new Uint8Array(0);

/** Wraps a file key for an SSH public key. @throws AgeError */
export function wrapForSsh(key: UsableSshKey, fileKey: Uint8Array): Stanza[] {
  if (key.type === 'ssh-rsa') {
    const body = publicEncrypt({ key: rsaPublicKey(key), ...rsaPadding }, fileKey);
    return [{ type: 'ssh-rsa', args: [fingerprint(key)], body }];
  }
  const ephemeral = generateX25519Key();
  const share = x25519PublicKey(ephemeral);
  const secret = x25519(ephemeral, key.x25519);
  const wrappingKey = secret && ed25519WrappingKey(secret, key.blob, share, key.x25519);
  if (wrappingKey === undefined) throw new AgeError('bad input point: low order point');
  const body = sealChacha(wrappingKey, fileKey);
  return [{ type: 'ssh-ed25519', args: [fingerprint(key), encodeUnpadded(share)], body }];
}

function fingerprint(key: { readonly blob: Uint8Array }): string {
  return encodeUnpadded(createHash('sha256').update(key.blob).digest().subarray(0, 4));
}

function ed25519WrappingKey(
  secret: Uint8Array,
  blob: Uint8Array,
  share: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  const tweaked = x25519(x25519Key(hkdfSha256(none, blob, ed25519Label)), secret);
  return tweaked && hkdfSha256(tweaked, Buffer.concat([share, publicKey]), ed25519Label);
}

/** The identity of an SSH private key. */
export function createSshIdentity(key: SshPrivateKey): Identity {
  const mark = fingerprint(key.publicKey);
  return {
    isNative: false,
    unwrap: ({ stanzas }) =>
      unwrapFirst(stanzas, key.type, (stanza) =>
        key.type === 'ssh-rsa' ? unwrapRsa(key, mark, stanza) : unwrapEd25519(key, mark, stanza),
      ),
  };
}

function unwrapRsa(
  { key }: Extract<SshPrivateKey, { type: 'ssh-rsa' }>,
  mark: string,
  { args, body }: Stanza,
): Uint8Array | undefined {
  if (args.length !== 1) throw new AgeError('invalid ssh-rsa recipient block');
  if (args[0] !== mark) return undefined;
  try {
    return privateDecrypt({ key, ...rsaPadding }, body);
  } catch {
    throw new AgeError('failed to decrypt file key: crypto/rsa: decryption error');
  }
}

function unwrapEd25519(
  { publicKey, seed }: Extract<SshPrivateKey, { type: 'ssh-ed25519' }>,
  mark: string,
  { args, body }: Stanza,
): Uint8Array | undefined {
  const [tag, encoded, ...more] = args;
  if (encoded === undefined || more.length > 0) throw new AgeError('invalid ssh-ed25519 recipient block');
  const share = decodeUnpadded(encoded);
  if (share === undefined)
    throw new AgeError(`failed to parse ssh-ed25519 recipient: ${base64Problem(encoded, false)}`);
  if (share.length !== 32) throw new AgeError('invalid ssh-ed25519 recipient block');
  if (tag !== mark) return undefined;
  const secretKey = createHash('sha512').update(seed).digest().subarray(0, 32);
  const secret = x25519(x25519Key(secretKey), share);
  const wrappingKey = secret && ed25519WrappingKey(secret, publicKey.blob, share, publicKey.x25519);
  if (wrappingKey === undefined) {
    throw new AgeError('invalid X25519 recipient: bad input point: low order point');
  }
  const fileKey = openChacha(wrappingKey, body);
  if (fileKey === undefined) {
    throw new AgeError('failed to decrypt file key: chacha20poly1305: message authentication failed');
  }
  return fileKey;
}

/**
 * Reads an SSH private key file. A protected key is asked for its passphrase only when a file has a stanza for it.
 * Upstream: `age/ssh_parse.go`.
 *
 * @throws AgeError
 */
export function loadSshIdentity(host: KeyHost, path: string): Identity {
  let text: string;
  try {
    text = new TextDecoder().decode(host.readFile(path));
  } catch (error) {
    throw new AgeError(`failed to open file: ${goErrorText('open', path, error)}`);
  }
  try {
    return createSshIdentity(parseSshPrivateKey(text));
  } catch (error) {
    if (error instanceof PassphraseMissing) {
      return createProtectedSshIdentity(host, path, text, error.publicKey ?? readPublicKey(host, path));
    }
    if (!(error instanceof AgeError)) throw error;
    throw new AgeError(`malformed SSH identity in ${quoted(path)}: ${error.message}`);
  }
}

function readPublicKey(host: KeyHost, path: string): SshPublicKey {
  const publicPath = `${path}.pub`;
  let text: string;
  try {
    text = new TextDecoder().decode(host.readFile(publicPath));
  } catch (error) {
    throw new AgeError(
      `failed to obtain public ${quoted(publicPath)} key for ${quoted(path)} SSH key: ${goErrorText('open', publicPath, error)}`,
    );
  }
  try {
    return parseAuthorizedKey(text);
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    throw new AgeError(`failed to parse ${quoted(publicPath)}: ${error.message}`);
  }
}

function createProtectedSshIdentity(host: KeyHost, path: string, text: string, publicKey: SshPublicKey): Identity {
  if (publicKey.type === 'other') {
    throw new AgeError(`could not create encrypted SSH identity: unsupported SSH key type: ${publicKey.name}`);
  }
  const mark = fingerprint(publicKey);
  let opened: Identity | undefined;
  return {
    isNative: false,
    async unwrap(header) {
      if (opened === undefined) {
        const ours = header.stanzas.filter(({ type }) => type === publicKey.type);
        if (ours.some(({ args }) => args.length === 0)) {
          throw new AgeError(`invalid ${publicKey.type} recipient block`);
        }
        if (!ours.some(({ args }) => args[0] === mark)) throw new IncorrectIdentity();
        opened = createSshIdentity(openKey(text, await askPassphrase(host, path), publicKey));
      }
      return opened.unwrap(header);
    },
  };
}

async function askPassphrase(host: KeyHost, path: string): Promise<string> {
  try {
    return await host.prompt(`Enter passphrase for ${quoted(path)}:`, 'secret');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgeError(`failed to obtain passphrase: could not read passphrase for ${quoted(path)}: ${reason}`);
  }
}

function openKey(text: string, passphrase: string, publicKey: UsableSshKey): SshPrivateKey {
  let key: SshPrivateKey;
  try {
    key = parseSshPrivateKey(text, passphrase);
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    throw new AgeError(`failed to decrypt SSH key file: ${error.message}`);
  }
  if (!Buffer.from(key.publicKey.blob).equals(publicKey.blob)) {
    throw new AgeError('mismatched private and public SSH key');
  }
  return key;
}
