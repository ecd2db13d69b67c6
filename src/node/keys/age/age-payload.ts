/**
 * The payload of an age file: a nonce, then chunks of 64 KiB. Source: age-encryption.org/v1 "Payload" (STREAM); texts as
 * filippo.io/age 1.3.1 `internal/stream`.
 */
import { randomBytes } from 'node:crypto';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import { concat } from '../../../core/keys/age/armor.ts';
import { hkdfSha256, openChacha, sealChacha } from './age-primitives.ts';

const chunkLength = 64 * 1024;
const tagLength = 16;
const sealedChunkLength = chunkLength + tagLength;
const saltLength = 16;

/** Encrypts a payload of any size, nonce first. */
export function encryptPayload(fileKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const salt = randomBytes(saltLength);
  const key = hkdfSha256(fileKey, salt, 'payload');
  const pieces: Uint8Array[] = [salt];
  const chunks = Math.max(1, Math.ceil(plaintext.length / chunkLength));
  for (let i = 0; i < chunks; i++) {
    const chunk = plaintext.subarray(i * chunkLength, (i + 1) * chunkLength);
    pieces.push(sealChacha(key, chunk, chunkNonce(i, i === chunks - 1)));
  }
  return concat(pieces);
}

/** Where the chunks start, and their key. */
export interface Payload {
  readonly key: Uint8Array;
  readonly chunks: Uint8Array;
}

/** Reads the nonce of a payload. @throws AgeError */
export function openPayload(fileKey: Uint8Array, payload: Uint8Array, fault: AgeError | undefined): Payload {
  if (payload.length < saltLength) {
    const reason = fault?.message ?? (payload.length === 0 ? 'EOF' : 'unexpected EOF');
    throw new AgeError(`failed to read nonce: ${reason}`);
  }
  return {
    key: hkdfSha256(fileKey, payload.subarray(0, saltLength), 'payload'),
    chunks: payload.subarray(saltLength),
  };
}

/**
 * Decrypts the chunks of a payload.
 *
 * @param fault - what is wrong behind the bytes; the end of the file when left out
 * @throws AgeError
 */
export function decryptPayload({ key, chunks }: Payload, fault: AgeError | undefined): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let i = 0, at = 0; ; i++) {
    const sealed = chunks.subarray(at, at + sealedChunkLength);
    at += sealed.length;
    const isShort = sealed.length < sealedChunkLength;
    if (isShort && fault !== undefined) throw fault;
    if (sealed.length === 0) throw new AgeError('unexpected EOF');
    if (i > 0 && sealed.length === tagLength) {
      throw new AgeError('last chunk is empty, try age v1.0.0, and please consider reporting this');
    }
    const inner = isShort ? undefined : openChacha(key, sealed, chunkNonce(i, false));
    const chunk = inner ?? openChacha(key, sealed, chunkNonce(i, true));
    if (chunk === undefined) {
      throw new AgeError('failed to decrypt and authenticate payload chunk, file may be corrupted or tampered with');
    }
    pieces.push(chunk);
    if (inner !== undefined) continue;
    if (at < chunks.length) throw new AgeError('trailing data after end of encrypted file');
    if (fault !== undefined) {
      throw new AgeError(`non-EOF error reading after end of encrypted file: ${fault.message}`);
    }
    return concat(pieces);
  }
}

/** Eleven bytes of counter and one that marks the last chunk. */
function chunkNonce(index: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(index, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
