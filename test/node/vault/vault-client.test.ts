import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createVaultClient, VaultError } from '../../../src/node/vault/vault-client.ts';
import { readVaultSettings } from '../../../src/node/vault/vault-settings.ts';

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

/** A server that gives these answers, one a request. */
async function answering(
  ...answers: { status: number; headers?: Record<string, string>; body?: string }[]
): Promise<{ address: string; asked: { method: string; url: string; headers: IncomingHttpHeaders }[] }> {
  const asked: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
  server = createServer((request, response) => {
    request.resume();
    asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    const { status, headers, body } = answers.shift() ?? { status: 599 };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof VaultError ? error.message : String(error)),
  );
}

describe('a request to Vault', () => {
  test('has the token, the namespace and the headers of the environment', async () => {
    const { address, asked } = await answering({ status: 204 });
    const env = { VAULT_TOKEN: 't', VAULT_NAMESPACE: 'n/', VAULT_HEADERS: '{"X-Extra":"e"}' };
    await createVaultClient(address, env).request({ method: 'GET', path: 'secret/a b/../c?d' });
    expect(asked.map(({ method, url }) => [method, url])).toEqual([['GET', '/v1/secret/c%3Fd']]);
    expect(asked[0]?.headers).toMatchObject({
      'x-vault-token': 't',
      'x-vault-request': 'true',
      'x-vault-namespace': 'n/',
      'x-extra': 'e',
    });
  });

  test('is tried again after a passing error, and after VAULT_MAX_RETRIES given up', async () => {
    const { address, asked } = await answering(
      { status: 503 },
      { status: 200, body: 'ok' },
      { status: 412 },
      { status: 500 },
    );
    const client = createVaultClient(address, { VAULT_MAX_RETRIES: '1' });
    expect((await client.request({ method: 'GET', path: 'x' })).body.toString()).toBe('ok');
    expect(await errorOf(client.request({ method: 'GET', path: 'x' }))).toContain('Code: 500.');
    expect(asked).toHaveLength(4);
  });

  test.each([400, 403, 404, 501])('is not tried again after status %d', async (status) => {
    const { address, asked } = await answering({ status });
    expect(await errorOf(createVaultClient(address, {}).request({ method: 'GET', path: 'x' }))).toContain(
      `Code: ${status}.`,
    );
    expect(asked).toHaveLength(1);
  });

  test('follows one redirect, with its body and token', async () => {
    const { address, asked } = await answering(
      { status: 307, headers: { location: '/v1/active?x=1' } },
      { status: 307, headers: { location: '/v1/again' } },
    );
    const client = createVaultClient(address, { VAULT_TOKEN: 't' });
    expect((await client.request({ method: 'PUT', path: 'x', body: '{}' })).status).toBe(307);
    expect(asked.map(({ method, url, headers }) => [method, url, headers['x-vault-token']])).toEqual([
      ['PUT', '/v1/x', 't'],
      ['PUT', '/v1/active?x=1', 't'],
    ]);
  });

  test('follows none with VAULT_DISABLE_REDIRECTS', async () => {
    const { address, asked } = await answering({ status: 302, headers: { location: '/v1/active' } });
    const client = createVaultClient(address, { VAULT_DISABLE_REDIRECTS: 'true' });
    expect((await client.request({ method: 'GET', path: 'x' })).status).toBe(302);
    expect(asked).toHaveLength(1);
  });
});

/** As Go's `ResponseError` prints them. */
describe('an error of Vault', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['with errors', '{"errors":["one","two"]}', {}, 'URL: PUT @/v1/x\nCode: 400. Errors:\n\n* one* two'],
    ['without errors', '{"errors":[]}', {}, 'URL: PUT @/v1/x\nCode: 400. Errors:\n\n'],
    ['that is no JSON', 'oops', {}, 'URL: PUT @/v1/x\nCode: 400. Raw Message:\n\noops'],
    [
      'in a namespace',
      '{"errors":["e"]}',
      { VAULT_NAMESPACE: 'n' },
      'Namespace: n\nURL: PUT @/v1/x\nCode: 400. Errors:\n\n* e',
    ],
  ])('%s', async (_name, body, env, expected) => {
    const { address } = await answering({ status: 400, body });
    expect(await errorOf(createVaultClient(address, env).request({ method: 'PUT', path: 'x', body: '{}' }))).toBe(
      `Error making API request.\n\n${expected.replace('@', address)}`,
    );
  });
});

test.each(['', 'vault:8200', 'ftp://vault'])('the address %j is refused', (address) => {
  expect(() => createVaultClient(address, {})).toThrow('failed to set address: ');
});

describe('the environment', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vault-'));
  writeFileSync(path.join(folder, '.vault-token'), ' from-file\n');

  test('gives the token of VAULT_TOKEN, else of ~/.vault-token', () => {
    expect(readVaultSettings({ VAULT_TOKEN: 't', HOME: folder }).token).toBe('t');
    expect(readVaultSettings({ HOME: folder }).token).toBe('from-file');
    expect(readVaultSettings({}).token).toBe('');
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['60', 60_000],
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['', undefined],
    ['0', undefined],
  ])('VAULT_CLIENT_TIMEOUT=%s is %s milliseconds', (text, expected) => {
    expect(readVaultSettings({ VAULT_CLIENT_TIMEOUT: text }).timeout).toBe(expected);
  });

  test.each<[Record<string, string>, string]>([
    [{ VAULT_CLIENT_TIMEOUT: 'soon' }, 'could not parse "VAULT_CLIENT_TIMEOUT"'],
    [{ VAULT_SKIP_VERIFY: 'maybe' }, 'could not parse VAULT_SKIP_VERIFY'],
    [{ VAULT_MAX_RETRIES: '-1' }, 'could not parse "VAULT_MAX_RETRIES"'],
    [{ VAULT_CLIENT_CERT: '/x' }, 'both client cert and client key must be provided'],
    [{ VAULT_CACERT: '/nowhere/ca.pem' }, 'open /nowhere/ca.pem: no such file or directory'],
    [{ VAULT_HEADERS: '[]' }, 'could not unmarshal environment-supplied headers'],
    [{ VAULT_HEADERS: '{"a":1}' }, 'environment-supplied headers include non-string values'],
    [
      { VAULT_HEADERS: '{"X-Vault-Token":"t"}' },
      "failed to setup Headers[X-Vault-Token]: Header starting by 'X-Vault-' are for internal usage only",
    ],
    [{ VAULT_TOKEN: 'a\nb' }, 'configured Vault token contains non-printable characters and cannot be used'],
  ])('%j is refused', (env, reason) => {
    expect(() => readVaultSettings(env)).toThrow(`error encountered setting up default configuration: ${reason}`);
  });
});
