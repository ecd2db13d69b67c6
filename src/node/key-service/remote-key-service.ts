/** A key service over gRPC. Upstream 3.13.3: `keyservice/keyservice_grpc.pb.go` on gRPC for Go, whose error texts these are. */

import { STATUS_CODES } from 'node:http';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { constants } from 'node:http2';
import type { KeyService, MasterKey } from '../../core/keys/master-key.ts';
import { quoted } from '../../core/keys/quoted.ts';
import { networkReason } from '../network-errors.ts';
import { connectTo } from './connection.ts';
import { decodeStatusText, frameMessage, MessageReader } from './grpc-message.ts';
import { decodeResponse, encOf, encodeRequest } from './messages.ts';
import { ProtobufError } from './protobuf.ts';
import type { RpcCodeName } from './rpc-error.ts';
import { RpcError } from './rpc-error.ts';
import type { Target } from './target.ts';

/** A key service in another process. */
export interface RemoteKeyService extends KeyService {
  /** Ends the connection, if there is one; the next call makes a new one. */
  close(): void;
}

/**
 * Makes the client of a key service. It connects at the first call and keeps the connection, which does not keep the process
 * alive. Calls have no deadline of their own, since the other side may be asking its user.
 *
 * The data key crosses the connection in clear: use Unix sockets, the loopback interface, or a tunnel.
 *
 * @param target - from `parseTarget`
 */
export function createRemoteKeyService(target: Target): RemoteKeyService {
  let connecting: Promise<ClientHttp2Session> | undefined;
  /** Calls in progress: only they keep the process alive. */
  let calls = 0;
  return {
    async wrap(key, plaintext) {
      return decoded(encOf, await call('Encrypt', key, plaintext));
    },
    unwrap(key) {
      return call('Decrypt', key, Buffer.from(key.enc));
    },
    close() {
      connecting?.then(
        (session) => {
          session.close();
        },
        () => undefined,
      );
      connecting = undefined;
    },
  };

  async function call(method: string, key: MasterKey, bytes: Uint8Array): Promise<Uint8Array> {
    const session = await openSession();
    calls++;
    session.ref();
    try {
      return decoded(decodeResponse, await callMethod(session, `/KeyService/${method}`, encodeRequest(key, bytes)));
    } finally {
      calls--;
      if (calls === 0) session.unref();
    }
  }

  /** The connection that there is, else a new one. */
  async function openSession(): Promise<ClientHttp2Session> {
    for (;;) {
      const current = (connecting ??= connectTo(target));
      try {
        const session = await current;
        if (!session.closed && !session.destroyed) return session;
        forget(current);
      } catch (error) {
        forget(current);
        throw error;
      }
    }
  }

  function forget(connection: Promise<ClientHttp2Session>): void {
    if (connecting === connection) connecting = undefined;
  }
}

function decoded<T>(decode: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new RpcError('Internal', `grpc: failed to unmarshal the received message: ${error.message}`, {
      cause: error,
    });
  }
}

/** Node drops a reason that starts or ends with a blank, as some of Go's do. */
const NO_REASON = 'the key service refused the request; its own log may tell why';

/** What came back on a stream. */
interface Exchange {
  headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  trailers: IncomingHttpHeaders | undefined;
  readonly message: MessageReader;
  failure: RpcError | undefined;
}

/** One unary call. @throws RpcError */
async function callMethod(session: ClientHttp2Session, path: string, request: Uint8Array): Promise<Uint8Array> {
  const stream = openStream(session, path);
  const exchange = await exchangeOver(stream, request);
  return messageOf(exchange, stream.rstCode);
}

function openStream(session: ClientHttp2Session, path: string): ClientHttp2Stream {
  try {
    return session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: path,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
      [constants.HTTP2_HEADER_USER_AGENT]: 'sops-ts',
    });
  } catch (error) {
    throw new RpcError('Unavailable', `error reading from server: ${networkReason(error)}`, { cause: error });
  }
}

function exchangeOver(stream: ClientHttp2Stream, request: Uint8Array): Promise<Exchange> {
  const exchange: Exchange = { headers: {}, trailers: undefined, message: new MessageReader(), failure: undefined };
  return new Promise((resolve) => {
    stream.on('response', (headers: Exchange['headers']) => {
      exchange.headers = headers;
    });
    stream.on('trailers', (trailers: IncomingHttpHeaders) => {
      exchange.trailers = trailers;
    });
    stream.on('data', (chunk: Buffer) => {
      if (!exchange.message.push(chunk)) stream.close(constants.NGHTTP2_CANCEL);
    });
    stream.on('error', (error: Error) => {
      exchange.failure = new RpcError('Unavailable', `error reading from server: ${networkReason(error)}`, {
        cause: error,
      });
    });
    stream.on('close', () => {
      resolve(exchange);
    });
    stream.end(frameMessage(request));
  });
}

/** What the other side sent says more than how the connection ended. */
function messageOf(
  { headers, trailers = headers, message, failure }: Exchange,
  resetCode: number | undefined,
): Uint8Array {
  const httpStatus = headers[':status'];
  const status = trailers['grpc-status'];
  if (typeof status === 'string' && status !== '0') {
    const text = trailers['grpc-message'];
    const code = /^\d+$/.test(status) ? Number(status) : 'Unknown';
    throw new RpcError(code, typeof text === 'string' ? decodeStatusText(text) : NO_REASON);
  }
  if (httpStatus !== undefined && httpStatus !== 200) throw httpError(httpStatus);
  const type = headers['content-type'] ?? '';
  if (httpStatus !== undefined && !/^application\/grpc(?:$|[+;])/.test(type)) {
    throw new RpcError('Unknown', `transport: received unexpected content-type ${quoted(type)}`);
  }
  if (status === '0' || (resetCode === constants.NGHTTP2_CANCEL && httpStatus !== undefined)) return message.end();
  if (failure !== undefined) throw failure;
  if (httpStatus === undefined) throw new RpcError('Unavailable', 'error reading from server: EOF');
  if (resetCode !== undefined && resetCode !== constants.NGHTTP2_NO_ERROR) {
    throw new RpcError('Internal', `stream terminated by RST_STREAM with error code: ${resetCode}`);
  }
  throw new RpcError('Internal', 'server closed the stream without sending trailers');
}

/** Source: grpc/doc/http-grpc-status-mapping.md. */
const CODES_OF_HTTP: ReadonlyMap<number, RpcCodeName> = new Map<number, RpcCodeName>([
  [400, 'Internal'],
  [401, 'Unauthenticated'],
  [403, 'PermissionDenied'],
  [404, 'Unimplemented'],
  [429, 'Unavailable'],
  [502, 'Unavailable'],
  [503, 'Unavailable'],
  [504, 'Unavailable'],
]);

function httpError(status: number): RpcError {
  return new RpcError(
    CODES_OF_HTTP.get(status) ?? 'Unknown',
    `unexpected HTTP status code received from server: ${status} (${STATUS_CODES[status] ?? ''})`,
  );
}
