import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpClient } from '../../../src/node/http/http-client.ts';
import { HttpError } from '../../../src/node/http/http-error.ts';
import { freePort } from '../../servers/free-port.ts';
import { tunnel } from '../../servers/tunnel.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers with what it was asked. */
async function echo(status = 200): Promise<number> {
  return listening(
    createServer((request, response) => {
      void textOf(request).then((body) => {
        response.writeHead(status, { 'x-answer': 'yes' });
        response.end(
          JSON.stringify([request.method, request.url, request.headers.host, request.headers['x-given'], body]),
        );
      });
    }),
  );
}

async function listening(server: Pick<Server, 'listen' | 'close' | 'address'>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof HttpError ? error.message : `no HttpError: ${String(error)}`),
  );
}

describe('a request', () => {
  test('has its method, path, headers and body', async () => {
    const port = await echo(404);
    const client = createHttpClient({ env: {} });
    const url = new URL(`http://127.0.0.1:${port}/a%20b?c=d`);
    const response = await client.request({ method: 'PUT', url, headers: { 'x-given': 'h' }, body: 'ä' });
    expect([response.status, response.headers['x-answer'], JSON.parse(response.body.toString())]).toEqual([
      404,
      'yes',
      ['PUT', '/a%20b?c=d', `127.0.0.1:${port}`, 'h', 'ä'],
    ]);
  });

  test('goes through the proxy that is given, whole URL and credentials included', async () => {
    const asked: unknown[] = [];
    const port = await listening(
      createServer((request, response) => {
        asked.push(request.url, request.headers.host, request.headers['proxy-authorization']);
        response.end('by proxy');
      }),
    );
    const client = createHttpClient({ env: { HTTP_PROXY: `http://me:p%40ss@127.0.0.1:${port}` } });
    const { body } = await client.request({ method: 'GET', url: new URL('http://vault.example:8200/v1/x') });
    expect([body.toString(), ...asked]).toEqual([
      'by proxy',
      'http://vault.example:8200/v1/x',
      'vault.example:8200',
      `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    ]);
  });

  test('with TLS asks the proxy for a tunnel', async () => {
    const asked: unknown[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const port = await listening(proxy);
    const client = createHttpClient({ env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } });
    const url = new URL('https://vault.example/v1/x');
    expect(await errorOf(client.request({ method: 'GET', url }))).toBe(
      'Get "https://vault.example/v1/x": the proxy refused the connection: 403 Forbidden',
    );
    expect(asked).toEqual(['vault.example:443']);
  });
});

describe('without an answer the message is that of Go:', () => {
  test('nobody listens', async () => {
    const port = await freePort();
    const url = new URL(`http://me:secret@127.0.0.1:${port}/x`);
    expect(await errorOf(createHttpClient({ env: {} }).request({ method: 'PUT', url }))).toBe(
      `Put "http://127.0.0.1:${port}/x": dial tcp 127.0.0.1:${port}: connect: connection refused`,
    );
  });

  test('the name is unknown', async () => {
    const url = new URL('http://no.such.host.invalid/x');
    expect(await errorOf(createHttpClient({ env: {} }).request({ method: 'GET', url }))).toBe(
      'Get "http://no.such.host.invalid/x": dial tcp: lookup no.such.host.invalid: no such host',
    );
  });

  test('the socket is missing', async () => {
    const client = createHttpClient({ env: {}, socketPath: '/nowhere/s' });
    expect(await errorOf(client.request({ method: 'GET', url: new URL('http://localhost/x') }))).toBe(
      'Get "http://localhost/x": dial unix /nowhere/s: connect: no such file or directory',
    );
  });

  test('the answer takes too long', async () => {
    const port = await listening(createServer(() => undefined));
    const client = createHttpClient({ env: {}, timeout: 50 });
    const url = new URL(`http://127.0.0.1:${port}/`);
    expect(await errorOf(client.request({ method: 'GET', url }))).toBe(
      `Get "http://127.0.0.1:${port}/": context deadline exceeded`,
    );
  });

  test('the connection is cut in the middle of the answer', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
    });
    const port = await listening(server as unknown as Server);
    const url = new URL(`http://127.0.0.1:${port}/`);
    const client = createHttpClient({ env: {} });
    expect(await errorOf(client.request({ method: 'GET', url }))).toBe(
      `Get "http://127.0.0.1:${port}/": unexpected EOF`,
    );
  });

  test('the other side has no TLS', async () => {
    const port = await echo();
    const url = new URL(`https://127.0.0.1:${port}/`);
    const text = await errorOf(createHttpClient({ env: {} }).request({ method: 'GET', url }));
    expect(text.startsWith(`Get "https://127.0.0.1:${port}/": `)).toBe(true);
  });
});

test('an unknown authority gives a hint', () => {
  const cause = Object.assign(new Error('x'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  const error = new HttpError('GET', new URL('https://a.example/'), cause);
  expect([error.hint, error.isPassing]).toEqual([
    'let SSL_CERT_FILE name the file that holds the certificate of the authority',
    false,
  ]);
});

test('a client through a Unix socket does not ask for a proxy', async () => {
  const port = await echo();
  const socketPath = `\0http-client-test-${port}`;
  const relay = createTcpServer((socket) => {
    void tunnel(socket, connect(port, '127.0.0.1'));
  });
  await new Promise<void>((resolve) => relay.listen({ path: socketPath }, resolve));
  closing.push(() => relay.close());
  const client = createHttpClient({ env: { HTTP_PROXY: 'http://127.0.0.1:1' }, socketPath });
  const { body } = await client.request({ method: 'GET', url: new URL('http://vault.example/x') });
  expect(JSON.parse(body.toString())).toEqual(['GET', '/x', 'vault.example', null, '']);
});
