/** Which proxy a request goes through. Source: `golang.org/x/net/http/httpproxy`, which Go's HTTP client uses. */
import { BlockList, isIP } from 'node:net';

/** Variables of the environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A proxy variable that cannot be understood. */
export class ProxyError extends Error {
  override readonly name: string = 'ProxyError';
}

/**
 * The proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or their lower-case forms) name for a URL; undefined when there is
 * none. Names and addresses of this machine are never proxied.
 *
 * @throws ProxyError
 */
export function findProxy(url: URL, env: Variables): URL | undefined {
  const isTls = url.protocol === 'https:';
  // A web server gives scripts their clients' headers as variables, HTTP_PROXY among them.
  if (!isTls && env['REQUEST_METHOD']) return undefined;
  const text = isTls ? variable(env, 'HTTPS_PROXY') : variable(env, 'HTTP_PROXY');
  if (text === '' || !isProxied(url, variable(env, 'NO_PROXY'))) return undefined;
  return parseProxy(text);
}

/** Reads the address of a proxy; without a scheme it is `http://`. @throws ProxyError */
export function parseProxy(text: string): URL {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  if (url !== undefined) throw new ProxyError(`proxies of type ${url.protocol.slice(0, -1)} are not supported`);
  throw new ProxyError('the address of the proxy cannot be parsed');
}

function variable(env: Variables, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

function isProxied(url: URL, exceptions: string): boolean {
  const host = hostOf(url);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || isLoopback(host)) return false;
  return !exceptions.split(',').some((entry) => matches(entry.trim().toLowerCase(), host, port));
}

/** Without the brackets of an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** An entry of `NO_PROXY`: `*`, an address, a CIDR block, `.domain` (only below it) or `domain`, with or without a port. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const block = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (block !== null) return isInBlock(host, block[1] ?? '', Number(block[2]));
  const [, name = entry, onlyPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const pattern = name.replace(/^\[(.*)\]$/, '$1').replace(/^\*\./, '.');
  if (isIP(pattern) > 0) return pattern === host;
  return pattern.startsWith('.') ? host.endsWith(pattern) : host === pattern || host.endsWith(`.${pattern}`);
}

function isInBlock(host: string, network: string, bits: number): boolean {
  const family = isIP(host);
  if (family === 0 || family !== isIP(network) || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
