/** One HTTP request, as all services need it: through proxies, with the certificates of the environment, within a time. */
import type { IncomingHttpHeaders } from 'node:http';
import { request as requestHttp } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { trustedCertificates } from './certificates.ts';
import { basicAuthorization, openConnection, proxyAuthorization } from './http-connection.ts';
import { ConnectionError, HttpError } from './http-error.ts';
import type { Variables } from './proxy.ts';
import { findProxy } from './proxy.ts';

const TIMEOUT = 60_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface HttpRequest {
  readonly method: string;
  /** `http:` or `https:`; a user in it becomes a header. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpClientOptions {
  readonly env: Variables;
  /** Milliseconds for a request as a whole; 60,000 when left out. */
  readonly timeout?: number | undefined;
  /** Instead of the proxy that the environment names. */
  readonly proxy?: URL | undefined;
  /** A Unix socket that stands for every host. */
  readonly socketPath?: string | undefined;
  /** Added to TLS connections, or instead of the environment's authorities. */
  readonly tls?: ConnectionOptions | undefined;
}

export interface HttpClient {
  /** @throws HttpError when there is no answer; any status is one */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  let tls: ConnectionOptions | undefined;
  return {
    async request(request) {
      const { method, url } = request;
      try {
        const proxy = options.proxy ?? (options.socketPath === undefined ? findProxy(url, options.env) : undefined);
        if (url.protocol === 'https:') tls ??= { ca: trustedCertificates(options.env), ...options.tls };
        const { socketPath } = options;
        const deadline = AbortSignal.timeout(options.timeout ?? TIMEOUT);
        return await exchange(request, { proxy, socketPath, tls: tls ?? {} }, deadline);
      } catch (error) {
        throw new HttpError(method, url, error);
      }
    },
  };
}

async function exchange(
  { method, url, headers = {}, body }: HttpRequest,
  settings: Parameters<typeof openConnection>[1],
  deadline: AbortSignal,
): Promise<HttpResponse> {
  const socket = await openConnection(url, settings);
  const path = url.pathname + url.search;
  const proxy = url.protocol === 'http:' ? settings.proxy : undefined;
  const proxyUser = proxy === undefined ? undefined : proxyAuthorization(proxy);
  return new Promise((resolve, reject) => {
    const onDeadline = (): void => {
      socket.destroy(new ConnectionError('context deadline exceeded'));
    };
    if (deadline.aborted) onDeadline();
    deadline.addEventListener('abort', onDeadline);
    const fail = (error: Error): void => {
      deadline.removeEventListener('abort', onDeadline);
      socket.destroy();
      reject(error);
    };
    const asking = requestHttp({
      createConnection: () => socket,
      method,
      path: proxy === undefined ? path : `http://${url.host}${path}`,
      headers: {
        host: url.host,
        connection: 'close',
        'user-agent': 'sops-ts',
        ...(url.username === '' ? {} : { authorization: basicAuthorization(url) }),
        ...(proxyUser === undefined ? {} : { 'proxy-authorization': proxyUser }),
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    asking.once('error', fail);
    asking.once('response', (response) => {
      const chunks: Buffer[] = [];
      let received = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        received += chunk.length;
        if (received > MAX_BODY_BYTES) fail(new ConnectionError('the answer is too large'));
      });
      response.once('error', fail);
      response.once('aborted', () => {
        fail(new ConnectionError('unexpected EOF'));
      });
      response.once('end', () => {
        deadline.removeEventListener('abort', onDeadline);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    asking.end(body);
  });
}
