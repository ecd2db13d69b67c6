/** The key derivation of protected OpenSSH keys. Source: OpenBSD `lib/libutil/bcrypt_pbkdf.c`. */
import { createHash } from 'node:crypto';
import { createBlowfish, encryptBlock, expandKey } from './blowfish.ts';

const hashLength = 32;
const noSalt = new Uint32Array(1);
const magic = words(new TextEncoder().encode('OxychromaticBlowfishSwatDynamite'));

/** Derives `length` bytes. */
export function bcryptPbkdf(passphrase: Uint8Array, salt: Uint8Array, rounds: number, length: number): Uint8Array {
  const passphraseHash = words(sha512(passphrase));
  const blocks = Math.ceil(length / hashLength);
  const out = new Uint8Array(length);
  for (let block = 1; block <= blocks; block++) {
    const counter = Uint8Array.of(block >>> 24, block >>> 16, block >>> 8, block);
    let round = bcryptHash(passphraseHash, sha512(salt, counter));
    const sum = round.slice();
    for (let i = 1; i < rounds; i++) {
      round = bcryptHash(passphraseHash, sha512(round));
      for (let j = 0; j < hashLength; j++) sum[j] = (sum[j] ?? 0) ^ (round[j] ?? 0);
    }
    // The bytes of the blocks are dealt out in turn.
    for (let j = 0; j < hashLength; j++) {
      const at = j * blocks + block - 1;
      if (at < length) out[at] = sum[j] ?? 0;
    }
  }
  return out;
}

function sha512(...pieces: Uint8Array[]): Uint8Array {
  const hash = createHash('sha512');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

function bcryptHash(passphrase: Uint32Array, saltHash: Uint8Array): Uint8Array {
  const salt = words(saltHash);
  const cipher = createBlowfish();
  expandKey(cipher, passphrase, salt);
  for (let i = 0; i < 64; i++) {
    expandKey(cipher, salt, noSalt);
    expandKey(cipher, passphrase, noSalt);
  }
  const text = magic.slice();
  for (let i = 0; i < 64; i++) {
    for (let at = 0; at < text.length; at += 2) encryptBlock(cipher, text, at);
  }
  const out = new DataView(new ArrayBuffer(hashLength));
  for (const [i, word] of text.entries()) out.setUint32(i * 4, word, true);
  return new Uint8Array(out.buffer);
}

/** Bytes as big-endian words. */
function words(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4));
}
