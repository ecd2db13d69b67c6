import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createAgeKeyService } from '../../src/core/keys/age/age-key-service.ts';
import { portableAge } from '../../src/core/keys/age/portable-age.ts';
import type { KeyService, MasterKey } from '../../src/core/keys/master-key.ts';
import { createKeyServices } from '../../src/node/key-service/create-key-services.ts';
import type { KeyServiceServer, ServiceRequest } from '../../src/node/key-service/server.ts';
import { startServer } from '../../src/node/key-service/server.ts';
import { freePort } from '../servers/free-port.ts';
import { describeWithReference, newAgeKey } from './reference.ts';

const run = promisify(execFile);
const dataKey = Uint8Array.from({ length: 32 }, (_, index) => index);

describeWithReference('key service', (program) => {
  const { identity, recipient } = newAgeKey();
  const key: MasterKey = { type: 'age', fields: { recipient }, enc: '' };
  const local = createAgeKeyService(portableAge, [identity]);
  let folder = '';
  let ours: KeyServiceServer | undefined;
  let theirs: ChildProcess | undefined;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ks-'));
    writeFileSync(path.join(folder, 'keys.txt'), `${identity}\n`);
    writeFileSync(path.join(folder, 'plain.yaml'), 'a: secret\n');
  });

  afterEach(async () => {
    await ours?.close();
    ours = undefined;
    theirs?.kill('SIGKILL');
    theirs = undefined;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the reference without keys of its own. @returns stdout */
  async function reference(...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder } });
    return stdout;
  }

  async function startTheirs(network: string, address: string): Promise<void> {
    theirs = spawn(program, ['keyservice', '--network', network, '--address', address], {
      env: { HOME: folder, SOPS_AGE_KEY_FILE: path.join(folder, 'keys.txt') },
      stdio: 'ignore',
    });
    const options = network === 'unix' ? { path: address } : { port: Number(address.split(':')[1]), host: '127.0.0.1' };
    while (!(await isListening(options))) {
      if (theirs.exitCode !== null) throw new Error('the key service of the reference ended');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  function remote(uri: string): KeyService {
    const unexpected = (message: string): never => {
      throw new Error(message);
    };
    const [service] = createKeyServices({ enableLocal: false, uris: [uri], local, warn: unexpected });
    return service as KeyService;
  }

  /** Where to listen, and the URI that leads there. */
  async function place(network: 'tcp' | 'unix'): Promise<{ address: string; uri: string }> {
    if (network === 'unix') {
      const address = path.join(folder, 'ks.sock');
      rmSync(address, { force: true });
      return { address, uri: `unix://${address}` };
    }
    const address = `127.0.0.1:${await freePort()}`;
    return { address, uri: `tcp://${address}` };
  }

  test.each(['tcp', 'unix'] as const)('our client uses the server of the reference over %s', async (network) => {
    const { address, uri } = await place(network);
    await startTheirs(network, address);
    const service = remote(uri);
    const enc = await service.wrap(key, dataKey);
    expect(await local.unwrap({ ...key, enc })).toEqual(dataKey);
    expect(new Uint8Array(await service.unwrap({ ...key, enc: await local.wrap(key, dataKey) }))).toEqual(dataKey);
  });

  test.each(['tcp', 'unix'] as const)('the client of the reference uses our server over %s', async (network) => {
    const { address, uri } = await place(network);
    ours = await startServer({ network, address, service: local });
    const remoteFlags = ['--enable-local-keyservice=false', '--keyservice', uri];
    const encrypted = await reference('encrypt', '--age', recipient, ...remoteFlags, 'plain.yaml');
    writeFileSync(path.join(folder, 'encrypted.yaml'), encrypted);
    expect(await reference('decrypt', ...remoteFlags, 'encrypted.yaml')).toBe('a: secret\n');
  });

  test('a refusal of the server of the reference reads as its own client prints it', async () => {
    const { address, uri } = await place('unix');
    await startTheirs('unix', address);
    const other = newAgeKey();
    const enc = await local.wrap({ type: 'age', fields: { recipient: other.recipient }, enc: '' }, dataKey);
    writeFileSync(
      path.join(folder, 'other.yaml'),
      await reference('encrypt', '--age', other.recipient, path.join(folder, 'plain.yaml')),
    );
    const failure = await remote(uri)
      .unwrap({ ...key, enc })
      .catch((error: unknown) => (error as Error).message);
    const decrypt = reference('decrypt', '--enable-local-keyservice=false', '--keyservice', uri, 'other.yaml');
    const { stderr } = await decrypt.then(
      () => ({ stderr: '' }),
      (error: unknown) => error as { stderr: string },
    );
    const printed = stderr.replace(/\n *\| */g, ' ').replace(/^[^]*?- /, '| ');
    expect(failure).toMatch(/^rpc error: code = Unknown desc = \S/);
    expect(printed).toContain(String(failure).replace(/\s+/g, ' '));
  });

  test.each([
    ['one line', 'no luck: 100% ä'],
    ['blanks at its ends', ' no luck: '],
    ['several lines', 'no luck:\nsecond line'],
  ])('a refusal of our server is shown by the client of the reference: %s', async (_name, reason) => {
    const { address, uri } = await place('unix');
    const refusing = (): Promise<never> => Promise.reject(new Error(reason));
    ours = await startServer({ network: 'unix', address, service: { wrap: refusing, unwrap: refusing } });
    const remoteFlags = ['--enable-local-keyservice=false', '--keyservice', uri];
    const { stderr } = await reference('encrypt', '--age', recipient, ...remoteFlags, 'plain.yaml').then(
      () => ({ stderr: '' }),
      (error: unknown) => error as { stderr: string },
    );
    const problem = `failed to encrypt new data key with master key "${recipient}": rpc error: code = Unknown desc = ${reason}`;
    expect(stderr).toBe(`Could not generate data key: [${problem}]\n`);
  });

  test('every type of key arrives with all its names', async () => {
    const { address, uri } = await place('unix');
    const asked: ServiceRequest[] = [];
    const accepting: KeyService = { wrap: () => Promise.resolve('enc'), unwrap: () => Promise.resolve(dataKey) };
    ours = await startServer({
      network: 'unix',
      address,
      service: accepting,
      approve: (request) => Promise.resolve(void asked.push(request)),
    });
    const vault = 'https://127.0.0.1:9/v1/some/transit/keys/name';
    await reference(
      'encrypt',
      ...['--enable-local-keyservice=false', '--keyservice', uri, '--aws-profile', 'me'],
      ...['--encryption-context', 'App:web,Zone:ä'],
      ...['--kms', 'arn:aws:kms:eu-west-1:123456789012:key/x+arn:aws:iam::123456789012:role/y'],
      ...['--gcp-kms', 'projects/p/locations/l/keyRings/r/cryptoKeys/k', '--hckms', 'r:u'],
      ...['--azure-kv', 'https://v.vault.azure.net/keys/k/0123', '--hc-vault-transit', vault],
      ...['--pgp', 'ABCD', '--age', recipient, 'plain.yaml'],
    );
    const context = { App: 'web', Zone: 'ä' };
    const arn = 'arn:aws:kms:eu-west-1:123456789012:key/x';
    const role = 'arn:aws:iam::123456789012:role/y';
    const expected: MasterKey[] = [
      { type: 'kms', fields: { arn, role, context, aws_profile: 'me' }, enc: '' },
      { type: 'gcp_kms', fields: { resource_id: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' }, enc: '' },
      { type: 'hckms', fields: { key_id: 'r:u' }, enc: '' },
      { type: 'azure_kv', fields: { vault_url: 'https://v.vault.azure.net', name: 'k', version: '0123' }, enc: '' },
      { type: 'pgp', fields: { fp: 'ABCD' }, enc: '' },
      {
        type: 'hc_vault',
        fields: { vault_address: 'https://127.0.0.1:9', engine_path: 'some/transit', key_name: 'name' },
        enc: '',
      },
      { type: 'age', fields: { recipient }, enc: '' },
    ];
    expect(asked.map((request) => request.key)).toEqual(expected);
  });
});

function isListening(options: net.NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(options);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
