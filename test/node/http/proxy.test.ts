import { describe, expect, test } from 'vitest';
import { findProxy, ProxyError, parseProxy } from '../../../src/node/http/proxy.ts';

const PROXY = 'http://proxy.example:3128';

function proxyOf(url: string, env: Record<string, string>): string | undefined {
  return findProxy(new URL(url), env)?.href;
}

describe('the proxy of a URL', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['https://a.example', {}, undefined],
    ['https://a.example', { HTTPS_PROXY: PROXY }, `${PROXY}/`],
    ['https://a.example', { https_proxy: PROXY }, `${PROXY}/`],
    ['https://a.example', { HTTPS_PROXY: '', https_proxy: PROXY }, `${PROXY}/`],
    ['https://a.example', { HTTP_PROXY: PROXY }, undefined],
    ['http://a.example', { HTTP_PROXY: PROXY }, `${PROXY}/`],
    ['http://a.example', { HTTP_PROXY: PROXY, REQUEST_METHOD: 'GET' }, undefined],
    ['https://a.example', { HTTPS_PROXY: 'proxy.example:3128' }, `${PROXY}/`],
    ['https://a.example', { HTTPS_PROXY: 'https://user:pw@proxy.example' }, 'https://user:pw@proxy.example/'],
    ['https://localhost:1', { HTTPS_PROXY: PROXY }, undefined],
    ['https://127.0.0.1:1', { HTTPS_PROXY: PROXY }, undefined],
    ['https://127.9.9.9:1', { HTTPS_PROXY: PROXY }, undefined],
    ['https://[::1]:1', { HTTPS_PROXY: PROXY }, undefined],
  ])('%s with %j is %s', (url, env, expected) => {
    expect(proxyOf(url, env)).toBe(expected);
  });
});

/** Rules of golang.org/x/net/http/httpproxy. */
describe('NO_PROXY', () => {
  test.each<[string, string, boolean]>([
    ['*', 'https://a.example', false],
    ['a.example', 'https://a.example', false],
    ['a.example', 'https://b.a.example', false],
    ['a.example', 'https://xa.example', true],
    ['.a.example', 'https://b.a.example', false],
    ['.a.example', 'https://a.example', true],
    ['*.a.example', 'https://b.a.example', false],
    ['A.Example', 'https://a.example', false],
    ['x, a.example ,y', 'https://a.example', false],
    ['a.example:443', 'https://a.example', false],
    ['a.example:444', 'https://a.example', true],
    ['10.0.0.1', 'https://10.0.0.1', false],
    ['10.0.0.1', 'https://10.0.0.11', true],
    ['10.0.0.0/8', 'https://10.9.9.9', false],
    ['10.0.0.0/8', 'https://11.0.0.1', true],
    ['10.0.0.0/8', 'https://ten.example', true],
    ['fd00::/8', 'https://[fd00::1]', false],
    ['[fd00::1]:443', 'https://[fd00::1]', false],
    ['', 'https://a.example', true],
  ])('%j lets %s through the proxy: %s', (exceptions, url, isProxied) => {
    expect(proxyOf(url, { HTTPS_PROXY: PROXY, NO_PROXY: exceptions })).toBe(isProxied ? `${PROXY}/` : undefined);
    expect(proxyOf(url, { https_proxy: PROXY, no_proxy: exceptions })).toBe(isProxied ? `${PROXY}/` : undefined);
  });
});

test('proxies of other types are refused', () => {
  expect(() => parseProxy('socks5://proxy.example:1080')).toThrow(
    new ProxyError('proxies of type socks5 are not supported'),
  );
  expect(() => parseProxy('http://[')).toThrow(new ProxyError('the address of the proxy cannot be parsed'));
});
