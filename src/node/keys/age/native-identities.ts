/** Native recipients and identities: X25519, post-quantum, passphrase. Source: age-encryption.org/v1; filippo.io/age 1.3.1. */

import type { KeyObject } from 'node:crypto';
import { scrypt } from 'node:crypto';
import { base64Problem, decodeUnpadded, encodeUnpadded } from '../../../core/keys/age/age-base64.ts';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import type { Stanza } from '../../../core/keys/age/age-header.ts';
import { encodeHeader } from '../../../core/keys/age/age-header.ts';
import { quoted } from '../../../core/keys/quoted.ts';
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

const x25519Label = 'age-encryption.org/v1/X25519';
const wrappedKeyLength = 16 + 16;

/** Wraps a file key for an X25519 public key. @throws AgeError for a public key of low order */
export function wrapForX25519(publicKey: Uint8Array, fileKey: Uint8Array): Stanza[] {
  const ephemeral = generateX25519Key();
  const share = x25519PublicKey(ephemeral);
  const secret = x25519(ephemeral, publicKey);
  if (secret === undefined) throw lowOrder('');
  const key = hkdfSha256(secret, Buffer.concat([share, publicKey]), x25519Label);
  return [{ type: 'X25519', args: [encodeUnpadded(share)], body: sealChacha(key, fileKey) }];
}

function lowOrder(prefix: string): AgeError {
  return new AgeError(`${prefix}bad input point: low order point`);
}

/** An X25519 identity of a 32-byte secret key. */
export function createX25519Identity(secretKey: Uint8Array): Identity {
  let pair: { key: KeyObject; publicKey: Uint8Array } | undefined;
  return {
    isNative: true,
    unwrap: ({ stanzas }) =>
      unwrapFirst(stanzas, 'X25519', ({ args, body }) => {
        const [encoded, ...more] = args;
        if (encoded === undefined || more.length > 0) throw new AgeError('invalid X25519 recipient block');
        const share = decodeUnpadded(encoded);
        if (share === undefined)
          throw new AgeError(`failed to parse X25519 recipient: ${base64Problem(encoded, false)}`);
        if (share.length !== 32) throw new AgeError('invalid X25519 recipient block');
        pair ??= keyPair(secretKey);
        const secret = x25519(pair.key, share);
        if (secret === undefined) throw lowOrder('invalid X25519 recipient: ');
        const key = hkdfSha256(secret, Buffer.concat([share, pair.publicKey]), x25519Label);
        if (body.length !== wrappedKeyLength) {
          throw new AgeError('invalid X25519 recipient block: incorrect file key size');
        }
        return openChacha(key, body);
      }),
  };
}

function keyPair(secretKey: Uint8Array): { key: KeyObject; publicKey: Uint8Array } {
  const key = x25519Key(secretKey);
  return { key, publicKey: x25519PublicKey(key) };
}

/** Encrypts a whole file to a post-quantum recipient (`age1pq1…`). node:crypto has no ML-KEM before Node 24, the library has. */
export async function encryptForHybrid(recipient: string, plaintext: Uint8Array): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(plaintext);
}

/** A post-quantum identity; the library is loaded only for a file that has a stanza of the kind. */
export function createHybridIdentity(identity: string): Identity {
  return {
    isNative: true,
    async unwrap(header) {
      if (!header.stanzas.some(({ type }) => type === 'mlkem768x25519')) throw new IncorrectIdentity();
      const { Decrypter } = await import('age-encryption');
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      try {
        return await decrypter.decryptHeader(encodeHeader(header.authenticated, header.mac));
      } catch (error) {
        const reason = error instanceof Error ? error.message : '';
        if (reason.startsWith('no identity matched')) throw new IncorrectIdentity();
        throw new AgeError(
          reason === 'invalid header HMAC' ? 'bad header MAC' : 'invalid mlkem768x25519 recipient block',
        );
      }
    },
  };
}

const scryptLabel = 'age-encryption.org/v1/scrypt';
const maxWorkFactor = 22;

/** The identity of a passphrase, which is asked for only when the file has a passphrase stanza. */
export function createScryptIdentity(askPassphrase: () => string | Promise<string>): Identity {
  return {
    isNative: true,
    async unwrap({ stanzas }) {
      const [stanza, ...more] = stanzas.filter(({ type }) => type === 'scrypt');
      if (stanza === undefined) throw new IncorrectIdentity();
      if (more.length > 0 || stanzas.length > 1) throw new AgeError('an scrypt recipient must be the only one');
      const { salt, logN } = scryptParameters(stanza);
      const passphrase = await askPassphrase();
      if (passphrase === '') throw new AgeError("passphrase can't be empty");
      if (stanza.body.length !== wrappedKeyLength) {
        throw new AgeError('invalid scrypt recipient block: incorrect file key size');
      }
      const key = await deriveScrypt(passphrase, Buffer.concat([Buffer.from(scryptLabel), salt]), logN);
      const fileKey = openChacha(key, stanza.body);
      if (fileKey === undefined) {
        throw new IncorrectIdentity('incorrect identity for recipient block: incorrect passphrase');
      }
      return fileKey;
    },
  };
}

function scryptParameters({ args }: Stanza): { salt: Uint8Array; logN: number } {
  const [encodedSalt, workFactor, ...more] = args;
  if (encodedSalt === undefined || workFactor === undefined || more.length > 0) {
    throw new AgeError('invalid scrypt recipient block');
  }
  const salt = decodeUnpadded(encodedSalt);
  if (salt === undefined) throw new AgeError(`failed to parse scrypt salt: ${base64Problem(encodedSalt, false)}`);
  if (salt.length !== 16) throw new AgeError('invalid scrypt recipient block');
  if (!/^[1-9][0-9]*$/.test(workFactor)) {
    throw new AgeError(`scrypt work factor encoding invalid: ${quoted(workFactor)}`);
  }
  const logN = Number(workFactor);
  if (logN > maxWorkFactor) throw new AgeError(`scrypt work factor too large: ${workFactor}`);
  return { salt, logN };
}

function deriveScrypt(passphrase: string, salt: Uint8Array, logN: number): Promise<Uint8Array> {
  const cost = 2 ** logN;
  const options = { N: cost, r: 8, p: 1, maxmem: 128 * 8 * cost + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, options, (error, key) => {
      if (error) reject(new AgeError(`failed to generate scrypt hash: ${error.message}`));
      else resolve(key);
    });
  });
}
