/**
 * SSH public keys as age takes them: `ssh-ed25519` and `ssh-rsa` of at least 2048 bits. Source: RFC 4253 section 6.6,
 * RFC 8709; limits of golang.org/x/crypto 0.54 `ssh/keys.go` and filippo.io/age 1.3.1 `agessh`.
 */

import { decodeBase64 } from '../../tree/base64.ts';
import { quoted } from '../quoted.ts';
import { base64Problem } from './age-base64.ts';
import { AgeError } from './age-error.ts';
import { ed25519ToX25519 } from './edwards25519.ts';

export type SshPublicKey =
  | {
      readonly type: 'ssh-ed25519';
      /** The key in SSH wire form: what fingerprints and tweaks are made of. */
      readonly blob: Uint8Array;
      readonly ed25519: Uint8Array;
      /** The same key on Curve25519. */
      readonly x25519: Uint8Array;
    }
  | {
      readonly type: 'ssh-rsa';
      readonly blob: Uint8Array;
      /** Big-endian, without leading zeros. */
      readonly modulus: Uint8Array;
      readonly exponent: Uint8Array;
    }
  /** A key that age cannot use, such as ECDSA; `name` is its type. */
  | { readonly type: 'other'; readonly name: string; readonly blob: Uint8Array };

/** A key that age can encrypt to. */
export type UsableSshKey = Exclude<SshPublicKey, { type: 'other' }>;

/** Reads the first key of an `authorized_keys` or `.pub` text: type, base64, comment. @throws AgeError */
export function parseAuthorizedKey(text: string): SshPublicKey {
  for (const line of text.split('\n')) {
    const [type, base64] = line.trim().split(/[ \t]+/);
    if (type === undefined || type === '' || type.startsWith('#') || base64 === undefined) continue;
    const blob = decodeBase64(base64);
    if (blob === undefined) throw noKeyFound(base64Problem(base64, true));
    let key: SshPublicKey;
    try {
      key = parseSshPublicKey(blob);
    } catch (error) {
      throw error instanceof AgeError && error.message.startsWith('ssh: ') ? noKeyFound(error.message) : error;
    }
    const encoded = key.type === 'other' ? key.name : key.type;
    if (encoded !== type) {
      throw noKeyFound(
        `ssh: authorized keys key type mismatch: human-readable type ${quoted(type)}, encoded type ${quoted(encoded)}`,
      );
    }
    return key;
  }
  throw new AgeError('ssh: no key found');
}

function noKeyFound(reason: string): AgeError {
  return new AgeError(`ssh: no key found; last parsing error for ignored line: ${reason}`);
}

/** Reads a key in SSH wire form. @throws AgeError */
export function parseSshPublicKey(blob: Uint8Array): SshPublicKey {
  const reader = new SshReader(blob);
  const type = new TextDecoder().decode(reader.string());
  if (type === 'ssh-ed25519') {
    const ed25519 = reader.string();
    reader.end();
    if (ed25519.length !== 32) {
      throw new AgeError(`ssh: invalid size ${String(ed25519.length)} for Ed25519 public key`);
    }
    const x25519 = ed25519ToX25519(ed25519);
    if (x25519 === undefined) {
      throw new AgeError('invalid Ed25519 public key: edwards25519: invalid point encoding');
    }
    return { type, blob, ed25519, x25519 };
  }
  if (type === 'ssh-rsa') {
    const exponent = reader.unsigned();
    const modulus = reader.unsigned();
    reader.end();
    if (bitLength(modulus) > 8192) throw new AgeError('ssh: rsa modulus too large');
    if (bitLength(exponent) > 24) throw new AgeError('ssh: exponent too large');
    const last = exponent.at(-1) ?? 0;
    if ((exponent.length === 1 && last < 3) || (last & 1) === 0) throw new AgeError('ssh: incorrect exponent');
    if (modulus.length < 256) throw new AgeError('RSA key size is too small');
    return { type, blob, modulus, exponent };
  }
  return { type: 'other', name: type, blob };
}

function bitLength(bigEndian: Uint8Array): number {
  return bigEndian.length === 0 ? 0 : bigEndian.length * 8 - Math.clz32(bigEndian[0] ?? 0) + 24;
}

/** Reads the data types of RFC 4251 section 5. Every method throws AgeError when the data are too short. */
export class SshReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  uint32(): number {
    return this.bytes(4).reduce((value, byte) => value * 256 + byte, 0);
  }

  bytes(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new AgeError('ssh: short read');
    const out = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return out;
  }

  string(): Uint8Array {
    return this.bytes(this.uint32());
  }

  /** A positive `mpint`, big-endian without leading zeros. */
  unsigned(): Uint8Array {
    const bytes = this.string();
    const first = bytes.findIndex((byte) => byte !== 0);
    return first < 0 ? new Uint8Array(0) : bytes.subarray(first);
  }

  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new AgeError('ssh: trailing junk in public key');
  }
}
