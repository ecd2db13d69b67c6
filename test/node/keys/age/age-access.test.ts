import { describe, expect, test } from 'vitest';
import type { MasterKey } from '../../../../src/core/keys/master-key.ts';
import { createAgeAccess } from '../../../../src/node/keys/age/age-access.ts';
import type { MemoryHost, MemoryHostOptions } from '../memory-host.ts';
import { memoryHost } from '../memory-host.ts';
import { alice, aliceIdentity, bobIdentity, fixture, payload, testKey } from './fixture.ts';

const home = { HOME: '/h', XDG_CONFIG_HOME: '/x' };
const key = (enc: string, recipient = alice): MasterKey => ({ type: 'age', fields: { recipient }, enc });

async function unwrap(host: MemoryHost, enc = fixture('alice.message')): Promise<string> {
  return createAgeAccess(host)
    .unwrap(key(enc))
    .then(
      (bytes) => Buffer.from(bytes).toString(),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
}

const withEnv = (env: Record<string, string>, more: MemoryHostOptions = {}): MemoryHost =>
  memoryHost({ ...more, env: { ...home, ...env } });

const noMatch = 'failed to create reader for decrypting sops data key with age:';
const one = `${noMatch} identity did not match any of the recipients: incorrect identity for recipient block`;
const several = `${noMatch} no identity matched any of the recipients`;
const ssh = "'SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_CMD', '/h/.ssh/id_ed25519', '/h/.ssh/id_rsa'";
const loading = 'Errors while loading age identities:';

describe('identities are found', () => {
  const keysTxt = '/x/sops/age/keys.txt';
  test.each<[string, Record<string, string>, MemoryHostOptions]>([
    ['in SOPS_AGE_KEY', { SOPS_AGE_KEY: aliceIdentity }, {}],
    ['in SOPS_AGE_KEY, several on a line', { SOPS_AGE_KEY: ` ${bobIdentity}  ${aliceIdentity} ` }, {}],
    ['in SOPS_AGE_KEY, with the comments of a file', { SOPS_AGE_KEY: testKey('alice.age') }, {}],
    ['in the file of SOPS_AGE_KEY_FILE', { SOPS_AGE_KEY_FILE: 'k' }, { files: { k: testKey('alice.age') } }],
    [
      'behind a very long comment',
      { SOPS_AGE_KEY_FILE: 'k' },
      { files: { k: `#${'x'.repeat(70_000)}\n${aliceIdentity}` } },
    ],
    ['with white space around', { SOPS_AGE_KEY_FILE: 'k' }, { files: { k: ` ${aliceIdentity}\t\r\n` } }],
    ['in the output of SOPS_AGE_KEY_CMD', { SOPS_AGE_KEY_CMD: 'show key' }, { run: () => ({ stdout: aliceIdentity }) }],
    ['in keys.txt', {}, { files: { [keysTxt]: aliceIdentity } }],
    [
      'in keys.txt when other sources hold others',
      { SOPS_AGE_KEY: bobIdentity },
      { files: { [keysTxt]: aliceIdentity } },
    ],
    ['in keys.txt below HOME', { XDG_CONFIG_HOME: '' }, { files: { '/h/.config/sops/age/keys.txt': aliceIdentity } }],
    [
      'in keys.txt of macOS',
      { XDG_CONFIG_HOME: '' },
      { platform: 'darwin', files: { '/h/Library/Application Support/sops/age/keys.txt': aliceIdentity } },
    ],
    ['in keys.txt of macOS with XDG_CONFIG_HOME', {}, { platform: 'darwin', files: { [keysTxt]: aliceIdentity } }],
    [
      'in keys.txt of Windows',
      { AppData: 'C:\\a', USERPROFILE: 'C:\\u' },
      { platform: 'win32', files: { 'C:\\a\\sops\\age\\keys.txt': aliceIdentity } },
    ],
    [
      'beside a source that is broken',
      { SOPS_AGE_KEY: 'nonsense', SOPS_AGE_KEY_FILE: 'k' },
      { files: { k: aliceIdentity } },
    ],
    ['beside an empty command', { SOPS_AGE_KEY_CMD: '', SOPS_AGE_KEY_FILE: 'k' }, { files: { k: aliceIdentity } }],
  ])('%s', async (_name, env, options) => {
    expect(await unwrap(withEnv(env, options))).toBe(payload);
  });

  test.each<[string, Record<string, string>, MemoryHostOptions]>([
    ['in SOPS_AGE_SSH_PRIVATE_KEY_FILE', { SOPS_AGE_SSH_PRIVATE_KEY_FILE: 'k' }, { files: { k: testKey('ssh-rsa') } }],
    [
      'in the output of SOPS_AGE_SSH_PRIVATE_KEY_CMD',
      { SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'show' },
      { run: () => ({ stdout: testKey('ssh-rsa') }) },
    ],
    ['in ~/.ssh/id_ed25519', {}, { files: { '/h/.ssh/id_ed25519': testKey('ssh-rsa') } }],
    ['in ~/.ssh/id_rsa', {}, { files: { '/h/.ssh/id_rsa': testKey('ssh-rsa') } }],
  ])('of the SSH kind %s', async (_name, env, options) => {
    expect(await unwrap(withEnv(env, options), fixture('ssh-rsa.message'))).toBe(payload);
  });

  test('only as far as needed: no command runs when a variable fits', async () => {
    const host = withEnv(
      { SOPS_AGE_KEY: aliceIdentity, SOPS_AGE_KEY_CMD: 'show', SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'show' },
      { run: () => ({ stdout: bobIdentity }) },
    );
    expect(await unwrap(host)).toBe(payload);
    expect(host.log).toEqual([]);
  });

  test('once for several keys; a command is asked once for each recipient', async () => {
    const asked: string[] = [];
    const host = withEnv(
      { SOPS_AGE_KEY_FILE: 'k', SOPS_AGE_KEY_CMD: 'show' },
      {
        files: { k: bobIdentity },
        run: (_command, _args, { env }) => {
          asked.push(env?.['SOPS_AGE_RECIPIENT'] ?? '');
          return { stdout: aliceIdentity };
        },
      },
    );
    const access = createAgeAccess(host);
    for (const recipient of [alice, 'other', alice]) await access.unwrap(key(fixture('alice.message'), recipient));
    expect(asked).toEqual([alice, 'other']);
    expect(host.log.filter((line) => line === 'read k')).toEqual(['read k']);
  });
});

/** The texts of the reference program, before they are wrapped. */
describe('when nothing fits, the places that were looked at are named', () => {
  test.each<[string, Record<string, string>, MemoryHostOptions, string]>([
    [
      'no source at all',
      {},
      {},
      `failed to load age identities. Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', 'SOPS_AGE_KEY_CMD', and '/x/sops/age/keys.txt'.`,
    ],
    [
      'one identity',
      { SOPS_AGE_KEY: bobIdentity },
      {},
      `${one}. Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.`,
    ],
    [
      'several identities, four places without keys',
      { SOPS_AGE_KEY: bobIdentity, SOPS_AGE_KEY_FILE: 'k', SOPS_AGE_KEY_CMD: 'show' },
      { files: { k: bobIdentity }, run: () => ({ stdout: bobIdentity }) },
      `${several}. Did not find keys in locations ${ssh.replace(", '/h/.ssh/id_rsa'", ", and '/h/.ssh/id_rsa'")}.`,
    ],
    [
      'two places without keys',
      {
        SOPS_AGE_KEY: bobIdentity,
        SOPS_AGE_KEY_FILE: 'k',
        SOPS_AGE_KEY_CMD: 'show',
        SOPS_AGE_SSH_PRIVATE_KEY_FILE: 's',
        SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'show ssh',
      },
      {
        files: { k: bobIdentity, s: testKey('ssh-ed25519') },
        run: (_command, args) => ({ stdout: args[0] === 'ssh' ? testKey('ssh-rsa') : bobIdentity }),
      },
      `${several}. Did not find keys in locations '/h/.ssh/id_ed25519' and '/h/.ssh/id_rsa'.`,
    ],
    [
      'one place without keys',
      {
        SOPS_AGE_KEY: bobIdentity,
        SOPS_AGE_KEY_FILE: 'k',
        SOPS_AGE_SSH_PRIVATE_KEY_FILE: 's',
        SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'show',
      },
      {
        files: {
          k: bobIdentity,
          s: testKey('ssh-ed25519'),
          '/h/.ssh/id_rsa': testKey('ssh-rsa'),
          '/h/.ssh/id_ed25519': testKey('ssh-ed25519'),
        },
        run: () => ({ stdout: testKey('ssh-rsa') }),
      },
      `${several}. Did not find keys in location 'SOPS_AGE_KEY_CMD'.`,
    ],
    [
      'a source with nothing in it comes last',
      { SOPS_AGE_KEY_FILE: 'k' },
      { files: { k: '# nothing here\n\n' } },
      `failed to load age identities. Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY', 'SOPS_AGE_KEY_CMD', and 'SOPS_AGE_KEY_FILE'.`,
    ],
    [
      'a broken source beside one that does not fit',
      { SOPS_AGE_KEY: 'nonsense', SOPS_AGE_KEY_CMD: 'show' },
      { run: () => ({ stdout: bobIdentity }) },
      `${one}. ${loading} failed to parse 'SOPS_AGE_KEY' age identities: unknown identity type. Did not find keys in locations ${ssh}, and 'SOPS_AGE_KEY_FILE'.`,
    ],
    [
      'a missing file',
      { SOPS_AGE_KEY_FILE: '' },
      {},
      `failed to load age identities. ${loading} failed to open SOPS_AGE_KEY_FILE file: open : no such file or directory. Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY', 'SOPS_AGE_KEY_CMD', and '/x/sops/age/keys.txt'.`,
    ],
    [
      'a keys.txt that cannot be opened',
      { SOPS_AGE_KEY: bobIdentity },
      { files: { '/x/sops/age/keys.txt': { code: 'ENOTDIR' } } },
      `${one}. ${loading} failed to open file: open /x/sops/age/keys.txt: not a directory. Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.`,
    ],
    [
      'a failing command',
      { SOPS_AGE_KEY_CMD: "sh -c 'exit 3'" },
      { run: () => ({ status: 3, stderr: 'boom' }) },
      `failed to load age identities. ${loading} failed to execute command sh -c 'exit 3': exit status 3. Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', and '/x/sops/age/keys.txt'.`,
    ],
    [
      'a protected SSH key from a command',
      { SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'show', SOPS_AGE_KEY: bobIdentity },
      { run: () => ({ stdout: fixture('ed25519-ctr') }) },
      `${one}. ${loading} the SSH key returned by running SOPS_AGE_SSH_PRIVATE_KEY_CMD is password protected, which is unsupported. ("ssh: this private key is passphrase protected"). Did not find keys in locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE', '/h/.ssh/id_ed25519', '/h/.ssh/id_rsa', 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.`,
    ],
    [
      'no SSH key from a command',
      { SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'show', SOPS_AGE_KEY: bobIdentity },
      { run: () => ({ stdout: 'hello' }) },
      `${one}. ${loading} malformed SSH identity returned by running SOPS_AGE_SSH_PRIVATE_KEY_CMD: "ssh: no key found". Did not find keys in locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE', '/h/.ssh/id_ed25519', '/h/.ssh/id_rsa', 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.`,
    ],
    [
      'no home folder',
      { HOME: '', XDG_CONFIG_HOME: '' },
      {},
      `failed to load age identities. ${loading} $HOME is not defined; user config directory could not be determined: neither $XDG_CONFIG_HOME nor $HOME are defined. Did not find keys in locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_CMD', 'SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.`,
    ],
    [
      'a relative XDG_CONFIG_HOME beside another source',
      { XDG_CONFIG_HOME: 'cfg', SOPS_AGE_KEY: bobIdentity },
      {},
      `${one}. Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.`,
    ],
  ])('%s', async (_name, env, options, expected) => {
    expect(await unwrap(withEnv(env, options))).toBe(expected);
  });

  test('no secret appears in a message', async () => {
    const env = { SOPS_AGE_KEY: `${aliceIdentity.slice(0, -1)}6`, SOPS_AGE_KEY_FILE: 'k' };
    const text = await unwrap(withEnv(env, { files: { k: 'hunter2' } }));
    expect(text).toContain('malformed secret key: invalid checksum');
    expect(text).not.toMatch(/hunter2|AGE-SECRET-KEY/);
  });
});

describe('a message', () => {
  const identity = withEnv({ SOPS_AGE_KEY: aliceIdentity });
  const [begin = '', ...rest] = fixture('alice.message').split('\n');
  const unused = `Did not find keys in locations ${ssh}, 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.`;

  test('that is no armour is a failure of its header', async () => {
    expect(await unwrap(identity, '')).toBe(
      `${noMatch} failed to read header: parsing age header: failed to read intro: invalid armor: unexpected EOF. ${unused}`,
    );
    expect(await unwrap(withEnv({}), 'x')).toMatch(/^failed to load age identities\. /);
  });

  test('with a fault behind its header is a failure of copying', async () => {
    expect(await unwrap(identity, [begin, ...rest, 'x'].join('\n'))).toBe(
      'failed to copy age decrypted data into bytes.Buffer: invalid armor: trailing data after armored file',
    );
  });

  test('with several stanzas is read, whatever its label says', async () => {
    expect(await unwrap(identity, fixture('several.message'))).toBe(payload);
    const access = createAgeAccess(identity);
    expect(Buffer.from(await access.unwrap(key(fixture('alice.message'), 'nonsense'))).toString()).toBe(payload);
  });
});

describe('wrapping', () => {
  test.each([
    [alice, { SOPS_AGE_KEY: aliceIdentity }],
    [testKey('ssh-ed25519.pub').trim(), { SOPS_AGE_SSH_PRIVATE_KEY_FILE: 'ed25519' }],
    [testKey('ssh-rsa.pub').trim(), { SOPS_AGE_SSH_PRIVATE_KEY_FILE: 'rsa' }],
    [/age1pq1\S+/.exec(testKey('pq.age'))?.[0] ?? '', { SOPS_AGE_KEY_FILE: 'pq' }],
  ])('for %s makes what its identity opens', async (recipient, env) => {
    const files = { ed25519: testKey('ssh-ed25519'), rsa: testKey('ssh-rsa'), pq: testKey('pq.age') };
    const access = createAgeAccess(withEnv(env, { files }));
    const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
    const enc = await access.wrap(key('', recipient), dataKey);
    expect([...(await access.unwrap(key(enc, recipient)))]).toEqual([...dataKey]);
  });

  test('for a malformed recipient fails with its reason', async () => {
    await expect(createAgeAccess(withEnv({})).wrap(key('', 'nobody'), new Uint8Array(32))).rejects.toThrow(
      expect.objectContaining({
        code: 'invalid-key',
        message: 'failed to parse input, unknown recipient type: "nobody"',
      }),
    );
  });
});
