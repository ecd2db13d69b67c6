/** Listening as Go's `net.Listen` does, with its error texts. */
import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import type { Server } from 'node:net';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { SopsError } from '../../core/errors.ts';
import { systemCode } from '../go-errors.ts';
import { networkReason } from '../network-errors.ts';
import { joinHostPort, socketPath } from './endpoint.ts';

/** What a server listens on. */
export interface ListenAddress {
  /** `tcp`, `tcp4`, `tcp6` or `unix` */
  readonly network: string;
  /** `host:port` (no host: every address of this machine; no port, or 0: any free one), or the path of the socket to be made */
  readonly address: string;
}

/** A socket's path has at most this many bytes. Source: unix(7). */
const LONGEST_SOCKET_PATH = 107;

/**
 * Makes a server listen. A Unix socket gets the permissions that the umask leaves, and is removed when the server closes.
 *
 * @throws SopsError `generic` with Go's text: `listen tcp 127.0.0.1:5000: bind: address already in use`
 */
export async function listen(server: Server, { network, address }: ListenAddress): Promise<void> {
  if (network === 'unix') {
    if (Buffer.byteLength(address) > LONGEST_SOCKET_PATH) throw listenError(`unix ${address}: bind: invalid argument`);
    return start(server, { path: socketPath(address) }, `unix ${address}`);
  }
  const families: Readonly<Record<string, number>> = { tcp: 0, tcp4: 4, tcp6: 6 };
  const family = families[network];
  if (family === undefined) throw unknownNetwork(network);
  const { host, port } = splitAddress(network, address);
  if (host === '') {
    // An unspecified address means both families, but for a network of one.
    const options = family === 0 ? { port } : { port, host: family === 4 ? '0.0.0.0' : '::', ipv6Only: family === 6 };
    return start(server, options, `${network} :${port}`);
  }
  const found = await addressOf(network, host, family);
  return start(server, { host: found, port }, `${network} ${joinHostPort(found, String(port))}`);
}

function start(
  server: Server,
  options: { path: string } | { host?: string; port: number },
  label: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      reject(listenError(`${label}: bind: ${bindReason(error, 'path' in options ? options.path : undefined)}`, error));
    };
    server.once('error', onError);
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    server.listen({ ...options, exclusive: true });
    // An error, or the address of a name, comes later.
    if (server.listening) onListening();
    else server.once('listening', onListening);
  });
}

function bindReason(error: Error, socket: string | undefined): string {
  // libuv reports EACCES where the system said ENOENT, as on Windows.
  const isFolderMissing = systemCode(error) === 'EACCES' && socket !== undefined && !existsSync(dirname(socket));
  return isFolderMissing ? 'no such file or directory' : networkReason(error);
}

function splitAddress(network: string, address: string): { host: string; port: number } {
  if (address === '') return { host: '', port: 0 };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(address) ?? [];
  if (port === undefined) {
    const isPortMissing = !address.includes(':') || /^\[[^\]]*\]$/.test(address);
    const reason = isPortMissing ? 'missing port in address' : 'too many colons in address';
    throw listenError(`${network}: address ${address}: ${reason}`);
  }
  if (!/^[+-]?\d*$/.test(port)) throw listenError(`${network}: lookup ${network}/${port}: unknown port`);
  const number = Number(port);
  if (number < 0 || number > 65_535) throw listenError(`${network}: address ${port}: invalid port`);
  return { host: bracketed ?? plain ?? '', port: number };
}

async function addressOf(network: string, host: string, family: number): Promise<string> {
  let addresses: string[];
  try {
    addresses = (await lookup(host, { all: true, verbatim: false })).map(({ address }) => address);
  } catch (error) {
    throw listenError(`${network}: lookup ${host}: no such host`, error);
  }
  const found = addresses.find((address) => family === 0 || isIP(address.replace(/%.*$/, '')) === family);
  if (found !== undefined) return found;
  throw listenError(`${network}: address ${addresses[0] ?? host}: no suitable address found`);
}

function unknownNetwork(network: string): SopsError {
  return listenError(network === '' ? `: unknown network ` : `${network}: unknown network ${network}`);
}

function listenError(text: string, cause?: unknown): SopsError {
  return new SopsError('generic', text.startsWith(':') ? `listen${text}` : `listen ${text}`, { cause });
}
