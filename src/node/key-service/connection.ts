/** HTTP/2 in clear text over TCP or a Unix socket. */
import type { ClientHttp2Session } from 'node:http2';
import { connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectSocket } from 'node:net';
import { quoted } from '../../core/keys/quoted.ts';
import { networkReason } from '../network-errors.ts';
import type { Endpoint } from './endpoint.ts';
import { dialError, resolveTarget } from './endpoint.ts';
import { RpcError } from './rpc-error.ts';
import type { Target } from './target.ts';

const CONNECT_TIMEOUT = 10_000;

/**
 * Connects to a key service: to the first of its addresses that takes the connection.
 *
 * @returns a session that does not keep the process alive by itself
 * @throws RpcError `Unavailable`, as the last address failed
 */
export async function connectTo(target: Target): Promise<ClientHttp2Session> {
  let failure: unknown;
  for (const endpoint of await resolveTarget(target)) {
    try {
      const session = await openSession(await openSocket(endpoint), endpoint);
      session.unref();
      return session;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function openSocket({ label, options }: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(options);
    const fail = (reason: string, cause?: unknown): void => {
      socket.destroy();
      reject(dialError(label, reason, cause));
    };
    const timer = setTimeout(() => {
      fail('i/o timeout');
    }, CONNECT_TIMEOUT);
    const onError = (error: Error): void => {
      clearTimeout(timer);
      fail(`connect: ${networkReason(error)}`, error);
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

/** Waits for the other side's settings, which prove that it speaks HTTP/2. */
function openSession(socket: Socket, { label }: Endpoint): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2('http://localhost', {
      createConnection: () => socket,
      // Node 22.17 has it: Go's reasons may start or end with a blank, and would be dropped.
      ...{ strictFieldWhitespaceValidation: false },
    });
    const fail = (reason: string, cause?: unknown): void => {
      clearTimeout(timer);
      session.destroy();
      const text = quoted(`error reading server preface: ${reason}`);
      reject(new RpcError('Unavailable', `connection error: desc = ${text}`, { cause }));
    };
    const timer = setTimeout(() => {
      fail(`read ${label}: i/o timeout`);
    }, CONNECT_TIMEOUT);
    // Stays: an error without a listener would end the process.
    session.on('error', (error) => {
      fail(networkReason(error), error);
    });
    session.once('close', () => {
      fail('EOF');
    });
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      resolve(session);
    });
  });
}
