import { quoted } from '../quoted.ts';
import { AgeError } from './age-error.ts';
import { isPluginName } from './age-recipient.ts';
import { decodeBech32 } from './bech32.ts';

/** A parsed identity. `text` is the secret itself and belongs in no message. */
export type AgeIdentity =
  | { readonly kind: 'x25519'; readonly text: string; readonly secretKey: Uint8Array }
  | { readonly kind: 'hybrid'; readonly text: string; readonly secretKey: Uint8Array }
  | { readonly kind: 'plugin'; readonly text: string; readonly plugin: string };

/**
 * Parses one identity.
 *
 * @throws AgeError whose message quotes nothing of the text
 */
export function parseAgeIdentity(text: string): AgeIdentity {
  if (text.startsWith('AGE-PLUGIN-')) return { kind: 'plugin', text, plugin: pluginOf(text) };
  if (text.startsWith('AGE-SECRET-KEY-PQ-1')) {
    return { kind: 'hybrid', text, secretKey: decodeSecretKey(text, 'AGE-SECRET-KEY-PQ-', 'MLKEM768-X25519') };
  }
  if (text.startsWith('AGE-SECRET-KEY-1')) {
    return { kind: 'x25519', text, secretKey: decodeSecretKey(text, 'AGE-SECRET-KEY-', 'X25519') };
  }
  throw new AgeError('unknown identity type');
}

/**
 * Parses the identities of a text, one a line; empty lines and lines that start with `#` are skipped. White space around an
 * identity is tolerated (D25).
 *
 * @param options - `severalPerLine`: each line may hold several, separated by white space
 * @throws AgeError for the first line that holds no identity
 */
export function parseAgeIdentities(text: string, options: { severalPerLine?: boolean } = {}): AgeIdentity[] {
  const identities: AgeIdentity[] = [];
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const words = options.severalPerLine === true ? trimmed.split(/\s+/) : [trimmed];
    identities.push(...words.map(parseAgeIdentity));
  }
  return identities;
}

function decodeSecretKey(text: string, prefix: string, name: string): Uint8Array {
  let decoded: ReturnType<typeof decodeBech32>;
  try {
    decoded = decodeBech32(text);
  } catch (error) {
    throw error instanceof AgeError ? new AgeError(`malformed secret key: ${error.message}`) : error;
  }
  if (decoded.prefix !== prefix) throw new AgeError('malformed secret key: unknown type');
  if (decoded.bytes.length !== 32) throw new AgeError(`malformed secret key: invalid ${name} secret key`);
  return decoded.bytes;
}

function pluginOf(text: string): string {
  let prefix: string;
  try {
    ({ prefix } = decodeBech32(text));
  } catch (error) {
    throw error instanceof AgeError ? new AgeError(`invalid identity encoding: ${error.message}`) : error;
  }
  const name = prefix.slice('AGE-PLUGIN-'.length, -1).toLowerCase();
  if (!prefix.startsWith('AGE-PLUGIN-') || !prefix.endsWith('-')) throw new AgeError('not a plugin identity');
  if (!isPluginName(name)) throw new AgeError(`invalid plugin name: ${quoted(name)}`);
  return name;
}
