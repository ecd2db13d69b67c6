/** The connection of one HTTP request: direct or through a proxy, in clear or with TLS. */
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectSocket, isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import { ConnectionError } from './http-error.ts';

const CONNECT_TIMEOUT = 10_000;

export interface ConnectionSettings {
  readonly proxy?: URL | undefined;
  /** A Unix socket that stands for every host. */
  readonly socketPath?: string | undefined;
  readonly tls: ConnectionOptions;
}

/**
 * Connects to the host of a URL. For a URL without TLS the proxy itself is the other end.
 *
 * @throws Node's error, or ConnectionError
 */
export async function openConnection(url: URL, { proxy, socketPath, tls }: ConnectionSettings): Promise<Socket> {
  if (socketPath !== undefined) return connected(connectSocket({ path: socketPath }), 'connect', `unix ${socketPath}`);
  if (proxy === undefined) return url.protocol === 'https:' ? secured(await dial(url), url, tls) : dial(url);
  const toProxy = await dial(proxy);
  const plain = proxy.protocol === 'https:' ? await secured(toProxy, proxy, {}) : toProxy;
  return url.protocol === 'https:' ? secured(await tunnel(plain, url, proxy), url, tls) : plain;
}

/** The header that a proxy wants; undefined when its address names no user. */
export function proxyAuthorization(proxy: URL): string | undefined {
  return proxy.username === '' && proxy.password === '' ? undefined : basicAuthorization(proxy);
}

/** HTTP's basic authentication with the user of a URL. Source: RFC 7617. */
export function basicAuthorization(url: URL): string {
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

function dial(url: URL): Promise<Socket> {
  const host = hostOf(url);
  const port = portOf(url);
  return connected(connectSocket({ host, port }), 'connect', `tcp ${url.hostname}:${port}`);
}

function secured(socket: Socket, url: URL, options: ConnectionOptions): Promise<Socket> {
  const host = hostOf(url);
  const name = isIP(host) > 0 ? {} : { servername: host };
  return connected(connectTls({ host, ...name, ...options, socket }), 'secureConnect', `tcp ${url.hostname}`);
}

function tunnel(socket: Socket, url: URL, proxy: URL): Promise<Socket> {
  const target = `${url.hostname}:${portOf(url)}`;
  const authorization = proxyAuthorization(proxy);
  return new Promise((resolve, reject) => {
    const asking = request({
      createConnection: () => socket,
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
    });
    asking.once('error', reject);
    asking.once('connect', (response) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(
          new ConnectionError(
            `the proxy refused the connection: ${response.statusCode ?? ''} ${response.statusMessage ?? ''}`,
          ),
        );
      }
    });
    asking.end();
  });
}

function connected(socket: Socket, event: 'connect' | 'secureConnect', label: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy(new ConnectionError(`dial ${label}: i/o timeout`));
    }, CONNECT_TIMEOUT);
    const onError = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    // Stays: whoever uses the socket may not listen yet when it breaks.
    socket.on('error', onError);
    socket.once('close', () => {
      onError(new ConnectionError('EOF'));
    });
    socket.once(event, () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}
