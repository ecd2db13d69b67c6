import { describe, expect, it } from 'vitest';
import type { MemoryHostOptions } from './memory-host.ts';
import { MemoryHost, runWith } from './memory-host.ts';
import { ALICE, AS_ALICE, BOB, ENCRYPTED_JSON } from './recorded.ts';

const PLAIN = '{"a": "b", "c_s": "d"}';
const FILES = { 'f.json': PLAIN };

interface Metadata {
  age?: { recipient: string }[];
  pgp?: { fp: string }[];
  shamir_threshold?: number;
  mac_only_encrypted?: boolean;
  [setting: string]: unknown;
}

/** The metadata of what a command line encrypts, without what is new each time. */
async function metadataOf(options: MemoryHostOptions, ...argv: string[]): Promise<Metadata> {
  const { status, stdout, stderr } = await runWith(options, ...argv);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { sops } = JSON.parse(stdout) as { sops: Metadata };
  const { mac: _mac, lastmodified: _time, version: _version, age = [], ...rest } = sops;
  return { ...rest, age: age.map(({ recipient }) => ({ recipient })) };
}

const FOR_ALICE = { age: [{ recipient: ALICE }], unencrypted_suffix: '_unencrypted' };
const FOR_BOB = { age: [{ recipient: BOB }], unencrypted_suffix: '_unencrypted' };

describe('the keys of a new file', () => {
  const rule = { '.sops.yaml': `creation_rules: [{age: ${BOB}}]\n` };

  it('come from the flag, else its variable, else the creation rule', async () => {
    const env = { SOPS_AGE_RECIPIENTS: ALICE };
    expect(await metadataOf({ files: FILES }, 'encrypt', '--age', BOB, 'f.json')).toEqual(FOR_BOB);
    expect(await metadataOf({ files: FILES, env }, 'encrypt', '--age', BOB, 'f.json')).toEqual(FOR_BOB);
    expect(await metadataOf({ files: { ...FILES, ...rule }, env }, 'encrypt', 'f.json')).toEqual(FOR_ALICE);
    expect(await metadataOf({ files: { ...FILES, ...rule } }, 'encrypt', 'f.json')).toEqual(FOR_BOB);
  });

  it('come from the rule where the flag is empty', async () => {
    const env = { SOPS_AGE_RECIPIENTS: ALICE };
    const options = { files: { ...FILES, ...rule }, env };
    expect(await metadataOf(options, 'encrypt', '--age=', 'f.json')).toEqual(FOR_BOB);
  });

  it('may be written before the command (D20)', async () => {
    expect(await metadataOf({ files: FILES }, '--age', ALICE, 'encrypt', 'f.json')).toEqual(FOR_ALICE);
    expect(await metadataOf({ files: FILES }, '-a', ALICE, '-e', 'f.json')).toEqual(FOR_ALICE);
  });

  it('do not wait for an order of decryption that is no good', async () => {
    const env = { SOPS_DECRYPTION_ORDER: 'age,age' };
    expect(await metadataOf({ files: FILES, env }, 'encrypt', '--age', ALICE, 'f.json')).toEqual(FOR_ALICE);
    expect(await runWith({ files: FILES, env }, '-e', '--age', ALICE, 'f.json')).toEqual({
      status: 112,
      stdout: '',
      stderr: 'Duplicate decryption key type: age\n',
    });
  });

  it('must be given somewhere, which is said before the file is read', async () => {
    const stderr =
      'config file not found, or has no creation rules, and no keys provided through command line options\n';
    expect(await runWith({ files: { 'f.json': 'no JSON' } }, 'encrypt', 'f.json')).toEqual({
      status: 1,
      stdout: '',
      stderr,
    });
  });

  it('must parse, which is said before the file is read', async () => {
    expect(await runWith({ files: { 'f.json': 'no JSON' } }, 'encrypt', '--age', 'nonsense', 'f.json')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'failed to parse input, unknown recipient type: "nonsense"\n',
    });
  });

  it('on the command line do not make up for a configuration without a matching rule', async () => {
    const files = { ...FILES, '.sops.yaml': 'creation_rules: [{path_regex: other}]\n' };
    expect(await runWith({ files }, 'encrypt', '--age', ALICE, 'f.json')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'error loading config: no matching creation rules found\n',
    });
  });
});

describe('the settings of a new file', () => {
  const rule = {
    '.sops.yaml': `creation_rules: [{age: ${BOB}, encrypted_suffix: _s, shamir_threshold: 3, mac_only_encrypted: true}]\n`,
  };
  const fromRule = { encrypted_suffix: '_s', shamir_threshold: 3, mac_only_encrypted: true };

  it('come from the rule, even where keys do not', async () => {
    const options = { files: { ...FILES, ...rule } };
    expect(await metadataOf(options, 'encrypt', '--age', ALICE, 'f.json')).toEqual({
      age: [{ recipient: ALICE }],
      ...fromRule,
    });
  });

  it('come from the flags first', async () => {
    const options = { files: { ...FILES, ...rule } };
    const args = ['--encrypted-suffix', 's', '--shamir-secret-sharing-threshold', '0x2'];
    expect(await metadataOf(options, 'encrypt', ...args, 'f.json')).toEqual({
      age: [{ recipient: BOB }],
      ...fromRule,
      encrypted_suffix: 's',
      shamir_threshold: 2,
    });
  });

  it('exclude each other, also a flag and another one in the rule', async () => {
    const failure = {
      status: 8,
      stdout: '',
      stderr:
        'Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file\n',
    };
    const both = ['--encrypted-regex', 'a', '--unencrypted-regex', 'b'];
    expect(await runWith({ files: FILES }, 'encrypt', '--age', ALICE, ...both, 'f.json')).toEqual(failure);
    const options = { files: { ...FILES, ...rule } };
    expect(await runWith(options, 'encrypt', '--encrypted-regex', 'a', 'f.json')).toEqual(failure);
  });

  it('of which six select values mean nothing for a binary file, with a warning for five', async () => {
    const args = ['--encrypted-regex', 'a', '--unencrypted-suffix', 'b', '--unencrypted-comment-regex', 'c'];
    const { status, stdout, stderr } = await runWith(
      { files: { 'f.bin': 'x' } },
      'encrypt',
      '--age',
      ALICE,
      '--mac-only-encrypted',
      ...args,
      'f.bin',
    );
    const { sops } = JSON.parse(stdout) as { sops: Metadata };
    expect([status, Object.keys(sops)]).toEqual([0, ['age', 'lastmodified', 'mac', 'version']]);
    const text = (what: string): string =>
      `[CMD]\t time level=warning msg="Using ${what} does not make sense with the input store (the binary store produces one key that should always be encrypted) and will be ignored."\n`;
    expect(stderr.replaceAll(/time="[^"]*"/g, 'time')).toBe(text('an unencrypted suffix') + text('an encrypted regex'));
  });

  it('include a well-formed encryption context', async () => {
    const { status, stdout, stderr } = await runWith(
      { files: FILES },
      'encrypt',
      '--age',
      ALICE,
      '--encryption-context',
      'nonsense',
      'f.json',
    );
    expect({ status, stdout, last: stderr.split('\n').at(-2) }).toEqual({
      status: 6,
      stdout: '',
      last: 'Invalid KMS encryption context format',
    });
  });
});

describe('encrypt', () => {
  it('and decrypt are inverse, in place and through stdin', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: FILES });
    const nothing = { status: 0, stdout: '', stderr: '' };
    expect(await host.run('encrypt', '-i', '--age', ALICE, 'f.json')).toEqual(nothing);
    expect(await host.run('filestatus', 'f.json')).toEqual({ ...nothing, stdout: '{"encrypted":true}\n' });
    expect(await host.run('decrypt', 'f.json')).toEqual({ ...nothing, stdout: PLAIN });
    const piped = await runWith({ stdin: PLAIN }, 'encrypt', '--age', ALICE, '--filename-override', 'f.json');
    const back = await runWith({ env: AS_ALICE, stdin: piped.stdout }, 'decrypt', '--filename-override', 'f.json');
    expect(back).toEqual({ ...nothing, stdout: PLAIN });
  });

  it('of stdin needs a name, and cannot be in place', async () => {
    const stdin = PLAIN;
    expect(await runWith({ stdin }, 'encrypt', '--age', ALICE)).toEqual({
      status: 8,
      stdout: '',
      stderr: 'Error: must specify --filename-override when reading from stdin\n',
    });
    expect(await runWith({ stdin }, 'encrypt', '-i', '--age', ALICE, '--filename-override', 'f.json')).toEqual({
      status: 8,
      stdout: '',
      stderr: 'Error: cannot use --in-place when reading from stdin\n',
    });
  });

  it('of an encrypted file is refused, and the file left alone', async () => {
    const host = new MemoryHost({ files: { 's.json': ENCRYPTED_JSON } });
    const { status, stdout } = await host.run('encrypt', '-i', '--age', ALICE, 's.json');
    expect([status, stdout, host.read('s.json')]).toEqual([203, '', ENCRYPTED_JSON]);
  });

  it('does not print what it cannot parse (D41)', async () => {
    const { status, stdout, stderr } = await runWith(
      { files: { 'f.json': '{"a": hunter2}' } },
      'encrypt',
      '--age',
      ALICE,
      'f.json',
    );
    expect([status, stdout, stderr.startsWith('Error unmarshalling file: '), stderr.includes('hunter2')]).toEqual([
      2,
      '',
      true,
      false,
    ]);
  });
});

describe('filestatus', () => {
  it('tells whether there are metadata with a version and a MAC', async () => {
    const files = { 'e.json': ENCRYPTED_JSON, 'p.json': PLAIN, 'm.json': ENCRYPTED_JSON.replace('"mac"', '"mack"') };
    const host = new MemoryHost({ files });
    const answer = (encrypted: boolean) => ({ status: 0, stdout: `{"encrypted":${encrypted}}\n`, stderr: '' });
    expect(await host.run('filestatus', 'e.json', 'p.json')).toEqual(answer(true));
    expect(await host.run('filestatus', 'p.json')).toEqual(answer(false));
    expect(await host.run('filestatus', 'm.json')).toEqual(answer(false));
  });

  it('fails with a fatal log line for what it cannot read, the name as it was given', async () => {
    const { status, stdout, stderr } = await runWith({}, 'filestatus', 'n.json');
    expect({ status, stdout, stderr: stderr.replace(/time="[^"]*"/, 'time') }).toEqual({
      status: 1,
      stdout: '',
      stderr:
        '[CMD]\t time level=fatal msg="cannot check file status: cannot load encrypted file: Error reading file: open n.json: no such file or directory"\n',
    });
  });

  it('needs a file', async () => {
    expect(await runWith({}, 'filestatus')).toEqual({ status: 100, stdout: '', stderr: 'Error: no file specified\n' });
  });
});
