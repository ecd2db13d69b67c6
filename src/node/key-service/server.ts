/** The server of a key service: gRPC over HTTP/2 in clear text. Upstream 3.13.3: `keyservice/server.go` on gRPC for Go. */
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import { createServer } from 'node:http2';
import { keyTypeOf } from '../../core/keys/key-types.ts';
import type { KeyService, MasterKey } from '../../core/keys/master-key.ts';
import { encodeStatusText, frameMessage, MessageReader } from './grpc-message.ts';
import type { ListenAddress } from './listen.ts';
import { listen } from './listen.ts';
import { decodeRequest, encOf, encodeResponse } from './messages.ts';
import { ProtobufError } from './protobuf.ts';
import { RpcError } from './rpc-error.ts';
import { parseTimeout } from './rpc-timeout.ts';

const METHODS = { '/KeyService/Encrypt': 'encrypt', '/KeyService/Decrypt': 'decrypt' } as const;

/** What is asked of a key service. */
export interface ServiceRequest {
  readonly kind: 'encrypt' | 'decrypt';
  /** Its type and names; `enc` is set for `decrypt`. */
  readonly key: MasterKey;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface ServerOptions extends ListenAddress {
  readonly service: KeyService;
  /** Asked before each operation; refuses by throwing, an {@link RpcError} with its status, anything else as `Unknown`. */
  readonly approve?: ((request: ServiceRequest) => Promise<void>) | undefined;
}

export interface KeyServiceServer {
  /** Stops listening and drops every connection; a Unix socket is gone then. */
  close(): Promise<void>;
}

/**
 * Starts a key service. There is neither encryption nor authentication on the connection, as upstream: whoever can connect can
 * use the keys.
 *
 * @throws SopsError `generic` when it cannot listen, as `listen`
 */
export async function startServer(options: ServerOptions): Promise<KeyServiceServer> {
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  // Without listeners a broken connection would end the process.
  server.on('sessionError', () => undefined);
  server.on('clientError', () => undefined);
  server.on('request', (request, response) => {
    void answer(request, response, options);
  });
  await listen(server, options);
  server.on('error', () => undefined);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const session of sessions) session.destroy();
      }),
  };
}

/** Answers one call; never throws. */
async function answer(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  options: ServerOptions,
): Promise<void> {
  const ending = new AbortController();
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  request.stream.on('error', () => undefined);
  request.stream.on('close', () => {
    ending.abort();
  });
  try {
    const timeout = parseTimeout(request.headers['grpc-timeout']);
    await withTimeout(timeout, ending.signal, async () => {
      const message = await perform(request, options, ending.signal);
      if (isOpen(response)) sendMessage(response, message);
    });
  } catch (error) {
    if (isOpen(response)) sendStatus(request, response, error);
  }
}

async function perform(request: Http2ServerRequest, options: ServerOptions, signal: AbortSignal): Promise<Uint8Array> {
  checkHeaders(request);
  const kind = kindOf(request.url);
  const { key, bytes } = decode(await readMessage(request));
  if (key === undefined) throw new RpcError('NotFound', 'Must provide a key');
  keyTypeOf(key.type).checkLoaded?.(key);
  if (kind === 'decrypt') key.enc = decodeEnc(bytes);
  await options.approve?.({ kind, key, signal });
  if (signal.aborted) throw new RpcError('Canceled', 'context canceled');
  const { service } = options;
  const result = kind === 'encrypt' ? Buffer.from(await service.wrap(key, bytes)) : await service.unwrap(key);
  return encodeResponse(result);
}

function checkHeaders(request: Http2ServerRequest): void {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/grpc(?:$|\+proto(?:$|;)|;)/i.test(type)) {
    throw new RpcError('InvalidArgument', 'invalid gRPC request content-type');
  }
  if (request.method !== 'POST') throw new RpcError('Internal', 'the method of a gRPC request has to be POST');
  const encoding = request.headers['grpc-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new RpcError('Unimplemented', 'grpc: compressed messages are not supported');
}

function kindOf(path: string): ServiceRequest['kind'] {
  if (path in METHODS) return METHODS[path as keyof typeof METHODS];
  const [, service, method] = /^\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (service === 'KeyService')
    throw new RpcError('Unimplemented', `unknown method ${method ?? ''} for service KeyService`);
  throw new RpcError('Unimplemented', service === undefined ? 'malformed method name' : `unknown service ${service}`);
}

/** @throws RpcError as `MessageReader.end` */
async function readMessage(request: Http2ServerRequest): Promise<Uint8Array> {
  const reader = new MessageReader();
  await new Promise<void>((resolve) => {
    request.on('data', (chunk: Buffer) => {
      if (!reader.push(chunk)) resolve();
    });
    request.on('end', resolve);
    request.on('close', resolve);
  });
  return reader.end();
}

function decode(message: Uint8Array): ReturnType<typeof decodeRequest> {
  try {
    return decodeRequest(message);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new RpcError('Internal', `grpc: error unmarshalling request: ${error.message}`);
  }
}

function decodeEnc(bytes: Uint8Array): string {
  try {
    return encOf(bytes);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new RpcError('Unknown', error.message);
  }
}

/** Runs an action that has to be done within a time. @throws RpcError `DeadlineExceeded` */
async function withTimeout(timeout: number | undefined, ended: AbortSignal, act: () => Promise<void>): Promise<void> {
  if (timeout === undefined) return act();
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new RpcError('DeadlineExceeded', 'context deadline exceeded'));
    }, timeout);
    ended.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  });
  try {
    await Promise.race([act(), expiry]);
  } finally {
    clearTimeout(timer);
  }
}

function isOpen(response: Http2ServerResponse): boolean {
  return !response.writableEnded && !response.stream.destroyed && !response.stream.closed;
}

function sendMessage(response: Http2ServerResponse, message: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'application/grpc' });
  response.addTrailers({ 'grpc-status': '0' });
  response.end(frameMessage(message));
}

function sendStatus(request: Http2ServerRequest, response: Http2ServerResponse, error: unknown): void {
  const { status, description } =
    error instanceof RpcError ? error : new RpcError('Unknown', error instanceof Error ? error.message : String(error));
  const isForeign = description.startsWith('invalid gRPC request content-type');
  response.writeHead(isForeign ? 415 : 200, { 'content-type': 'application/grpc' });
  // As trailers even without a message: Node would end the stream behind the headers, which Go takes for a cut connection.
  response.addTrailers({ 'grpc-status': String(status), 'grpc-message': encodeStatusText(description) });
  response.end();
  // Nobody reads the rest of a refused request.
  request.resume();
}
