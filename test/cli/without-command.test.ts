import { describe, expect, it } from 'vitest';
import { MemoryHost } from './memory-host.ts';
import { ALICE, AS_ALICE, BOB, ENCRYPTED_JSON, PLAIN_JSON } from './recorded.ts';

const FILES = { 's.json': ENCRYPTED_JSON };
const NOTHING = { status: 0, stdout: '', stderr: '' };

function newHost(files: Record<string, string> = {}): MemoryHost {
  return new MemoryHost({ env: AS_ALICE, files: { ...FILES, ...files } });
}

describe('the forms without a command', () => {
  it('decrypt with -d, in place too', async () => {
    const host = newHost();
    expect(await host.run('-d', 's.json')).toEqual({ ...NOTHING, stdout: PLAIN_JSON });
    expect(await host.run('--extract', '["on"]', '--decrypt', 's.json')).toEqual({ ...NOTHING, stdout: 'true' });
    expect(await host.run('-i', '-d', 's.json')).toEqual(NOTHING);
    expect(host.read('s.json')).toBe(PLAIN_JSON);
  });

  it('encrypt with -e, rotate with -r, set with --set', async () => {
    const host = newHost({ 'p.json': PLAIN_JSON });
    expect(await host.run('-e', '-i', '--age', ALICE, 'p.json')).toEqual(NOTHING);
    expect(await host.run('-r', '-i', '--add-age', BOB, 'p.json')).toEqual(NOTHING);
    expect(await host.run('--set', '["db"]["user"] "eve"', 'p.json')).toEqual(NOTHING);
    expect(await host.run('-d', 'p.json')).toEqual({ ...NOTHING, stdout: PLAIN_JSON.replace('"ann"', '"eve"') });
  });

  it('take no flags behind the file', async () => {
    const { status, stdout, stderr } = await newHost().run('-d', 's.json', '-i');
    expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 0, stdout: PLAIN_JSON, lines: 3 });
  });

  it('need a file, and one that exists', async () => {
    const host = newHost();
    const missing = host.path('n.json');
    expect(await host.run()).toEqual({ status: 100, stdout: '', stderr: 'Error: no file specified\n' });
    expect(await host.run('-d')).toEqual({ status: 100, stdout: '', stderr: 'Error: no file specified\n' });
    for (const mode of ['-d', '-e', '-r']) {
      expect(await host.run(mode, 'n.json')).toEqual({
        status: 100,
        stdout: '',
        stderr: `Error: cannot operate on non-existent file "${missing}"\n`,
      });
    }
    expect(await host.run('-r', '--add-age', BOB, 'n.json')).toEqual({
      status: 49,
      stdout: '',
      stderr: `Error: cannot add or remove keys on non-existent file "${missing}", use \`--kms\` and \`--pgp\` instead.\n`,
    });
  });

  it('want a creation rule that matches, but for -d', async () => {
    const host = newHost({ '.sops.yaml': 'creation_rules: [{path_regex: other}]\n' });
    expect(await host.run('-d', 's.json')).toEqual({ ...NOTHING, stdout: PLAIN_JSON });
    for (const args of [['-r', 's.json'], ['--set', '["a"] 1', 's.json'], ['s.json']]) {
      expect(await host.run(...args)).toEqual({
        status: 1,
        stdout: '',
        stderr: 'error loading config: no matching creation rules found\n',
      });
    }
  });

  it('look at the order of decryption before anything that they decrypt', async () => {
    const host = newHost();
    const refused = { status: 112, stdout: '', stderr: 'Duplicate decryption key type: age\n' };
    for (const args of [
      ['--set', 'x'],
      ['-d', '--extract', 'x'],
      ['-r', '--rm-age', 'x'],
    ]) {
      expect(await host.run('--decryption-order', 'age,age', ...args, 's.json')).toEqual(refused);
    }
  });

  it('refuse a --set without a path or a value', async () => {
    for (const [text, stderr] of [
      ['["a"]', 'Invalid --set format\n'],
      ['a 1', 'Invalid --set format\n'],
      ['[a] 1', 'Invalid --set format\n'],
      ['["a"] x', 'Value for --set is not valid JSON\n'],
    ] as const) {
      const host = newHost();
      expect(await host.run('--set', text, 's.json')).toEqual({ status: 7, stdout: '', stderr });
      expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
    }
  });

  it('warn of several modes; the last of encrypt, decrypt, rotate counts, and a failed encryption does not, but for its keys', async () => {
    const warning =
      '[CMD]\t time level=warning msg="More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes made by the last one will be visible. Note that this behavior is deprecated and will cause an error eventually."\n';
    const host = newHost({ 'p.json': PLAIN_JSON });
    const both = await host.run('-e', '-d', '--age', ALICE, 's.json');
    expect({ ...both, stderr: both.stderr.replace(/time="[^"]*"/, 'time') }).toEqual({
      status: 0,
      stdout: PLAIN_JSON,
      stderr: warning,
    });
    const plain = await host.run('-e', '-d', '--age', ALICE, 'p.json');
    expect({ ...plain, stderr: plain.stderr.replace(/time="[^"]*"/, 'time') }).toEqual({
      status: 1,
      stdout: '',
      stderr: `${warning}sops metadata not found\n`,
    });
    const keyless = await host.run('-e', '-d', 's.json');
    expect({ ...keyless, stderr: keyless.stderr.replace(/time="[^"]*"/, 'time') }).toEqual({
      status: 1,
      stdout: '',
      stderr: `${warning}config file not found, or has no creation rules, and no keys provided through command line options\n`,
    });
  });
});
