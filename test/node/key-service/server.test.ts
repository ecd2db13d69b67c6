import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http2';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyService, MasterKey } from '../../../src/core/keys/master-key.ts';
import { frameMessage } from '../../../src/node/key-service/grpc-message.ts';
import { encodeRequest } from '../../../src/node/key-service/messages.ts';
import { createRemoteKeyService } from '../../../src/node/key-service/remote-key-service.ts';
import { RpcError } from '../../../src/node/key-service/rpc-error.ts';
import type { KeyServiceServer, ServerOptions } from '../../../src/node/key-service/server.ts';
import { startServer } from '../../../src/node/key-service/server.ts';

const key: MasterKey = { type: 'age', fields: { recipient: 'age1x' }, enc: '' };
const request = frameMessage(encodeRequest(key, Buffer.from('data key')));

/** Turns bytes round, so that both directions can be told apart. */
const reversing: KeyService = {
  wrap: (_key, plaintext) => Promise.resolve(Buffer.from(plaintext).reverse().toString()),
  unwrap: ({ enc }) => Promise.resolve(Buffer.from(enc).reverse()),
};

let folder = '';
let socket = '';
let server: KeyServiceServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ks-'));
  socket = path.join(folder, 's');
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<ServerOptions> = {}): Promise<void> {
  server = await startServer({ network: 'unix', address: socket, service: reversing, ...options });
}

function client(): ReturnType<typeof createRemoteKeyService> {
  return createRemoteKeyService({ kind: 'unix', path: socket, authority: '' });
}

/** One raw call. @returns the HTTP status, the gRPC status and its text */
async function rawCall(headers: Record<string, string>, body: Uint8Array): Promise<[unknown, unknown, unknown]> {
  const session = http2.connect('http://localhost', { createConnection: () => net.connect(socket) });
  const stream = session.request({
    ':method': 'POST',
    ':path': '/KeyService/Encrypt',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  let first: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on('response', (received) => (first = received));
  stream.on('trailers', (received) => (trailers = received));
  stream.on('error', () => undefined);
  stream.resume();
  stream.end(body);
  await new Promise((resolve) => stream.on('close', resolve));
  session.close();
  const last = { ...first, ...trailers };
  return [last[':status'], last['grpc-status'], last['grpc-message']];
}

describe('client and server', () => {
  test('wrap and unwrap cross the socket', async () => {
    await start();
    const remote = client();
    expect(await remote.wrap(key, Buffer.from('abc'))).toBe('cba');
    expect(await remote.unwrap({ ...key, enc: 'cba' })).toEqual(Buffer.from('abc'));
    remote.close();
  });

  test('many calls at once are all answered', async () => {
    await start();
    const remote = client();
    const texts = Array.from({ length: 200 }, (_, index) => `key ${index}`);
    expect(await Promise.all(texts.map((enc) => remote.unwrap({ ...key, enc })))).toEqual(
      texts.map((text) => Buffer.from(text).reverse()),
    );
    remote.close();
  });

  test("the service's error crosses as code Unknown with its text, of several lines too", async () => {
    const reason = ' no luck: 100% ä\nsecond line: ';
    const failing = (): Promise<never> => Promise.reject(new Error(reason));
    await start({ service: { wrap: failing, unwrap: failing } });
    await expect(client().unwrap(key)).rejects.toMatchObject({
      message: `rpc error: code = Unknown desc = ${reason}`,
    });
  });

  test('a client connects again when the server was started anew', async () => {
    await start();
    const remote = client();
    expect(await remote.wrap(key, Buffer.from('abc'))).toBe('cba');
    await server?.close();
    await expect(remote.wrap(key, Buffer.from('abc'))).rejects.toThrow(RpcError);
    await start();
    expect(await remote.wrap(key, Buffer.from('abc'))).toBe('cba');
    remote.close();
  });

  test('a server that is stopped in the middle of a call fails the call', async () => {
    let reached: () => void = () => undefined;
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const hanging = (): Promise<never> => {
      reached();
      return new Promise(() => undefined);
    };
    await start({ service: { wrap: hanging, unwrap: hanging } });
    const call = expect(client().unwrap(key)).rejects.toMatchObject({ status: 14 });
    await isReached;
    await server?.close();
    await call;
  });

  test('the text of something that is no HTTP/2 is not taken for an answer', async () => {
    const other = net.createServer((connection) => connection.end('SSH-2.0-x\r\n')).listen(socket);
    await new Promise((resolve) => other.once('listening', resolve));
    await expect(client().unwrap(key)).rejects.toMatchObject({ status: 14 });
    other.close();
  });
});

describe('the server refuses', () => {
  const oversized = Buffer.alloc(5);
  oversized.writeUInt32BE(4 * 1024 * 1024 + 1, 1);
  const compressed = Buffer.from(request);
  compressed[0] = 1;

  test.each<[string, Record<string, string>, Uint8Array, [number, string, string]]>([
    ['a request without a key', {}, frameMessage(new Uint8Array()), [200, '5', 'Must provide a key']],
    ['an unknown kind of key', {}, frameMessage(Buffer.from('0a025200', 'hex')), [200, '5', 'Must provide a key']],
    ['a compressed message', {}, compressed, [200, '12', 'grpc: compressed messages are not supported']],
    [
      'a compressed stream',
      { 'grpc-encoding': 'gzip' },
      request,
      [200, '12', 'grpc: compressed messages are not supported'],
    ],
    [
      'a message of more than 4 MiB',
      {},
      oversized,
      [200, '8', 'grpc: received message larger than max (4194305 vs. 4194304)'],
    ],
    [
      'another content type',
      { 'content-type': 'application/json' },
      request,
      [415, '3', 'invalid gRPC request content-type'],
    ],
    ['a GET', { ':method': 'GET' }, new Uint8Array(), [200, '13', 'the method of a gRPC request has to be POST']],
    [
      'an unknown method',
      { ':path': '/KeyService/Sign' },
      request,
      [200, '12', 'unknown method Sign for service KeyService'],
    ],
    ['an unknown service', { ':path': '/Other/Encrypt' }, request, [200, '12', 'unknown service Other']],
    ['a path that is no method', { ':path': '/x' }, request, [200, '12', 'malformed method name']],
    ['no message', {}, new Uint8Array(), [200, '13', 'received no message']],
    ['half a message', {}, request.subarray(0, 9), [200, '13', 'unexpected EOF']],
    ['two messages', {}, Buffer.concat([request, request]), [200, '13', 'grpc: received more than one message']],
    [
      'a malformed message',
      {},
      frameMessage(Uint8Array.of(0xff)),
      [200, '13', 'grpc: error unmarshalling request: proto: cannot parse invalid wire-format data'],
    ],
    ['a malformed timeout', { 'grpc-timeout': '1x' }, request, [200, '13', 'malformed grpc-timeout']],
    [
      'a malformed Huawei key',
      {},
      frameMessage(encodeRequest({ type: 'hckms', fields: { key_id: 'x' }, enc: '' }, Buffer.from('k'))),
      [200, '2', `invalid key ID format: expected 'region:key-uuid', got "x"`],
    ],
  ])('%s', async (_name, headers, body, expected) => {
    await start();
    expect(await rawCall(headers, body)).toEqual(expected);
    expect(await rawCall({}, request)).toEqual([200, '0', undefined]);
  });

  test('a message of more than 4 MiB that is sent whole', async () => {
    await start();
    await expect(client().wrap(key, Buffer.alloc(8 * 1024 * 1024))).rejects.toMatchObject({ status: 8 });
  });

  test('what takes longer than grpc-timeout', async () => {
    await start({ service: { wrap: () => new Promise(() => undefined), unwrap: reversing.unwrap } });
    expect(await rawCall({ 'grpc-timeout': '1m' }, request)).toEqual([200, '4', 'context deadline exceeded']);
  });

  test('what is not approved, before the operation', async () => {
    let calls = 0;
    await start({
      service: { wrap: () => Promise.resolve(String(++calls)), unwrap: reversing.unwrap },
      approve: ({ kind, key: asked }) => Promise.reject(new RpcError('PermissionDenied', `${kind} ${asked.type}`)),
    });
    expect(await rawCall({}, request)).toEqual([200, '7', 'encrypt age']);
    expect(calls).toBe(0);
  });

  test('broken connections, without harm to the others', async () => {
    await start();
    for (const garbage of [
      'GET / HTTP/1.1\r\n\r\n',
      '\0\0\0',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff',
    ]) {
      const connection = net.connect(socket);
      connection.on('error', () => undefined).resume();
      connection.end(Buffer.from(garbage, 'latin1'));
      await new Promise((resolve) => connection.on('close', resolve));
    }
    const leaving = http2.connect('http://localhost', { createConnection: () => net.connect(socket) });
    leaving.on('error', () => undefined);
    leaving
      .request({ ':method': 'POST', ':path': '/KeyService/Encrypt' })
      .on('error', () => undefined)
      .write(request);
    await new Promise((resolve) => leaving.on('remoteSettings', resolve));
    leaving.destroy(new Error('gone'));
    expect(await rawCall({}, request)).toEqual([200, '0', undefined]);
  });
});

describe('the server', () => {
  test('is answered by a signal that ends with the caller', async () => {
    let ended: () => void = () => undefined;
    const isEnded = new Promise<void>((resolve) => (ended = resolve));
    await start({
      approve: ({ signal }) => {
        signal.addEventListener('abort', ended);
        return isEnded;
      },
    });
    const session = http2.connect('http://localhost', { createConnection: () => net.connect(socket) });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/KeyService/Encrypt',
      'content-type': 'application/grpc',
    });
    stream.on('error', () => undefined);
    stream.write(request);
    stream.end(() => {
      setTimeout(() => {
        session.destroy();
      }, 20);
    });
    await isEnded;
    expect(await rawCall({}, new Uint8Array())).toEqual([200, '13', 'received no message']);
  });

  test('removes its socket when it closes', async () => {
    await start();
    expect(statSync(socket).isSocket()).toBe(true);
    await server?.close();
    expect(statSync(socket, { throwIfNoEntry: false })).toBeUndefined();
  });
});

/** What the reference prints behind `Error running keyservice: `. */
describe('listening fails as in the reference:', () => {
  test.each([
    ['carrier-pigeon', 'x', 'listen carrier-pigeon: unknown network carrier-pigeon'],
    ['', 'x', 'listen: unknown network '],
    ['tcp', 'nonsense', 'listen tcp: address nonsense: missing port in address'],
    ['tcp', '::1:4', 'listen tcp: address ::1:4: too many colons in address'],
    ['tcp', '127.0.0.1:99999', 'listen tcp: address 99999: invalid port'],
    ['tcp', '127.0.0.1:-1', 'listen tcp: address -1: invalid port'],
    ['tcp', '127.0.0.1:abc', 'listen tcp: lookup tcp/abc: unknown port'],
    ['tcp', '1.2.3.4:5555', 'listen tcp 1.2.3.4:5555: bind: cannot assign requested address'],
    ['tcp6', '127.0.0.1:4000', 'listen tcp6: address 127.0.0.1: no suitable address found'],
    ['tcp4', '[::1]:0', 'listen tcp4: address ::1: no suitable address found'],
    ['unix', '/nowhere/ks.sock', 'listen unix /nowhere/ks.sock: bind: no such file or directory'],
    ['unix', `/${'a'.repeat(120)}`, `listen unix /${'a'.repeat(120)}: bind: invalid argument`],
  ])('%s %s', async (network, address, message) => {
    await expect(startServer({ network, address, service: reversing })).rejects.toMatchObject({ message: message });
  });

  test('an address in use', async () => {
    await start();
    await expect(startServer({ network: 'unix', address: socket, service: reversing })).rejects.toMatchObject({
      message: `listen unix ${socket}: bind: address already in use`,
    });
    expect(statSync(socket).isSocket()).toBe(true);
  });
});
