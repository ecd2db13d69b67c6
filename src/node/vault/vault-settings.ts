/** What the environment says about Vault. Source: `github.com/hashicorp/vault/api` 1.23 (`client.go`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { SopsError } from '../../core/errors.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { goErrorText } from '../go-errors.ts';
import { certificatesIn } from '../http/certificates.ts';
import type { Variables } from '../http/proxy.ts';
import { parseProxy } from '../http/proxy.ts';

const DEFAULT_ADDRESS = 'https://127.0.0.1:8200';
const DEFAULT_RETRIES = 2;

export interface VaultSettings {
  readonly token: string;
  /** Sent with each request besides the token. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ConnectionOptions;
  readonly proxy: URL | undefined;
  /** Milliseconds; undefined: the usual. */
  readonly timeout: number | undefined;
  /** How often a request that fails for a passing reason is tried again. */
  readonly retries: number;
  readonly followsRedirects: boolean;
}

/** The server that counts when nothing else names one: `VAULT_AGENT_ADDR`, `VAULT_ADDR`, or the local one. */
export function defaultVaultAddress(env: Variables): string {
  return env['VAULT_AGENT_ADDR'] || env['VAULT_ADDR'] || DEFAULT_ADDRESS;
}

/**
 * Reads the `VAULT_…` variables and `~/.vault-token`.
 *
 * @throws SopsError `generic` for a variable that makes no sense or names a file that cannot be read
 */
export function readVaultSettings(env: Variables): VaultSettings {
  const proxy = env['VAULT_PROXY_ADDR'] || env['VAULT_HTTP_PROXY'];
  return {
    token: readToken(env),
    headers: { 'x-vault-request': 'true', ...namespaceHeader(env), ...extraHeaders(env) },
    tls: tlsOptions(env),
    proxy: proxy ? parseProxy(proxy) : undefined,
    timeout: duration(env, 'VAULT_CLIENT_TIMEOUT'),
    retries: count(env, 'VAULT_MAX_RETRIES') ?? DEFAULT_RETRIES,
    followsRedirects: !flag(env, 'VAULT_DISABLE_REDIRECTS'),
  };
}

function readToken(env: Variables): string {
  const token = env['VAULT_TOKEN'] || tokenOfFile(env);
  if (/^[\x20-\x7e]*$/.test(token)) return token;
  throw unusable('configured Vault token contains non-printable characters and cannot be used');
}

function tokenOfFile(env: Variables): string {
  const home = env['HOME'] ?? env['USERPROFILE'];
  if (!home) return '';
  try {
    return readFileSync(join(home, '.vault-token'), 'utf8').trim();
  } catch {
    return '';
  }
}

function namespaceHeader(env: Variables): Record<string, string> {
  const namespace = env['VAULT_NAMESPACE'];
  return namespace ? { 'x-vault-namespace': namespace } : {};
}

function extraHeaders(env: Variables): Record<string, string> {
  const text = env['VAULT_HEADERS'];
  if (!text) return {};
  const headers = Object.entries(parseObject(text));
  const own = headers.filter(([name]) => /^x-vault-/i.test(name)).map(([name]) => name);
  if (own.length > 0) {
    throw unusable(
      `failed to setup Headers[${own.join(', ')}]: Header starting by 'X-Vault-' are for internal usage only`,
    );
  }
  return Object.fromEntries(
    headers.map(([name, value]) => {
      if (typeof value !== 'string') throw unusable('environment-supplied headers include non-string values');
      return [name.toLowerCase(), value];
    }),
  );
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw unusable('could not unmarshal environment-supplied headers');
}

function tlsOptions(env: Variables): ConnectionOptions {
  const certificate = env['VAULT_CLIENT_CERT'] || undefined;
  const key = env['VAULT_CLIENT_KEY'] || undefined;
  if ((certificate === undefined) !== (key === undefined)) {
    throw unusable('both client cert and client key must be provided');
  }
  const authorities = readAuthorities(env);
  const serverName = env['VAULT_TLS_SERVER_NAME'];
  return {
    ...(certificate === undefined || key === undefined ? {} : { cert: read(certificate), key: read(key) }),
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(serverName ? { servername: serverName } : {}),
    ...(flag(env, 'VAULT_SKIP_VERIFY') ? { rejectUnauthorized: false } : {}),
  };
}

/** They replace those of the system. */
function readAuthorities(env: Variables): string[] | undefined {
  const file = env['VAULT_CACERT'];
  if (file) return [read(file)];
  const text = env['VAULT_CACERT_BYTES'];
  if (text) return [text];
  const folder = env['VAULT_CAPATH'];
  return folder ? certificatesIn(folder) : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(goErrorText('open', file, error), error);
  }
}

function flag(env: Variables, name: string): boolean {
  const text = env[name];
  if (!text) return false;
  if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(?:0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw unusable(`could not parse ${name}`);
}

function count(env: Variables, name: string): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw unusable(`could not parse ${quoted(name)}`);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

/** Seconds, or a Go duration such as `1m30s`. */
function duration(env: Variables, name: string): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000 || undefined;
  if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) throw unusable(`could not parse ${quoted(name)}`);
  let sum = 0;
  for (const [, digits, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)) {
    sum += Number(digits) * (UNITS.get(unit) ?? 0);
  }
  return sum || undefined;
}

function unusable(reason: string, cause?: unknown): SopsError {
  return new SopsError('generic', `error encountered setting up default configuration: ${reason}`, { cause });
}
