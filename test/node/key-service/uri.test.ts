import { describe, expect, test } from 'vitest';
import type { KeyService } from '../../../src/core/keys/master-key.ts';
import { createKeyServices } from '../../../src/node/key-service/create-key-services.ts';
import { parseTarget, targetText } from '../../../src/node/key-service/target.ts';

const key = { type: 'age', fields: { recipient: 'age1x' }, enc: 'x' } as const;

const local: KeyService = {
  wrap: () => Promise.resolve('local'),
  unwrap: () => Promise.resolve(new Uint8Array([1])),
};

/** What `sops decrypt --keyservice <uri>` of the reference reports, with nothing listening. */
const UNUSABLE: [uri: string, reason: string][] = [
  ['tcp://127.0.0.1:1', dial('tcp 127.0.0.1:1: connect: connection refused')],
  ['tcp4://127.0.0.1:1', dial('tcp4 127.0.0.1:1: connect: connection refused')],
  ['tcp6://127.0.0.1:1', dial('tcp6: address 127.0.0.1: no suitable address found')],
  ['tcp://127.0.0.1:99999', dial('tcp: address 99999: invalid port')],
  ['tcp://user:pw@127.0.0.1:1/path?q#f', dial('tcp 127.0.0.1:1: connect: connection refused')],
  ['http://127.0.0.1:1', dial('http: unknown network http')],
  ['unix:///nowhere/none.sock', dial('unix /nowhere/none.sock: connect: no such file or directory')],
  ['unix:/nowhere/none.sock', dial('unix /nowhere/none.sock: connect: no such file or directory')],
  ['UNIX:///nowhere/none.sock', dial('unix /nowhere/none.sock: connect: no such file or directory')],
  ['unix:none.sock', dial('unix none.sock: connect: no such file or directory')],
  ['unix:none.sock?x#y', dial('unix none.sock: connect: no such file or directory')],
  ['unix:///nowhere/a%20b.sock', dial('unix /nowhere/a b.sock: connect: no such file or directory')],
  ['unix:///nowhere/"q".sock', dial('unix /nowhere/\\"q\\".sock: connect: no such file or directory')],
  ['unix:///', dial('unix /: connect: connection refused')],
  ['unix:', dial('unix: missing address')],
  ['unix://none.sock', 'rpc error: code = Unavailable desc = invalid (non-empty) authority: none.sock'],
  ['unix://localhost/x', 'rpc error: code = Unavailable desc = invalid (non-empty) authority: localhost'],
  ['x', missingAddress()],
  ['', missingAddress()],
  ['/path', missingAddress()],
  ['localhost:1', missingAddress()],
  ['tcp:127.0.0.1:1', missingAddress()],
  ['a:b', missingAddress()],
  ['dns:///127.0.0.1:1', missingAddress()],
  ['tcp://127.0.0.1:', 'rpc error: code = Unavailable desc = dns resolver: missing port after port-separator colon'],
  ['tcp://no.such.host.invalid:5', 'rpc error: code = Unavailable desc = name resolver error: produced zero addresses'],
];

const UNPARSABLE = [
  '127.0.0.1:1',
  'tcp://127.0.0.1:abc',
  'tcp://[::1',
  'tcp://a b:1',
  '://x',
  '1a://x',
  'tcp://%41:1',
  '%zz',
];

function dial(text: string): string {
  return `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial ${text}"`;
}

function missingAddress(): string {
  return 'rpc error: code = Unavailable desc = dns resolver: missing address';
}

function servicesOf(enableLocal: boolean, uris: string[]): { services: KeyService[]; told: unknown[] } {
  const told: unknown[] = [];
  const tell = (message: string, fields: object): void => void told.push([message, fields]);
  const services = createKeyServices({ enableLocal, uris, local, warn: tell, inform: tell });
  return { services, told };
}

describe('the URI of a key service', () => {
  test.each(UNUSABLE)('%s fails when it is used, as in the reference', async (uri, reason) => {
    const { services } = servicesOf(false, [uri]);
    await expect(services[0]?.unwrap(key)).rejects.toMatchObject({ message: reason });
  });

  test.each(UNPARSABLE)('%s is passed over with a warning', (uri) => {
    expect(servicesOf(false, [uri])).toEqual({
      services: [],
      told: [['Error parsing URI for keyservice, skipping', { uri }]],
    });
  });

  test.each([
    ['unix:///run/x.sock', 'unix:///run/x.sock'],
    ['unix:x.sock', 'unix://x.sock'],
    ['tcp://127.0.0.1:5000', 'tcp://127.0.0.1:5000'],
    ['TCP://[::1]:5000/', 'tcp://[::1]:5000'],
    ['x', '://'],
  ])('%s is announced as %s', (uri, address) => {
    expect(servicesOf(false, [uri]).told).toEqual([['Connecting to key service', { address }]]);
    expect(targetText(parseTarget(uri) ?? { kind: 'unix', path: '', authority: '' })).toBe(address);
  });

  test('control characters make a URI unparsable', () => {
    expect(parseTarget('unix:///a\nb')).toBeUndefined();
    expect(parseTarget('unix:///a\x7f')).toBeUndefined();
  });
});

describe('the services of a command', () => {
  test('are the local one, then one a URI, in order', async () => {
    const { services } = servicesOf(true, ['unix:a', '%zz', 'unix:b']);
    expect(services).toHaveLength(3);
    expect(services[0]).toBe(local);
    await expect(services[1]?.wrap(key, new Uint8Array())).rejects.toThrow('dial unix a:');
    await expect(services[2]?.wrap(key, new Uint8Array())).rejects.toThrow('dial unix b:');
  });

  test('are none without a URI when the local one is off', () => {
    expect(servicesOf(false, [])).toEqual({ services: [], told: [] });
  });
});
