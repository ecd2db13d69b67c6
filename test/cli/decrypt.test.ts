import { describe, expect, it } from 'vitest';
import { MemoryHost, runWith } from './memory-host.ts';
import { ALICE, AS_ALICE, AS_BOB, ENCRYPTED_JSON, PLAIN_JSON } from './recorded.ts';

const FILES = { 's.json': ENCRYPTED_JSON };

describe('decrypt', () => {
  it('prints the clear text', async () => {
    expect(await runWith({ env: AS_ALICE, files: FILES }, 'decrypt', 's.json')).toEqual({
      status: 0,
      stdout: PLAIN_JSON,
      stderr: '',
    });
  });

  it('with -i replaces the file, with --output writes another one, and prints nothing', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: FILES });
    const nothing = { status: 0, stdout: '', stderr: '' };
    expect(await host.run('decrypt', '--output', 'o.json', 's.json')).toEqual(nothing);
    expect([host.read('o.json'), host.read('s.json')]).toEqual([PLAIN_JSON, ENCRYPTED_JSON]);
    expect(await host.run('decrypt', '-i', 's.json')).toEqual(nothing);
    expect(host.read('s.json')).toBe(PLAIN_JSON);
  });

  it('reads stdin without a file, and /dev/stdin as one', async () => {
    const clear = { status: 0, stdout: PLAIN_JSON, stderr: '' };
    const options = { env: AS_ALICE, stdin: ENCRYPTED_JSON };
    expect(await runWith(options, 'decrypt', '--filename-override', 'x.json')).toEqual(clear);
    const types = ['--input-type', 'json', '--output-type', 'json'];
    expect(await runWith(options, 'decrypt', ...types)).toEqual(clear);
    expect(await runWith(options, 'decrypt', ...types, '/dev/stdin')).toEqual(clear);
  });

  it('with --indent writes the text anew', async () => {
    const { stdout } = await runWith({ env: AS_ALICE, files: FILES }, '--indent', '2', 'decrypt', 's.json');
    expect(stdout).toBe(PLAIN_JSON.replaceAll('\t', '  '));
  });

  it.each([
    ['["db"]', 0, '{\n\t"user": "ann",\n\t"port": 5432\n}\n', ''],
    ['["db"]["port"]', 0, '5432', ''],
    ['["db"]["user"]', 0, 'ann', ''],
    ['["hosts"]', 0, '[\n\t"a",\n\t"b"\n]', ''],
    ['["hosts"][1]', 0, 'b', ''],
    ['["none"]', 0, 'null', ''],
    ['["on"]', 0, 'true', ''],
    ['', 0, PLAIN_JSON, ''],
    ['["x"]', 1, '', "error truncating tree: component ['x'] not found\n"],
    ['["hosts"][9]', 1, '', 'error truncating tree: component [9] accesses out of bounds\n'],
    ['["db"]["user"][0]', 1, '', 'error truncating tree: component [0] is integer, but tree part is not a slice\n'],
    ['x', 91, '', "error parsing --extract path: component x doesn't end with ]\n"],
    ['["a', 91, '', 'error parsing --extract path: component "a doesn\'t end with ]\n'],
  ])('--extract %s is what sops 3.13.3 makes of it', async (path, status, stdout, stderr) => {
    expect(await runWith({ env: AS_ALICE, files: FILES }, 'decrypt', 's.json', '--extract', path)).toEqual({
      status,
      stdout,
      stderr,
    });
  });

  it('looks at arguments, then at conflicts, then whether the file exists, then at paths, then reads', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: FILES });
    const conflict = 'Error: cannot operate on both --output and --in-place\n';
    const missing = `Error: cannot operate on non-existent file "${host.path('n.json')}"\n`;
    const failures: [string[], number, string][] = [
      [['-i'], 8, 'Error: cannot use --in-place when reading from stdin\n'],
      [['-i', '--output', 'o', 'n.json'], 8, conflict],
      [['--extract', 'x', 'n.json'], 100, missing],
      [['--decryption-order', 'age,age', '--extract', 'x', 's.json'], 112, 'Duplicate decryption key type: age\n'],
    ];
    for (const [args, status, stderr] of failures) {
      expect(await host.run('decrypt', ...args)).toEqual({ status, stdout: '', stderr });
    }
  });

  it('leaves a path that leads through a file to the reading of it', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: FILES });
    const stderr = `Error reading file: open ${host.path('s.json')}/x: not a directory\n`;
    for (const args of [['decrypt'], ['rotate', '--rm-age', ALICE], ['-d']]) {
      expect(await host.run(...args, 's.json/x')).toEqual({ status: 2, stdout: '', stderr });
    }
  });

  it('names an --output that cannot be opened as the user did', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: FILES });
    expect(await host.run('decrypt', '--output', 'none/o.json', 's.json')).toEqual({
      status: 3,
      stdout: '',
      stderr: 'Could not open output file for writing: open none/o.json: no such file or directory\n',
    });
  });

  it.each(['exec-env', 'exec-file'])('%s names a file that cannot be read as the user did', async (command) => {
    expect(await runWith({ env: AS_ALICE, files: FILES }, command, 'none/n.json', 'true')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'Error reading file: open none/n.json: no such file or directory\n',
    });
  });

  it.each(['exec-env', 'exec-file'])('%s ends with a fatal log line for a user that is none', async (command) => {
    const host = new MemoryHost({ env: AS_ALICE, files: { 'f.env': 'a=b\n' } });
    const { stdout } = await host.run('encrypt', '--age', ALICE, 'f.env');
    host.write('s.env', stdout);
    const { status, stderr } = await host.run(command, '--user', 'no-such-user-here', 's.env', 'true');
    expect({ status, stderr: stderr.replace(/time="[^"]*"/, 'time') }).toEqual({
      status: 1,
      stderr: '[EXEC]\t time level=fatal msg="user: unknown user no-such-user-here"\n',
    });
  });

  it('takes - as the name of a file', async () => {
    const host = new MemoryHost({ stdin: ENCRYPTED_JSON });
    expect(await host.run('decrypt', '-')).toEqual({
      status: 100,
      stdout: '',
      stderr: `Error: cannot operate on non-existent file "${host.path('-')}"\n`,
    });
  });

  it('without a key writes nothing anywhere, exit 128', async () => {
    const host = new MemoryHost({ env: AS_BOB, files: { ...FILES, 'o.json': 'old' } });
    expect((await host.run('decrypt', '--output', 'o.json', 's.json')).status).toBe(128);
    expect((await host.run('decrypt', '-i', 's.json')).status).toBe(128);
    expect([host.read('o.json'), host.read('s.json')]).toEqual(['old', ENCRYPTED_JSON]);
  });

  it('warns of a configuration that cannot be read and goes on (D22)', async () => {
    const files = { ...FILES, '.sops.yaml': 'creation_rules: 1\n' };
    const { status, stdout, stderr } = await runWith({ env: AS_ALICE, files }, 'decrypt', 's.json');
    expect({ status, stdout }).toEqual({ status: 0, stdout: PLAIN_JSON });
    expect(stderr).toMatch(/^\[CMD\]\t time="[^"]+" level=warning msg="ignoring the config file, [^\n]+\n$/);
  });

  it('with --verbose says on stderr what it does', async () => {
    for (const argv of [
      ['--verbose', 'decrypt', 's.json'],
      ['decrypt', '--verbose', 's.json'],
      ['decrypt', 's.json', '--verbose'],
      ['--verbose', '-d', 's.json'],
    ]) {
      const { status, stdout, stderr } = await runWith({ env: AS_ALICE, files: FILES }, ...argv);
      expect({ status, stdout }).toEqual({ status: 0, stdout: PLAIN_JSON });
      expect(stderr.match(/level=\w+/g)).toEqual(['level=debug', 'level=info']);
    }
  });
});

describe('extra arguments', () => {
  it('are warned of, the last one that looks like a flag by name', async () => {
    const { status, stdout, stderr } = await runWith(
      { env: AS_ALICE, files: FILES },
      'decrypt',
      's.json',
      '-x',
      '--y',
      'z',
    );
    const [first, second] = stderr.replaceAll(/time="[^"]*"/g, 'time').split('\n');
    expect({ status, stdout }).toEqual({ status: 0, stdout: PLAIN_JSON });
    expect([first, second]).toEqual([
      '[CMD]\t time level=warning msg="More than one positional argument provided. Only the first one will be used!"',
      '[CMD]\t time level=warning msg="Note that one of the ignored positional argument is \\"--y\\", which looks like a flag. Flags must always be provided before the first positional argument!"',
    ]);
  });
});

describe('flags before a command (D20)', () => {
  it('count as if they were written behind it', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: FILES });
    expect((await host.run('--enable-local-keyservice=false', 'decrypt', 's.json')).status).toBe(128);
    expect((await host.run('--extract', '["db"]["user"]', 'decrypt', 's.json')).stdout).toBe('ann');
    expect(await host.run('-i', 'decrypt', 's.json')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(host.read('s.json')).toBe(PLAIN_JSON);
  });

  it('give way to the same flag behind it', async () => {
    const args = ['--extract', '["on"]', 'decrypt', '--extract', '["db"]["user"]', 's.json'];
    expect((await runWith({ env: AS_ALICE, files: FILES }, ...args)).stdout).toBe('ann');
  });

  it('that the command does not take are named in a warning', async () => {
    const { stdout, stderr } = await runWith({ env: AS_ALICE, files: FILES }, '--age', 'x', 'decrypt', 's.json');
    expect(stdout).toBe(PLAIN_JSON);
    expect(stderr.replace(/time="[^"]*"/, 'time')).toBe(
      '[CMD]\t time level=warning msg="--age has no effect on decrypt and is ignored"\n',
    );
  });
});
