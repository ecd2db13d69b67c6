import { SopsError } from '../../core/errors.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { systemCode } from '../go-errors.ts';
import { networkReason } from '../network-errors.ts';

/** Texts of Go's `crypto/x509` for what OpenSSL finds wrong with a certificate. */
const CERTIFICATE_REASONS: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'certificate has expired or is not yet valid'],
  ['CERT_NOT_YET_VALID', 'certificate has expired or is not yet valid'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate signed by unknown authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate is not valid for this host'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate signed by unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'certificate signed by unknown authority'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate signed by unknown authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate signed by unknown authority'],
]);

/** A request that got no answer; the message is that of Go's HTTP client, without user names and passwords. */
export class HttpError extends SopsError {
  override readonly name: string = 'HttpError';
  /** Whether another attempt makes sense. */
  readonly isPassing: boolean;

  constructor(method: string, url: URL, error: unknown) {
    const certificateReason = CERTIFICATE_REASONS.get(codeOf(error) ?? '');
    const reason =
      certificateReason === undefined
        ? connectionReason(error)
        : `tls: failed to verify certificate: x509: ${certificateReason}`;
    const name = method.charAt(0) + method.slice(1).toLowerCase();
    super('generic', `${name} ${quoted(withoutPassword(url))}: ${reason}`, {
      cause: error,
      ...(certificateReason?.endsWith('authority') ? { hint: AUTHORITY_HINT } : {}),
    });
    this.isPassing = certificateReason === undefined;
  }
}

const AUTHORITY_HINT = 'let SSL_CERT_FILE name the file that holds the certificate of the authority';

/** A connection that took too long, or was refused by a proxy, in Go's words. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError';
}

function withoutPassword(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function connectionReason(error: unknown): string {
  // Several addresses were tried.
  if (error instanceof AggregateError) return connectionReason(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConnectionError) return error.message;
  const { syscall, address, port, hostname } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
    hostname?: string;
  };
  if (syscall === 'getaddrinfo') return `dial tcp: lookup ${hostname ?? ''}: no such host`;
  if (syscall !== 'connect') return systemCode(error) === undefined ? error.message : `read: ${networkReason(error)}`;
  if (address === undefined) return `dial: connect: ${networkReason(error)}`;
  if (port === undefined) return `dial unix ${address}: connect: ${networkReason(error)}`;
  const host = address.includes(':') ? `[${address}]` : address;
  return `dial tcp ${host}:${port}: connect: ${networkReason(error)}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
