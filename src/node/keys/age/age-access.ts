import { SopsError } from '../../../core/errors.ts';
import { AgeError } from '../../../core/keys/age/age-error.ts';
import { parseAgeRecipient } from '../../../core/keys/age/age-recipient.ts';
import { decodeArmor, encodeArmor } from '../../../core/keys/age/armor.ts';
import { textField } from '../../../core/keys/key-type.ts';
import type { KeyService } from '../../../core/keys/master-key.ts';
import type { KeyHost } from '../key-host.ts';
import { encryptAgeFile, openAgeFile } from './age-file.ts';
import type { SourceReport } from './identity-sources.ts';
import { IdentitySources } from './identity-sources.ts';
import { encryptForHybrid, wrapForX25519 } from './native-identities.ts';
import { wrapWithPlugin } from './plugin.ts';
import { wrapForSsh } from './ssh-identity.ts';

/** Wraps for age recipients and unwraps with the identities of the environment. Upstream: `age/keysource.go`. */
export function createAgeAccess(host: KeyHost): KeyService {
  const sources = new IdentitySources(host);
  return {
    async wrap(key, plaintext) {
      const recipient = textField(key, 'recipient');
      try {
        return encodeArmor(await encryptTo(host, recipient, plaintext));
      } catch (error) {
        if (!(error instanceof AgeError)) throw error;
        throw new SopsError(
          'generic',
          `failed to create writer for encrypting sops data key with age: failed to wrap key for recipient #0: ${error.message}`,
        );
      }
    },
    async unwrap(key) {
      const recipient = textField(key, 'recipient');
      const { bytes, fault } = decodeArmor(key.enc);
      let read: () => Uint8Array;
      try {
        read = await openAgeFile(bytes, sources.identities(recipient), fault);
      } catch (error) {
        if (!(error instanceof AgeError)) throw error;
        throw new SopsError('no-data-key', failureText(error.message, await sources.report(recipient)));
      }
      try {
        return read();
      } catch (error) {
        if (!(error instanceof AgeError)) throw error;
        throw new SopsError('no-data-key', `failed to copy age decrypted data into bytes.Buffer: ${error.message}`);
      }
    },
  };
}

function encryptTo(host: KeyHost, text: string, plaintext: Uint8Array): Promise<Uint8Array> {
  const recipient = parseAgeRecipient(text);
  if (recipient.kind === 'hybrid') return encryptForHybrid(recipient.text, plaintext);
  return encryptAgeFile(plaintext, (fileKey) => {
    if (recipient.kind === 'x25519') return wrapForX25519(recipient.publicKey, fileKey);
    if (recipient.kind === 'ssh') return wrapForSsh(recipient.key, fileKey);
    return wrapWithPlugin(host, recipient.plugin, recipient.text, fileKey);
  });
}

/** Upstream: `age/keysource.go` `formatError`. */
function failureText(reason: string, report: SourceReport): string {
  const start = report.hasIdentities
    ? `failed to create reader for decrypting sops data key with age: ${reason}`
    : 'failed to load age identities';
  const problems =
    report.problems.length === 0 ? '' : `. Errors while loading age identities: ${report.problems.join('; ')}`;
  return start + problems + unusedText(report.unusedLocations);
}

function unusedText(locations: readonly string[]): string {
  const names = locations.map((location) => `'${location}'`);
  const last = names.at(-1);
  if (last === undefined) return '';
  const before = names.slice(0, -1);
  if (before.length === 0) return `. Did not find keys in location ${last}.`;
  return `. Did not find keys in locations ${before.join(', ')}${before.length > 1 ? ',' : ''} and ${last}.`;
}
