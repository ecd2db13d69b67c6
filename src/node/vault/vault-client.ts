/** Requests to Vault's HTTP API. Source: `github.com/hashicorp/vault/api` 1.23 (`client.go`, `response.go`). */
import { posix } from 'node:path';
import { SopsError } from '../../core/errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../http/http-client.ts';
import { createHttpClient } from '../http/http-client.ts';
import { HttpError } from '../http/http-error.ts';
import type { Variables } from '../http/proxy.ts';
import type { VaultSettings } from './vault-settings.ts';
import { readVaultSettings } from './vault-settings.ts';

const MIN_RETRY_WAIT = 1000;
const MAX_RETRY_WAIT = 1500;
const REDIRECTS = new Set([301, 302, 307]);
const UNIX = 'unix://';

interface VaultRequest {
  readonly method: 'GET' | 'PUT';
  /** Below `/v1/`, not escaped. */
  readonly path: string;
  /** JSON. */
  readonly body?: string | undefined;
}

export interface VaultClient {
  /**
   * Sends a request, again after a while when it fails for a passing reason.
   *
   * @returns the answer when its status is below 400
   * @throws VaultError for another status; HttpError when there is no answer
   */
  request(request: VaultRequest): Promise<HttpResponse>;
}

/** An answer that reports an error. The message is that of Go's client, of several lines. */
export class VaultError extends SopsError {
  override readonly name: string = 'VaultError';
  readonly status: number;

  constructor(request: HttpRequest, { status, body }: HttpResponse) {
    const errors = errorsOf(body);
    const heading = errors === undefined ? 'Raw Message' : 'Errors';
    const details = errors?.map((text) => `* ${text}`).join('') ?? body.toString();
    const namespace = request.headers?.['x-vault-namespace'];
    const lines = [
      ...(namespace === undefined || namespace === 'root/' ? [] : [`Namespace: ${namespace}`]),
      `URL: ${request.method} ${request.url.href}`,
      `Code: ${status}. ${heading}:`,
    ];
    super('generic', `Error making API request.\n\n${lines.join('\n')}\n\n${details}`);
    this.status = status;
  }
}

/**
 * Makes a client for one server.
 *
 * @param address - `http(s)://host:port`, or `unix://` and the path of a socket
 * @param env - the `VAULT_…` variables, and those for proxies and certificates
 * @throws SopsError `generic` as `readVaultSettings`, and for an address that cannot be parsed
 */
export function createVaultClient(address: string, env: Variables): VaultClient {
  const settings = readVaultSettings(env);
  const socketPath = address.startsWith(UNIX) ? address.slice(UNIX.length) : undefined;
  const base = parseAddress(socketPath === undefined ? address : 'http://localhost');
  const { tls, proxy, timeout } = settings;
  const http = createHttpClient({ env, tls, proxy, timeout, socketPath });
  const headers = { ...settings.headers, ...(settings.token === '' ? {} : { 'x-vault-token': settings.token }) };
  return {
    async request({ method, path, body }) {
      const url = new URL(base);
      url.pathname = escapePath(posix.join('/', base.pathname, 'v1', path));
      const request: HttpRequest = { method, url, headers, body };
      const response = await sendFollowing(http, request, settings);
      if (response.status >= 400) throw new VaultError(request, response);
      return response;
    },
  };
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new SopsError(
    'generic',
    'failed to set address: the address of the Vault server has to start with http:// or https://',
  );
}

/** Each segment escaped; `new URL` would take `?` and `#` for its own, and resolve `..`. */
function escapePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** One redirect is followed, as to the active node of a cluster, but never from TLS to none. */
async function sendFollowing(http: HttpClient, request: HttpRequest, settings: VaultSettings): Promise<HttpResponse> {
  const response = await sendRetrying(http, request, settings.retries);
  const location = response.headers.location;
  if (!REDIRECTS.has(response.status) || location === undefined || !settings.followsRedirects) return response;
  const url = new URL(location, request.url);
  if (request.url.protocol === 'https:' && url.protocol !== 'https:') {
    throw new SopsError('generic', 'redirect would cause protocol downgrade');
  }
  return sendRetrying(http, { ...request, url }, settings.retries);
}

async function sendRetrying(http: HttpClient, request: HttpRequest, retries: number): Promise<HttpResponse> {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await http.request(request);
      if (attempt === retries || !isPassing(response.status)) return response;
    } catch (error) {
      if (attempt === retries || !(error instanceof HttpError) || !error.isPassing) throw error;
    }
    const wait = (MIN_RETRY_WAIT + Math.random() * (MAX_RETRY_WAIT - MIN_RETRY_WAIT)) * (attempt + 1);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function isPassing(status: number): boolean {
  return status === 412 || status === 429 || (status >= 500 && status !== 501);
}

function errorsOf(body: Buffer): string[] | undefined {
  try {
    const { errors } = JSON.parse(body.toString()) as { errors?: unknown };
    return Array.isArray(errors) ? errors.map(String) : [];
  } catch {
    return undefined;
  }
}
