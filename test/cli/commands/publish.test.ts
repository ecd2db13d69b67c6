import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenBao } from '../../servers/openbao.ts';
import { describeWithOpenBao, startOpenBao } from '../../servers/openbao.ts';
import { tunnel } from '../../servers/tunnel.ts';
import { MemoryHost } from '../memory-host.ts';

const PLAIN = `# comment
name: app
port: 5432
ratio: 1.5
big: 9223372036854775807
on: true
nothing: null
when: 2001-02-03T04:05:06Z
list:
    - name: a
      port: 1
    - - 1
      - x
---
name: second
more: "text"
`;

const DATA = {
  name: 'second',
  port: 5432,
  ratio: 1.5,
  // What JSON.parse makes of 9223372036854775807.
  big: 2 ** 63,
  on: true,
  nothing: null,
  when: '2001-02-03T04:05:06Z',
  list: [{ name: 'a', port: 1 }, [1, 'x']],
  more: 'text',
};

interface SecretAnswer {
  readonly data: { readonly data: unknown; readonly metadata: { readonly version: number } };
}

let identity = '';
let recipient = '';

beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

/** The log line that says that a secret cannot be read, without its time and reason. */
const NOT_COMPARED = (secret: string): string =>
  `[PUBLISH]\t level=warning msg="Cannot check if destination secret already exists in ${secret}. New version will be created even if the data has not been changed."`;

function withoutReason(stderr: string): string {
  return stderr.replace(/ time="[^"]*"/, '').replace(/ error="(?:[^"\\]|\\.)*"/, '');
}

/** A machine with an encrypted file and a configuration. */
async function machine(
  rules: string,
  env: Record<string, string>,
  plain = PLAIN,
  name = 'app.yaml',
): Promise<MemoryHost> {
  const host = new MemoryHost({
    env: { SOPS_AGE_KEY: identity, ...env },
    files: { '.sops.yaml': `destination_rules:\n${rules}`, [name]: plain },
    stdin: '',
  });
  const result = await host.run('encrypt', '-i', '--age', recipient, name);
  expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
  return host;
}

describeWithOpenBao('publish to Vault', () => {
  let bao: OpenBao;
  let env: Record<string, string> = {};

  beforeAll(async () => {
    bao = await startOpenBao();
    await bao.call('POST', 'sys/mounts/kv', { type: 'kv', options: { version: '1' } });
  });

  afterAll(async () => {
    await bao.stop();
  });

  beforeEach(() => {
    env = { VAULT_TOKEN: bao.token, VAULT_ADDR: bao.address };
  });

  test('writes the decrypted values of all documents to version 2, under secret/data by default', async () => {
    const host = await machine('    - vault_path: team', env);
    expect(await host.run('publish', '-y', 'app.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(((await bao.call('GET', 'secret/data/team/app.yaml')) as SecretAnswer).data.data).toEqual(DATA);
  });

  test('writes no new version when the data is there already, numbers included', async () => {
    const host = await machine('    - vault_path: same', env);
    for (const _time of [1, 2]) await host.run('publish', '-y', 'app.yaml');
    expect(((await bao.call('GET', 'secret/data/same/app.yaml')) as SecretAnswer).data.metadata.version).toBe(1);
    expect((await host.run('publish', '-y', '--verbose', 'app.yaml')).stderr).toMatch(
      /^\[PUBLISH\]\t time="[^"]*" level=info msg="Secret in secret\/data\/same\/app\.yaml is already up-to-date\."\n$/,
    );
    await host.run('set', 'app.yaml', '["port"]', '5433');
    await host.run('publish', '-y', 'app.yaml');
    const changed = (await bao.call('GET', 'secret/data/same/app.yaml')) as SecretAnswer;
    expect(changed.data.metadata.version).toBe(2);
    expect(changed.data.data).toEqual({ ...DATA, port: 5433 });
  });

  test('writes to version 1 without data/ in the path', async () => {
    const rule = `    - vault_path: team/\n      vault_kv_mount_name: kv\n      vault_kv_version: 1\n      vault_address: ${bao.address}`;
    const host = await machine(rule, { VAULT_TOKEN: bao.token, VAULT_ADDR: 'http://127.0.0.1:1' });
    expect(await host.run('publish', '-y', 'app.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(((await bao.call('GET', 'kv/team/app.yaml')) as { data: unknown }).data).toEqual(DATA);
    expect((await host.run('publish', '-y', '--verbose', 'app.yaml')).stderr).toContain('already up-to-date');
  });

  test('escapes names that a URL would take apart', async () => {
    const host = await machine('    - vault_path: odd', env, 'a: b\n', 'what? 100%#ä.yaml');
    expect(await host.run('publish', '-y', 'what? 100%#ä.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
    const listed = await bao.call('LIST', 'secret/metadata/odd');
    expect(listed).toMatchObject({ data: { keys: ['what? 100%#ä.yaml'] } });
  });

  test('a folder is published file by file, names relative to it', async () => {
    const host = await machine(
      '    - vault_path: tree\n      omit_extensions: true',
      env,
      'a: b\n',
      'dir/sub/one.yaml',
    );
    host.write('dir/two.yaml', host.read('dir/sub/one.yaml'));
    expect(await host.run('publish', '-y', '--recursive', 'dir')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await bao.call('LIST', 'secret/metadata/tree')).toMatchObject({ data: { keys: ['sub/', 'two'] } });
    expect(await bao.call('LIST', 'secret/metadata/tree/sub')).toMatchObject({ data: { keys: ['one'] } });
  });

  test("a refusal is shown in the words of Vault's own client, status 1", async () => {
    const host = await machine('    - vault_path: team', { ...env, VAULT_TOKEN: 'wrong' });
    const url = `${bao.address}/v1/secret/data/team/app.yaml`;
    const result = await host.run('publish', '-y', 'app.yaml');
    expect({ ...result, stderr: withoutReason(result.stderr) }).toEqual({
      status: 1,
      stdout: '',
      stderr: `${NOT_COMPARED('secret/data/team/app.yaml')}\nError making API request.\n\nURL: PUT ${url}\nCode: 403. Errors:\n\n* permission denied\n`,
    });
  });

  test('a namespace of the environment is used', async () => {
    await bao.call('POST', 'sys/namespaces/team1', {});
    await bao.call('POST', 'team1/sys/mounts/secret', { type: 'kv', options: { version: '2' } });
    const host = await machine('    - vault_path: spaced', { ...env, VAULT_NAMESPACE: 'team1' });
    expect(await host.run('publish', '-y', 'app.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(((await bao.call('GET', 'team1/secret/data/spaced/app.yaml')) as SecretAnswer).data.data).toEqual(DATA);
  });

  test('nothing is written when the answer is n', async () => {
    const host = await machine('    - vault_path: never', env);
    const result = await host.run('publish', 'app.yaml');
    expect(result).toEqual({
      status: 1,
      stdout: `uploading ${host.path('app.yaml')} to ${bao.address}/v1/secret/data/never/app.yaml ? (y/n): `,
      stderr: 'EOF\n',
    });
    expect(await bao.call('LIST', 'secret/metadata/never')).toEqual({ errors: [] });
  });

  test('bytes that are no text are refused', async () => {
    const host = await machine('    - vault_path: bytes', env);
    host.write('raw.bin', Uint8Array.of(0xff, 0xfe));
    await host.run('encrypt', '-i', '--age', recipient, 'raw.bin');
    expect(await host.run('publish', '-y', 'raw.bin')).toEqual({
      status: 4,
      stdout: '',
      stderr: 'Vault can only hold text: the file has values that are not UTF-8\n',
    });
  });
});

describeWithOpenBao('publish to Vault over TLS', () => {
  let bao: OpenBao;

  beforeAll(async () => {
    bao = await startOpenBao({ tls: true });
  });

  afterAll(async () => {
    await bao.stop();
  });

  test.each([
    ['VAULT_CACERT', 'ca.pem'],
    ['SSL_CERT_FILE', 'ca.pem'],
    ['VAULT_CAPATH', 'authorities'],
    ['VAULT_SKIP_VERIFY', 'true'],
  ])('the server is trusted through %s', async (variable, value) => {
    const host = await machine('    - vault_path: tls', { VAULT_TOKEN: bao.token, VAULT_ADDR: bao.address });
    host.write('ca.pem', bao.authority ?? '');
    host.write('authorities/one.pem', bao.authority ?? '');
    host.env[variable] = value === 'true' ? value : host.path(value);
    expect(await host.run('publish', '-y', 'app.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('the server is reached through a proxy of VAULT_PROXY_ADDR', async () => {
    const asked: unknown[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url);
      const onward = connect(Number(new URL(bao.address).port), '127.0.0.1');
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      void tunnel(socket, onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const port = (proxy.address() as AddressInfo).port;
    const env = { VAULT_TOKEN: bao.token, VAULT_CACERT_BYTES: bao.authority ?? '', VAULT_TLS_SERVER_NAME: 'localhost' };
    const host = await machine('    - vault_path: tls\n      vault_address: https://vault.example:8200', {
      ...env,
      VAULT_PROXY_ADDR: `http://127.0.0.1:${port}`,
    });
    expect(await host.run('publish', '-y', 'app.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(asked.slice(0, 1)).toEqual(['vault.example:8200']);
    proxy.close();
  });

  test('an unknown authority is refused', async () => {
    const host = await machine('    - vault_path: tls', { VAULT_TOKEN: bao.token, VAULT_ADDR: bao.address });
    const result = await host.run('publish', '-y', 'app.yaml');
    expect(result.status).toBe(1);
    expect(withoutReason(result.stderr).split('\n')).toEqual([
      NOT_COMPARED('secret/data/tls/app.yaml'),
      `Put "${bao.address}/v1/secret/data/tls/app.yaml": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      '',
    ]);
  });
});

test('an upload to S3 or GCS fails and names the place, when everything before it has worked', async () => {
  const rules = '    - path_regex: json$\n      gcs_bucket: b\n    - s3_bucket: bucket\n      s3_prefix: pre-';
  const host = await machine(rules, {});
  expect(await host.run('publish', '-y', 'app.yaml')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'cannot upload to s3://bucket/pre-app.yaml: this release publishes to Vault only\n',
  });
});

test('with --recursive a single file keeps its name', async () => {
  const host = await machine('    - s3_bucket: b', {});
  expect((await host.run('publish', '--recursive', 'app.yaml')).stdout).toBe(
    `uploading ${host.path('app.yaml')} to s3://b/app.yaml ? (y/n): `,
  );
});

describe('publish to a server that is not there', () => {
  test.each(['3.13.3', '3.0'])(
    'tells twice that it cannot be reached; a file of version %s is fine',
    async (version) => {
      const address = await closedAddress();
      const host = await machine(`    - vault_path: x\n      vault_address: http://${address}`, {
        VAULT_MAX_RETRIES: '0',
      });
      host.write('app.yaml', host.read('app.yaml').replace('version: 3.13.3', `version: ${version}`));
      const { status, stdout, stderr } = await host.run('publish', '-y', 'app.yaml');
      expect({ status, stdout, stderr: withoutReason(stderr) }).toEqual({
        status: 1,
        stdout: '',
        stderr:
          `${NOT_COMPARED('secret/data/x/app.yaml')}\n` +
          `Put "http://${address}/v1/secret/data/x/app.yaml": dial tcp ${address}: connect: connection refused\n`,
      });
    },
  );

  /** The address of a port that nobody listens on. */
  async function closedAddress(): Promise<string> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return `127.0.0.1:${port}`;
  }
});
