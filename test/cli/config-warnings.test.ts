import { describe, expect, it } from 'vitest';
import { MemoryHost } from './memory-host.ts';
import { ALICE, AS_ALICE, ENCRYPTED_JSON, PLAIN_JSON } from './recorded.ts';

const CONFIG = `creation_rules:
  - path_regexp: s\\.json$
    age: ${ALICE}
    wholly_unlike: 1
`;
const TIME = /time="[^"]*"/g;
const warnings = (path: string): string =>
  [
    String.raw`${path}:2: unknown key \"path_regexp\" in a creation rule (did you mean \"path_regex\"?)`,
    String.raw`${path}:4: unknown key \"wholly_unlike\" in a creation rule`,
  ]
    .map((message) => `[CMD]\t time="T" level=warning msg="${message}"\n`)
    .join('');

function newHost(env: Record<string, string> = AS_ALICE, tty = {}): MemoryHost {
  const files = { '.sops.yaml': CONFIG, 's.json': ENCRYPTED_JSON, 't.json': ENCRYPTED_JSON, 'p.json': PLAIN_JSON };
  return new MemoryHost({ env, tty, files });
}

async function stderrOf(...argv: string[]): Promise<string> {
  return (await newHost().run(...argv)).stderr.replace(TIME, 'time="T"');
}

describe('an unknown key of the configuration', () => {
  it('is a warning with file, line and what may have been meant, in commands that go by the configuration', async () => {
    for (const argv of [
      ['encrypt', 'p.json'],
      ['-e', 'p.json'],
      ['rotate', 's.json'],
      ['set', 's.json', '["a"]', '1'],
      ['updatekeys', '-y', 's.json'],
    ]) {
      expect([argv, await stderrOf(...argv)]).toEqual([argv, expect.stringContaining(warnings('.sops.yaml'))]);
    }
    expect(await stderrOf('encrypt', 'p.json')).toBe(warnings('.sops.yaml'));
  });

  it('is told once, however many files there are', async () => {
    const stderr = await stderrOf('updatekeys', '--check', 's.json', 't.json');
    expect(stderr.split('unknown key').length - 1).toBe(2);
  });

  it('is told with the path that --config gives', async () => {
    expect(await stderrOf('--config', './.sops.yaml', 'encrypt', 'p.json')).toBe(warnings('./.sops.yaml'));
  });

  it('is nothing to commands that do not depend on the configuration', async () => {
    expect(await newHost().run('decrypt', 's.json')).toEqual({ status: 0, stdout: PLAIN_JSON, stderr: '' });
    expect(await newHost().run('-d', 's.json')).toEqual({ status: 0, stdout: PLAIN_JSON, stderr: '' });
    expect((await newHost().run('filestatus', 's.json')).stderr).toBe('');
    expect((await newHost().run('exec-file', 's.json', 'true')).stderr).toBe('');
  });
});
