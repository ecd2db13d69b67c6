/** Which certificate authorities are trusted. Source: Go's `crypto/x509` (`root_unix.go`, `root_linux.go`). */
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Variables } from './proxy.ts';

const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * The authorities, as PEM texts: those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, else the system's, and those of
 * `NODE_EXTRA_CA_CERTS`. Undefined where none is found, which leaves Node's own.
 */
export function trustedCertificates(env: Variables): string[] | undefined {
  const file = env['SSL_CERT_FILE'] || undefined;
  const folders = env['SSL_CERT_DIR'] || undefined;
  const found = file === undefined ? systemCertificates() : read(file);
  if (folders !== undefined) for (const folder of folders.split(delimiter)) found.push(...certificatesIn(folder));
  if (found.length === 0) return undefined;
  const extra = env['NODE_EXTRA_CA_CERTS'] || undefined;
  return extra === undefined ? found : [...found, ...read(extra)];
}

/** The certificates of every file of a folder; files that hold none are passed over. */
export function certificatesIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => read(join(folder, name)));
  } catch {
    return [];
  }
}

function systemCertificates(): string[] {
  for (const file of SYSTEM_FILES) {
    const found = read(file);
    if (found.length > 0) return found;
  }
  return [];
}

function read(file: string): string[] {
  try {
    const text = readFileSync(file, 'latin1');
    return text.includes('-----BEGIN CERTIFICATE-----') ? [text] : [];
  } catch {
    return [];
  }
}
