import { SopsError } from '../../errors.ts';
import { quoted } from '../quoted.ts';
import { AgeError } from './age-error.ts';
import { decodeBech32 } from './bech32.ts';
import type { SshPublicKey, UsableSshKey } from './ssh-public-key.ts';
import { parseAuthorizedKey } from './ssh-public-key.ts';

/** A parsed recipient; `text` is as written, without surrounding white space. */
export type AgeRecipient =
  | { readonly kind: 'x25519'; readonly text: string; readonly publicKey: Uint8Array }
  | { readonly kind: 'hybrid'; readonly text: string; readonly publicKey: Uint8Array }
  | { readonly kind: 'plugin'; readonly text: string; readonly plugin: string }
  | { readonly kind: 'ssh'; readonly text: string; readonly key: UsableSshKey };

/**
 * Parses what `--age`, a rule or a metadata entry names: a native, post-quantum, plugin or SSH recipient. A secret key is
 * refused and not repeated in the message (D60).
 *
 * @throws SopsError `invalid-key` with upstream's text (`age/keysource.go` `parseRecipient`)
 */
export function parseAgeRecipient(recipient: string): AgeRecipient {
  const text = recipient.trim();
  if (/AGE-SECRET-KEY-|AGE-PLUGIN-|PRIVATE KEY-----/i.test(text)) {
    throw new SopsError('invalid-key', 'failed to parse input, a secret key cannot be a recipient', {
      hint: 'Give the public key that belongs to it. Whoever has seen the secret key can decrypt what it decrypts.',
    });
  }
  if (text.startsWith('age1pq1')) {
    const publicKey = decodeNative(text, 'age1pq');
    if (!isHybridPublicKey(publicKey)) throw malformed(text, 'invalid MLKEM768-X25519 public key');
    return { kind: 'hybrid', text, publicKey };
  }
  if (text.startsWith('age1') && text.lastIndexOf('1') > 3) {
    return { kind: 'plugin', text, plugin: pluginOf(text) };
  }
  if (text.startsWith('age1')) {
    const publicKey = decodeNative(text, 'age');
    if (publicKey.length !== 32) throw malformed(text, 'invalid X25519 public key');
    return { kind: 'x25519', text, publicKey };
  }
  if (text.startsWith('ssh-')) return { kind: 'ssh', text, key: sshKeyOf(text) };
  throw new SopsError('invalid-key', `failed to parse input, unknown recipient type: ${quoted(text)}`);
}

function malformed(text: string, reason: string): SopsError {
  return new SopsError(
    'invalid-key',
    `failed to parse input as Bech32-encoded age public key: malformed recipient ${quoted(text)}: ${reason}`,
  );
}

function decodeNative(text: string, prefix: string): Uint8Array {
  let decoded: ReturnType<typeof decodeBech32>;
  try {
    decoded = decodeBech32(text);
  } catch (error) {
    if (error instanceof AgeError) throw malformed(text, error.message);
    throw error;
  }
  if (decoded.prefix !== prefix) throw malformed(text, `invalid type ${quoted(decoded.prefix)}`);
  return decoded.bytes;
}

/** An ML-KEM-768 encapsulation key whose coefficients are all reduced (FIPS 203 section 7.2), then an X25519 key. */
function isHybridPublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== 1184 + 32) return false;
  for (let i = 0; i < 1152; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    if ((a | ((b & 15) << 8)) >= 3329 || ((b >> 4) | (c << 4)) >= 3329) return false;
  }
  return true;
}

function pluginOf(text: string): string {
  const invalid = (reason: string): SopsError =>
    new SopsError('invalid-key', `failed to parse input as age key from age plugin: ${reason}`);
  try {
    const name = decodeBech32(text).prefix.slice('age1'.length);
    if (!isPluginName(name)) throw invalid(`invalid plugin name: ${quoted(name)}`);
    return name;
  } catch (error) {
    if (error instanceof AgeError) throw invalid(`invalid recipient encoding: ${error.message}`);
    throw error;
  }
}

/** Whether a plugin may have that name; it becomes part of a program's name. */
export function isPluginName(name: string): boolean {
  return /^[A-Za-z0-9+\-._]+$/.test(name);
}

function sshKeyOf(text: string): UsableSshKey {
  const refused = (reason: string): SopsError =>
    new SopsError('invalid-key', `failed to parse input as age-ssh public key: ${reason}`);
  let key: SshPublicKey;
  try {
    key = parseAuthorizedKey(text);
  } catch (error) {
    if (error instanceof AgeError) throw refused(`malformed SSH recipient: ${quoted(text)}: ${error.message}`);
    throw error;
  }
  if (key.type === 'other') throw refused(`unknown SSH recipient type: ${quoted(key.name)}`);
  return key;
}
