import { SopsError } from '../../../core/errors.ts';
import { textField } from '../../../core/keys/key-type.ts';
import type { KeyService } from '../../../core/keys/master-key.ts';
import type { KeyHost, RunResult } from '../key-host.ts';
import { createKeyringAccess } from './keyring.ts';

/** OpenPGP without gpg, over keyrings in the GnuPG folder. Each function throws an Error whose message is upstream's reason. */
export interface KeyringAccess {
  /** @returns the armoured message */
  encrypt(fingerprint: string, plaintext: Uint8Array): Promise<string>;
  decrypt(message: string): Promise<Uint8Array>;
}

/**
 * Wraps and unwraps with the user's gpg, and where that fails with keyrings in process. (Upstream tries the keyrings first; those
 * of today's GnuPG it cannot read.) Upstream: `pgp/keysource.go`.
 */
export function createPgpAccess(host: KeyHost, keyring: KeyringAccess = createKeyringAccess(host)): KeyService {
  return {
    async wrap(key, plaintext) {
      const fingerprint = textField(key, 'fp');
      const result = await runGpg(host, encryptArguments(fingerprint), plaintext);
      if (result?.status === 0) return text(result.stdout).trim();
      return orExplain('encrypt', text(result?.stderr).trim(), () => keyring.encrypt(fingerprint, plaintext));
    },
    async unwrap(key) {
      const result = await runGpg(host, ['-d'], new TextEncoder().encode(key.enc));
      if (result?.status === 0 && result.stdout.length > 0) return result.stdout;
      const reason = result?.status === 0 ? 'zero bytes returned' : text(result?.stderr).trim();
      return orExplain('decrypt', reason, () => keyring.decrypt(key.enc));
    },
  };
}

async function orExplain<Result>(
  verb: 'encrypt' | 'decrypt',
  gpgReason: string,
  inProcess: () => Promise<Result>,
): Promise<Result> {
  try {
    return await inProcess();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SopsError(
      'generic',
      `could not ${verb} data key with PGP key: github.com/ProtonMail/go-crypto/openpgp error: ${reason}; ` +
        `GnuPG binary error: failed to ${verb} sops data key with pgp: ${gpgReason}`,
    );
  }
}

function encryptArguments(fingerprint: string): string[] {
  return [
    '--no-default-recipient',
    '--yes',
    '--encrypt',
    '-a',
    '-r',
    fingerprint,
    '--trusted-key',
    shortened(fingerprint),
    '--no-encrypt-to',
  ];
}

/** The last 16 digits; an exclamation mark, which asks for exactly that subkey, stays. */
function shortened(fingerprint: string): string {
  return fingerprint.slice(fingerprint.endsWith('!') ? -17 : -16);
}

/** Undefined when gpg cannot be started. */
async function runGpg(host: KeyHost, args: readonly string[], input: Uint8Array): Promise<RunResult | undefined> {
  try {
    return await host.run(host.env('SOPS_GPG_EXEC') || 'gpg', args, { input });
  } catch {
    return undefined;
  }
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
