/**
 * SSH private keys: OpenSSH's own form, PKCS #1 and PKCS #8. Source: openssh-portable `PROTOCOL.key`; limits and texts of
 * golang.org/x/crypto 0.54 `ssh/keys.go`.
 */

import type { KeyObject } from 'node:crypto';
import { createDecipheriv, createPrivateKey, createPublicKey } from 'node:crypto';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import type { SshPublicKey, UsableSshKey } from '../../../core/keys/age/ssh-public-key.ts';
import { parseSshPublicKey, SshReader } from '../../../core/keys/age/ssh-public-key.ts';
import { quoted } from '../../../core/keys/quoted.ts';
import { bcryptPbkdf } from './bcrypt-pbkdf.ts';

export type SshPrivateKey =
  /** `seed` is the 32-byte secret of RFC 8032. */
  | { readonly type: 'ssh-ed25519'; readonly publicKey: SshKeyOf<'ssh-ed25519'>; readonly seed: Uint8Array }
  | { readonly type: 'ssh-rsa'; readonly publicKey: SshKeyOf<'ssh-rsa'>; readonly key: KeyObject };

type SshKeyOf<Type> = Extract<UsableSshKey, { type: Type }>;

/** The key is protected by a passphrase; OpenSSH's form holds the public key in clear. */
export class PassphraseMissing extends AgeError {
  override readonly name = 'PassphraseMissing';
  readonly publicKey: SshPublicKey | undefined;

  constructor(publicKey?: SshPublicKey) {
    super('ssh: this private key is passphrase protected');
    this.publicKey = publicKey;
  }
}

/**
 * Reads a private key.
 *
 * @throws PassphraseMissing when the key is protected and no passphrase is given
 * @throws AgeError
 */
export function parseSshPrivateKey(text: string, passphrase?: string): SshPrivateKey {
  const [, label, content = ''] = /-----BEGIN ([^\n]*?)-----\r?\n(.*?)-----END \1-----/s.exec(text) ?? [];
  if (label === undefined) throw new AgeError('ssh: no key found');
  if (label === 'OPENSSH PRIVATE KEY') {
    return parseOpenSsh(Buffer.from(content.replace(/\s/g, ''), 'base64'), passphrase);
  }
  const isProtected = /^Proc-Type:.*ENCRYPTED/m.test(content);
  if (isProtected && passphrase === undefined) throw new PassphraseMissing();
  if (!isProtected && passphrase !== undefined) throw new AgeError('ssh: not an encrypted key');
  if (!['RSA PRIVATE KEY', 'PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY'].includes(label)) {
    throw new AgeError(`ssh: unsupported key type ${quoted(label)}`);
  }
  const pem = `-----BEGIN ${label}-----\n${content}-----END ${label}-----\n`;
  return fromKeyObject(readPem(pem, passphrase));
}

function readPem(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch {
    throw new AgeError(passphrase === undefined ? 'ssh: malformed private key' : 'x509: decryption password incorrect');
  }
}

/** What Go calls the keys that age cannot use. */
const goTypes: Readonly<Record<string, string>> = { ec: '*ecdsa.PrivateKey', dsa: '*dsa.PrivateKey' };

function fromKeyObject(key: KeyObject): SshPrivateKey {
  const kind = key.asymmetricKeyType ?? '';
  if (kind !== 'rsa' && kind !== 'ed25519') {
    throw new AgeError(`unsupported SSH identity type: ${goTypes[kind] ?? kind}`);
  }
  const { d = '', e = '', n = '', x = '' } = key.export({ format: 'jwk' });
  if (kind === 'rsa') {
    const publicKey = parseSshPublicKey(sshBlob('ssh-rsa', mpint(fromBase64(e)), mpint(fromBase64(n))));
    if (publicKey.type === 'ssh-rsa') return { type: 'ssh-rsa', publicKey, key };
  } else {
    const publicKey = parseSshPublicKey(sshBlob('ssh-ed25519', fromBase64(x)));
    if (publicKey.type === 'ssh-ed25519') return { type: 'ssh-ed25519', publicKey, seed: fromBase64(d) };
  }
  throw new AgeError('ssh: malformed private key');
}

const openSshMagic = Buffer.from('openssh-key-v1\0');

function parseOpenSsh(bytes: Uint8Array, passphrase: string | undefined): SshPrivateKey {
  if (!openSshMagic.equals(bytes.subarray(0, openSshMagic.length))) {
    throw new AgeError('ssh: invalid openssh private key format');
  }
  const outer = new SshReader(bytes.subarray(openSshMagic.length));
  const cipher = textOf(outer.string());
  const kdf = textOf(outer.string());
  const kdfOptions = outer.string();
  if (outer.uint32() !== 1) throw new AgeError('ssh: multi-key files are not supported');
  const publicBlob = outer.string();
  const sealed = outer.string();
  const isProtected = cipher !== 'none' || kdf !== 'none';
  if (isProtected && passphrase === undefined) throw new PassphraseMissing(parseSshPublicKey(publicBlob));
  if (!isProtected && passphrase !== undefined) throw new AgeError('ssh: key is not password protected');
  const opened = passphrase === undefined ? sealed : openSealed(cipher, kdf, kdfOptions, sealed, passphrase);
  return parseOpened(opened, isProtected);
}

function openSealed(
  cipher: string,
  kdf: string,
  kdfOptions: Uint8Array,
  sealed: Uint8Array,
  passphrase: string,
): Uint8Array {
  if (kdf !== 'bcrypt') throw new AgeError(`ssh: unknown KDF ${quoted(kdf)}, only supports "bcrypt"`);
  const options = new SshReader(kdfOptions);
  const salt = options.string();
  const rounds = options.uint32();
  if (rounds > 2048) throw new AgeError(`ssh: bcrypt KDF rounds ${String(rounds)} exceed maximum 2048`);
  if (cipher !== 'aes256-ctr' && cipher !== 'aes256-cbc') {
    throw new AgeError(`ssh: unknown cipher ${quoted(cipher)}, only supports "aes256-ctr" or "aes256-cbc"`);
  }
  if (sealed.length % 16 !== 0) {
    throw new AgeError('ssh: invalid encrypted private key length, not a multiple of the block size');
  }
  const key = bcryptPbkdf(Buffer.from(passphrase), salt, rounds, 32 + 16);
  const decipher = createDecipheriv(
    cipher === 'aes256-ctr' ? 'aes-256-ctr' : 'aes-256-cbc',
    key.subarray(0, 32),
    key.subarray(32),
  );
  decipher.setAutoPadding(false);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

function parseOpened(opened: Uint8Array, isProtected: boolean): SshPrivateKey {
  const malformed = new AgeError(isProtected ? 'x509: decryption password incorrect' : 'ssh: malformed OpenSSH key');
  const reader = new SshReader(opened);
  if (opened.length < 8 || reader.uint32() !== reader.uint32()) throw malformed;
  const type = textOf(reader.string());
  if (type === 'ssh-ed25519') {
    const publicPoint = reader.string();
    const secret = reader.string();
    if (secret.length !== 64) throw new AgeError('ssh: private key unexpected length');
    checkPadding(reader);
    const publicKey = parseSshPublicKey(sshBlob(type, publicPoint));
    if (publicKey.type === type) return { type, publicKey, seed: secret.subarray(0, 32) };
  }
  if (type === 'ssh-rsa') {
    const [n, e, d, inverse, p, q] = Array.from({ length: 6 }, () => reader.unsigned());
    if (n && e && d && inverse && p && q) {
      checkPadding(reader);
      const publicKey = parseSshPublicKey(sshBlob(type, mpint(e), mpint(n)));
      if (publicKey.type === type) return { type, publicKey, key: rsaKey({ n, e, d, inverse, p, q }) };
    }
  }
  if (type.startsWith('ecdsa-')) throw new AgeError(`unsupported SSH identity type: ${goTypes['ec'] ?? type}`);
  throw new AgeError('ssh: unhandled key type');
}

/** Behind the comment stand the bytes 1, 2, 3 and so on up to the block size. */
function checkPadding(reader: SshReader): void {
  reader.string();
  if (reader.rest().some((byte, index) => byte !== index + 1)) {
    throw new AgeError('ssh: padding not as expected');
  }
}

type RsaNumbers = Record<'n' | 'e' | 'd' | 'inverse' | 'p' | 'q', Uint8Array>;

function rsaKey({ n, e, d, inverse, p, q }: RsaNumbers): KeyObject {
  const exponentModulo = (prime: Uint8Array): string => {
    const value = (toBigInt(d) % (toBigInt(prime) - 1n)).toString(16);
    return Buffer.from(value.padStart(value.length + (value.length % 2), '0'), 'hex').toString('base64url');
  };
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  try {
    return createPrivateKey({
      format: 'jwk',
      key: {
        kty: 'RSA',
        n: base64(n),
        e: base64(e),
        d: base64(d),
        p: base64(p),
        q: base64(q),
        dp: exponentModulo(p),
        dq: exponentModulo(q),
        qi: base64(inverse),
      },
    });
  } catch {
    throw new AgeError('ssh: malformed OpenSSH key');
  }
}

/** A public key as an object of node:crypto. */
export function rsaPublicKey({ modulus, exponent }: SshKeyOf<'ssh-rsa'>): KeyObject {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: base64(modulus), e: base64(exponent) } });
}

function toBigInt(bigEndian: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bigEndian).toString('hex')}`);
}

function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64url');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function mpint(unsigned: Uint8Array): Uint8Array {
  return (unsigned[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), unsigned]) : unsigned;
}

/** Fields in SSH wire form, each with its length in front. */
function sshBlob(type: string, ...fields: Uint8Array[]): Uint8Array {
  return Buffer.concat(
    [Buffer.from(type), ...fields].flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  );
}
