/** Files that older releases of the reference have written, taken out of the recorded cases. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemoryHost } from '../cli/memory-host.ts';
import { ALICE, BOB, BOB_IDENTITY } from '../cli/recorded.ts';
import { describeUnless, findProgram } from './programs.ts';
import { reference } from './reference.ts';

const CASES = 'test/conformance/cases/history';
const KEYS = path.resolve('test/conformance/keys');

interface OldFile {
  release: string;
  story: string;
  name: string;
  text: string;
}

/** The encrypted files that a case starts with. */
function filesOf(caseFile: string): OldFile[] {
  const text = readFileSync(path.join(CASES, caseFile), 'utf8');
  const beforeRuns = text.split(/^@(?:run|sh|peer) /m)[0] ?? '';
  const blocks = beforeRuns.split(/^@(?=\w)/m).filter((block) => block.startsWith('file '));
  const [, release = '', story = ''] = /^v([\d.]+)-(.*)\.case$/.exec(caseFile) ?? [];
  return blocks.flatMap((block) => {
    const [, name = '', flags = '', content = ''] = /^file (\S+)([^\n]*)\n([^]*)$/.exec(block) ?? [];
    if (name === '.sops.yaml') return [];
    expect(flags, `${caseFile}: flags of a file`).toBe('');
    return [{ release, story, name, text: content.replaceAll(/^@@/gm, '@') }];
  });
}

const files = readdirSync(CASES)
  .filter((name) => /^v\d.*\.case$/.test(name))
  .flatMap(filesOf);

test('every minor release since 3.7 has files', () => {
  const releases = new Set(files.map(({ release }) => release.split('.').slice(0, 2).join('.')));
  expect([...releases].sort()).toEqual(['3.10', '3.11', '3.12', '3.13', '3.7', '3.8', '3.9']);
  expect(files.length).toBeGreaterThan(90);
});

const missing =
  reference === undefined
    ? 'the reference program is not installed'
    : findProgram('gpg') === undefined
      ? 'apt-get install gnupg'
      : undefined;

describeUnless(missing, 'the reference reads what was changed in files of older releases', () => {
  let keyring = '';

  beforeAll(() => {
    keyring = mkdtempSync(path.join(tmpdir(), 'gpg-'));
    const key = path.join(KEYS, 'pgp-alice.asc');
    const { status, stderr } = spawnSync('gpg', ['--homedir', keyring, '--batch', '--quiet', '--import', key]);
    if (status !== 0) throw new Error(stderr.toString());
  });

  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', keyring, '--kill', 'all']);
    rmSync(keyring, { recursive: true, force: true });
  });

  function hostWith(file: OldFile): MemoryHost {
    const identities = ['alice', 'bob', 'dave', 'pq'].map((name) =>
      readFileSync(path.join(KEYS, `${name}.age`), 'utf8'),
    );
    return new MemoryHost({
      env: {
        PATH: process.env['PATH'] ?? '',
        GNUPGHOME: keyring,
        SOPS_AGE_KEY: identities.join(''),
        SOPS_AGE_SSH_PRIVATE_KEY_FILE: path.join(KEYS, 'ssh-ed25519'),
      },
      files: { [file.name]: file.text, '.sops.yaml': `creation_rules:\n  - age: ${ALICE},${BOB}\n` },
    });
  }

  function readByReference(host: MemoryHost, name: string): string {
    const options = { cwd: host.cwd, env: host.env, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(reference ?? '', ['decrypt', name], options);
    expect({ status, stderr: withoutOldNews(stderr) }).toEqual({ status: 0, stderr: '' });
    return stdout;
  }

  /** Of a file without encrypted comments the reference says that it is old. */
  function withoutOldNews(stderr: string): string {
    return stderr.replaceAll(/^.*possibly unencrypted comment.*\n/gm, '');
  }

  async function change(host: MemoryHost, ...args: string[]): Promise<void> {
    const { status, stderr } = await host.run(...args);
    const complaints = withoutOldNews(stderr).replaceAll(/^.*(?:Syncing keys|synced with new keys).*\n/gm, '');
    expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
  }

  test.each(files)('$release: $story: $name', async (file) => {
    const { name } = file;
    const host = hostWith(file);
    // It cannot read what its own releases wrote as the threshold of INI files; rotate heals that.
    const isReadable = !/^shamir_threshold *= \d+\./m.test(file.text);
    const before = isReadable ? readByReference(host, name) : (await host.run('decrypt', name)).stdout;

    await change(host, 'rotate', '-i', name);
    expect(readByReference(host, name), 'after rotate').toBe(before);

    if (!name.endsWith('.bin')) {
      const added = name.endsWith('.ini') ? '["added"]["key"]' : '["added"]';
      await change(host, 'set', name, added, '"new value"');
      expect(readByReference(host, name), 'after set').toMatch(/new value/);
      await change(host, 'unset', name, name.endsWith('.ini') ? '["added"]' : added);
      expect(readByReference(host, name), 'after unset').toBe(before);
    }

    await change(host, 'updatekeys', '-y', name);
    host.env['SOPS_AGE_KEY'] = BOB_IDENTITY;
    for (const variable of ['GNUPGHOME', 'SOPS_AGE_SSH_PRIVATE_KEY_FILE']) delete host.env[variable];
    expect(readByReference(host, name), 'after updatekeys').toBe(before);
  });
});
