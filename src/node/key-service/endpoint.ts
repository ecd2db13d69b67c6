/** What a target stands for on the network. Source: the `unix` and `dns` resolvers of gRPC for Go. */
import { lookup } from 'node:dns/promises';
import type { NetConnectOpts } from 'node:net';
import { isIP } from 'node:net';
import { quoted } from '../../core/keys/quoted.ts';
import { RpcError } from './rpc-error.ts';
import type { Target } from './target.ts';

const DEFAULT_PORT = '443';

/** The networks, and the addresses that belong to them. */
const FAMILIES: ReadonlyMap<string, 4 | 6 | undefined> = new Map([
  ['tcp', undefined],
  ['tcp4', 4],
  ['tcp6', 6],
]);

/** One place to connect to, and what Go calls it. */
export interface Endpoint {
  /** `tcp 127.0.0.1:5000`, `unix /run/sops.sock` */
  readonly label: string;
  readonly options: NetConnectOpts;
}

/** The endpoints of a target, in the order in which they are to be tried; at least one. @throws RpcError */
export async function resolveTarget(target: Target): Promise<Endpoint[]> {
  if (target.kind === 'unix') return [unixEndpoint(target.path, target.authority)];
  const { host, port } = splitHost(target.host);
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host);
  const { network } = target;
  if (!FAMILIES.has(network)) throw dialError(network, `unknown network ${network}`);
  if (Number(port) > 65_535) throw dialError(network, `address ${port}: invalid port`);
  const family = FAMILIES.get(network);
  const suitable = addresses.filter((address) => family === undefined || familyOf(address) === family);
  const [first = host] = addresses;
  if (suitable.length === 0) throw dialError(network, `address ${first}: no suitable address found`);
  return suitable.map((address) => ({
    label: `${network} ${joinHostPort(address, port)}`,
    options: { host: address, port: Number(port) },
  }));
}

/** What a call ends with when the connection cannot be made. */
export function dialError(label: string, reason: string, cause?: unknown): RpcError {
  const text = quoted(`transport: Error while dialing: dial ${label}: ${reason}`);
  return new RpcError('Unavailable', `connection error: desc = ${text}`, { cause });
}

/** An abstract socket's name starts with a NUL, which is written as `@`. */
export function socketPath(path: string): string {
  return path.startsWith('@') ? `\0${path.slice(1)}` : path;
}

export function joinHostPort(host: string, port: string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function unixEndpoint(path: string, authority: string): Endpoint {
  if (authority !== '') throw new RpcError('Unavailable', `invalid (non-empty) authority: ${authority}`);
  if (path === '') throw dialError('unix', 'missing address');
  return { label: `unix ${path}`, options: { path: socketPath(path) } };
}

function splitHost(text: string): { host: string; port: string } {
  if (text === '') throw new RpcError('Unavailable', 'dns resolver: missing address');
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) > 0) return { host: bare, port: DEFAULT_PORT };
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::([0-9]*))?$/.exec(text) ?? [];
  if (bracketed === undefined && plain === '' && port === undefined) {
    throw new RpcError('Unavailable', `invalid target address ${text}`);
  }
  if (port === '') throw new RpcError('Unavailable', 'dns resolver: missing port after port-separator colon');
  return { host: bracketed ?? (plain || 'localhost'), port: port ?? DEFAULT_PORT };
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true, verbatim: true });
    return found.map(({ address }) => address);
  } catch (error) {
    throw new RpcError('Unavailable', 'name resolver error: produced zero addresses', { cause: error });
  }
}

function familyOf(address: string): 4 | 6 {
  return isIP(address.replace(/%.*$/, '')) === 6 ? 6 : 4;
}
