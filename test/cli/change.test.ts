import { describe, expect, it } from 'vitest';
import { MemoryHost, runWith } from './memory-host.ts';
import { ALICE, AS_ALICE, AS_BOB, BOB, ENCRYPTED_JSON, PLAIN_JSON } from './recorded.ts';

const FILES = { 's.json': ENCRYPTED_JSON };
const NOTHING = { status: 0, stdout: '', stderr: '' };

function newHost(): MemoryHost {
  return new MemoryHost({ env: AS_ALICE, files: FILES });
}

async function clearText(host: MemoryHost, file = 's.json'): Promise<string> {
  const { status, stdout, stderr } = await host.run('decrypt', file);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** The ciphertexts of a file that were in another one too. */
function keptCiphertexts(before: string, after: string): number {
  const pattern = /"ENC\[[^"]*"/g;
  const old = new Set(before.match(pattern));
  return (after.match(pattern) ?? []).filter((text) => old.has(text)).length;
}

function recipients(text: string): string[] {
  return [...text.matchAll(/"recipient": "([^"]*)"/g)].map((match) => match[1] ?? '');
}

describe('set', () => {
  it('changes one value and keeps the ciphertext of every other', async () => {
    const host = newHost();
    expect(await host.run('set', 's.json', '["db"]["user"]', '"eve"')).toEqual(NOTHING);
    expect(await clearText(host)).toBe(PLAIN_JSON.replace('"ann"', '"eve"'));
    expect(keptCiphertexts(ENCRYPTED_JSON, host.read('s.json'))).toBe(5);
  });

  it('reads the value from an argument, a file or stdin', async () => {
    const args: [string[], string][] = [
      [['s.json', '["db"]["user"]', '"eve"'], ''],
      [['--value-file', 's.json', '["db"]["user"]', 'v.json'], ''],
      [['s.json', '["db"]["user"]', '--value-stdin'], ' "eve"\n'],
    ];
    for (const [argv, stdin] of args) {
      const host = new MemoryHost({ env: AS_ALICE, files: { ...FILES, 'v.json': '\n"eve" ' }, stdin });
      expect(await host.run('set', ...argv)).toEqual(NOTHING);
      expect((await host.run('decrypt', '--extract', '["db"]["user"]', 's.json')).stdout).toBe('eve');
    }
  });

  it('sets several values at once, all of them or none', async () => {
    const host = newHost();
    const pairs = ['["db"]["user"]', '"eve"', '["hosts"][1]', '["x", 9223372036854775807]', '["new"]["a"]', 'null'];
    expect(await host.run('set', 's.json', ...pairs)).toEqual(NOTHING);
    expect(await clearText(host)).toBe(
      PLAIN_JSON.replace('"ann"', '"eve"')
        .replace('\t\t"b"\n', '\t\t[\n\t\t\t"x",\n\t\t\t9223372036854775807\n\t\t]\n')
        .replace('"none": null\n', '"none": null,\n\t"new": {\n\t\t"a": null\n\t}\n'),
    );
    const refused = [
      [['["db"]["user"]', '"ann"', '["hosts"]["key"]', '1'], 1],
      [['["db"]["user"]', '"ann"', '["new"]', 'text'], 7],
      [['["db"]["user"]', '"ann"', '["new"]'], 100],
      [['["db"]["user"]', '"ann"', 'new', '1'], 7],
    ] as const;
    const before = host.read('s.json');
    for (const [argv, status] of refused) {
      expect(await host.run('set', 's.json', ...argv)).toMatchObject({ status, stdout: '' });
      expect(host.read('s.json')).toBe(before);
    }
    expect(await host.run('set', '--idempotent', 's.json', '["db"]["user"]', '"eve"', '["new"]["a"]', 'null')).toEqual(
      NOTHING,
    );
    expect(host.read('s.json')).toBe(before);
  });

  it('takes any JSON value: integers stay integers, arrays are lists (D11)', async () => {
    const values: [string, string][] = [
      ['9007199254740993', '9007199254740993'],
      ['1.5', '1.5'],
      ['true', 'true'],
      ['null', 'null'],
      ['[]', '[]'],
      ['[1, {"k": "v"}]', '[\n\t1,\n\t{\n\t\t"k": "v"\n\t}\n]'],
      ['{"k": [1]}', '{\n\t"k": [\n\t\t1\n\t]\n}\n'],
    ];
    for (const [value, text] of values) {
      const host = newHost();
      expect(await host.run('set', 's.json', '["new"]', value)).toEqual(NOTHING);
      expect((await host.run('decrypt', '--extract', '["new"]', 's.json')).stdout).toBe(text);
    }
  });

  it('refuses what is not one JSON value, without printing it', async () => {
    for (const value of ['', ' ', 'hunter2', '{"a":1,}', '[1', '1 2', '1,"b":2', '1}', '\ufeff1', "'a'"]) {
      const host = newHost();
      expect(await host.run('set', 's.json', '["a"]', value)).toEqual({
        status: 7,
        stdout: '',
        stderr: 'Value for --set is not valid JSON\n',
      });
      expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
    }
  });

  it('refuses empty and malformed paths', async () => {
    for (const path of ['', '[]', '["]', '["a"', 'a']) {
      expect(await newHost().run('set', 's.json', path, '1')).toEqual({
        status: 7,
        stdout: '',
        stderr: 'Invalid set index format\n',
      });
    }
  });

  it('with --idempotent leaves the file alone where nothing changes, and else writes it', async () => {
    const host = newHost();
    expect(await host.run('set', '--idempotent', 's.json', '["db"]["port"]', '5432')).toEqual(NOTHING);
    expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
    expect(await host.run('set', 's.json', '["db"]["port"]', '5432')).toEqual(NOTHING);
    expect(host.read('s.json')).not.toBe(ENCRYPTED_JSON);
    expect(await clearText(host)).toBe(PLAIN_JSON);
  });

  it('counts its arguments', async () => {
    const three = 'Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.\n';
    const two =
      'Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --value-stdin is used.\n';
    expect(await newHost().run('set', 's.json', '["a"]')).toEqual({ status: 100, stdout: '', stderr: three });
    expect(await newHost().run('set', '--value-stdin', 's.json', '["a"]', '1')).toEqual({
      status: 100,
      stdout: '',
      stderr: two,
    });
    expect(await newHost().run('set', '--value-stdin', '--value-file')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'Error: cannot use both --value-file and --value-stdin\n',
    });
  });

  it('looks at path, value, decryption order and file in this order', async () => {
    const order = ['--decryption-order', 'age,age', 'n.json'];
    const results = [
      await newHost().run('set', ...order, '["a"', 'x'),
      await newHost().run('set', ...order, '["a"]', 'x'),
      await newHost().run('set', ...order, '["a"]', '1'),
      await newHost().run('set', 'n.json', '["a"]', '1'),
    ];
    expect(results.map(({ status }) => status)).toEqual([7, 7, 112, 2]);
  });
});

describe('set of an integer beyond int64', () => {
  it('keeps every digit in JSON, also where the float is the same', async () => {
    const host = newHost();
    for (const digits of ['18446744073709551615', '18446744073709551616']) {
      expect(await host.run('set', 's.json', '["db"]["user"]', digits)).toEqual(NOTHING);
      expect(await clearText(host)).toBe(PLAIN_JSON.replace('"ann"', digits));
    }
    expect(await host.run('set', '--idempotent', 's.json', '["db"]["user"]', '18446744073709551616')).toEqual(NOTHING);
  });

  it('is refused in YAML where it would be rounded, and kept elsewhere', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: { 'i.yaml': 'a: x\n' } });
    await host.run('encrypt', '-i', '--age', ALICE, 'i.yaml');
    expect(await host.run('set', 'i.yaml', '["a"]', '18446744073709551615')).toEqual({
      status: 4,
      stdout: '',
      stderr:
        'Could not marshal tree: Error marshaling to YAML: an integer from 2^63 to 2^64 - 1 cannot be encrypted\n',
    });
    expect(await host.run('set', 'i.yaml', '["a"]', '18446744073709551616')).toEqual(NOTHING);
    expect(await clearText(host, 'i.yaml')).toBe('a: 18446744073709551616\n');
  });
});

describe('unset', () => {
  it('is refused where the comment that stays would put another encrypted value in clear', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: { 'c.yaml': '# clear\na: 1\nb: s3cret\nc: x\n' } });
    await host.run('encrypt', '-i', '--age', ALICE, '--unencrypted-comment-regex', 'clear', 'c.yaml');
    const before = host.read('c.yaml');
    expect(await host.run('unset', 'c.yaml', '["a"]')).toEqual({
      status: 23,
      stdout: '',
      stderr: 'not written: a comment that is left would put "b" in clear\n',
    });
    expect(host.read('c.yaml')).toBe(before);
    expect(await host.run('unset', 'c.yaml', '["b"]')).toEqual(NOTHING);
  });

  it('removes a key or a list element', async () => {
    const host = newHost();
    expect(await host.run('unset', 's.json', '["db"]["user"]')).toEqual(NOTHING);
    expect(await host.run('unset', 's.json', '["hosts"][0]')).toEqual(NOTHING);
    const { db, hosts } = JSON.parse(await clearText(host)) as { db: unknown; hosts: unknown };
    expect({ db, hosts }).toEqual({ db: { port: 5432 }, hosts: ['b'] });
  });

  it('of what is not there fails, or with --idempotent does nothing', async () => {
    const missing: [string, string][] = [
      ['["x"]', 'Key not found: x\n'],
      ['["hosts"][9]', 'Index 9 out of bounds\n'],
      ['["sops"]', 'Key not found: sops\n'],
    ];
    for (const [path, stderr] of missing) {
      const host = newHost();
      expect(await host.run('unset', 's.json', path)).toEqual({ status: 1, stdout: '', stderr });
      expect(await host.run('unset', '--idempotent', 's.json', path)).toEqual(NOTHING);
      expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
    }
  });

  it('refuses empty and malformed paths, and other numbers of arguments', async () => {
    for (const path of ['', '[]', '["]', '["a"']) {
      expect(await newHost().run('unset', 's.json', path)).toEqual({
        status: 7,
        stdout: '',
        stderr: 'Invalid unset index format\n',
      });
    }
    for (const args of [[], ['s.json'], ['s.json', '["a"]', 'x']]) {
      expect(await newHost().run('unset', ...args)).toEqual({
        status: 100,
        stdout: '',
        stderr: 'Error: no file specified, or index is missing\n',
      });
    }
  });
});

describe('rotate', () => {
  it('encrypts every value anew, and prints the result', async () => {
    const host = newHost();
    const { status, stdout, stderr } = await host.run('rotate', 's.json');
    expect({ status, stderr, file: host.read('s.json') }).toEqual({ status: 0, stderr: '', file: ENCRYPTED_JSON });
    expect(keptCiphertexts(ENCRYPTED_JSON, stdout)).toBe(0);
    host.write('r.json', stdout);
    expect(await clearText(host, 'r.json')).toBe(PLAIN_JSON);
  });

  it('adds and removes keys; one that is there already is not added twice (D13)', async () => {
    const host = newHost();
    expect(await host.run('rotate', '-i', '--add-age', `${BOB},${ALICE},${BOB}`, 's.json')).toEqual(NOTHING);
    expect(recipients(host.read('s.json'))).toEqual([ALICE, BOB]);
    expect(await host.run('rotate', '-i', '--add-age', ALICE, '--rm-age', ALICE, 's.json')).toEqual(NOTHING);
    expect(recipients(host.read('s.json'))).toEqual([BOB]);
    expect((await host.run('decrypt', 's.json')).status).toBe(128);
  });

  it('takes a key of another type for another key, whatever its text', async () => {
    const host = newHost();
    const { status, stdout } = await host.run('rotate', '-i', '--add-pgp', ALICE, 's.json');
    expect({ status, stdout, file: host.read('s.json') }).toEqual({ status: 1, stdout: '', file: ENCRYPTED_JSON });
  });

  it('does not remove the last key', async () => {
    const host = newHost();
    expect(await host.run('rotate', '-i', '--rm-age', ALICE, 's.json')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'Could not generate data key: [empty key group provided]\n',
    });
    expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
  });

  it('of a missing file tells so in other words when keys are to be changed', async () => {
    const host = newHost();
    expect(await host.run('rotate', '--rm-age', BOB, 'n.json')).toEqual({
      status: 49,
      stdout: '',
      stderr: `Error: cannot add or remove keys on non-existent file "${host.path('n.json')}", use the \`edit\` subcommand instead.\n`,
    });
    expect(await host.run('rotate', 'n.json')).toEqual({
      status: 2,
      stdout: '',
      stderr: `Error reading file: open ${host.path('n.json')}: no such file or directory\n`,
    });
  });
});

describe('updatekeys', () => {
  const rules = (...keys: string[]): Record<string, string> => ({
    '.sops.yaml': `creation_rules: [{age: "${keys.join(',')}"}]\n`,
  });
  const changes = `The following changes will be made to the file's groups:\nGroup 1\n    ${ALICE}\n+++ ${BOB}\n`;

  it('makes the keys those of the rule, and keeps every value', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: { ...FILES, ...rules(ALICE, BOB) } });
    const { status, stdout, stderr } = await host.run('updatekeys', '-y', 's.json');
    expect({ status, stdout }).toEqual({ status: 0, stdout: changes });
    const file = host.path('s.json');
    expect(stderr.replaceAll(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm, '')).toBe(
      `Syncing keys for file ${file}\nFile ${file} synced with new keys\n`,
    );
    expect(recipients(host.read('s.json'))).toEqual([ALICE, BOB]);
    expect(keptCiphertexts(ENCRYPTED_JSON, host.read('s.json'))).toBe(7);
    Object.assign(host.env, { SOPS_AGE_KEY: AS_BOB['SOPS_AGE_KEY'] });
    expect(await clearText(host)).toBe(PLAIN_JSON);
  });

  it('asks until the answer is y or n, one word a line', async () => {
    const question = 'Is this okay? (y/n):';
    const answers: [string, number, number, string[]][] = [
      ['y\n', 0, 1, [ALICE, BOB]],
      ['n\n', 0, 1, [ALICE]],
      ['Y\n yes \nn', 0, 3, [ALICE]],
      ['', 1, 1, [ALICE]],
      ['\n', 1, 1, [ALICE]],
      ['y y\n', 1, 1, [ALICE]],
    ];
    for (const [stdin, status, times, keys] of answers) {
      const host = new MemoryHost({ env: AS_ALICE, files: { ...FILES, ...rules(ALICE, BOB) }, stdin });
      const result = await host.run('updatekeys', 's.json');
      expect([result.status, result.stdout]).toEqual([status, changes + question.repeat(times)]);
      expect(recipients(host.read('s.json'))).toEqual(keys);
    }
  });

  it('needs no key for a file that is up to date', async () => {
    const host = new MemoryHost({ files: { ...FILES, ...rules(ALICE) } });
    const { status, stdout, stderr } = await host.run('updatekeys', 's.json');
    expect({ status, stdout, last: stderr.split('\n').at(-2)?.slice(20) }).toEqual({
      status: 0,
      stdout: '',
      last: `File ${host.path('s.json')} already up to date`,
    });
    expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
  });

  it('goes on after a file that fails, and counts the failures', async () => {
    const host = new MemoryHost({ env: AS_ALICE, files: { ...FILES, 'p.json': '{"a": "b"}', ...rules(BOB) } });
    const { status, stderr } = await host.run('updatekeys', '-y', 'n.json', 'p.json', 's.json');
    const lines = stderr.replaceAll(/time="[^"]*"/g, 'time').split('\n');
    expect(status).toBe(1);
    expect(lines.filter((line) => line.includes('level=error'))).toEqual([
      `[CMD]\t time level=error msg="stat ${host.path('n.json')}: no such file or directory"`,
      '[CMD]\t time level=error msg="sops metadata not found"',
    ]);
    expect(lines.at(-2)).toBe('failed updating 2 key(s)');
    expect(recipients(host.read('s.json'))).toEqual([BOB]);
  });

  it('takes the threshold of the rule (D7)', async () => {
    const groups = `creation_rules: [{shamir_threshold: 2, key_groups: [{age: [${ALICE}]}, {age: [${BOB}]}]}]\n`;
    const host = new MemoryHost({ env: AS_ALICE, files: { ...FILES, '.sops.yaml': groups } });
    const { status, stdout } = await host.run('updatekeys', '-y', 's.json');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `The following changes will be made to the file's groups:\n+++ shamir_threshold: 2\nGroup 1\n    ${ALICE}\nGroup 2\n+++ ${BOB}\n`,
    });
  });

  it('warns once of a configuration under another name, however many files there are', async () => {
    const host = new MemoryHost({
      files: { ...FILES, ...rules(ALICE), 'sub/.sops.yml': '', 'sub/s.json': ENCRYPTED_JSON },
    });
    Object.assign(host, { cwd: host.path('sub') });
    const { status, stderr } = await host.run('updatekeys', 's.json', '../s.json');
    const warnings = stderr.split('\n').filter((line) => line.includes('level=warning'));
    expect([status, warnings.map((line) => line.replace(/time="[^"]*"/, 'time'))]).toEqual([
      0,
      [
        '[CMD]\t time level=warning msg="ignoring \\".sops.yml\\" when searching for config file; the config file must be called \\".sops.yaml\\"; using \\"../.sops.yaml\\" instead"',
      ],
    ]);
  });

  it('needs a configuration, then a file', async () => {
    expect(await runWith({}, 'updatekeys')).toEqual({ status: 1, stdout: '', stderr: 'config file not found\n' });
    expect(await runWith({ files: rules(ALICE) }, 'updatekeys')).toEqual({
      status: 100,
      stdout: '',
      stderr: 'Error: no file specified\n',
    });
  });
});

describe('groups', () => {
  it('add splits the data key, delete takes a part away again', async () => {
    const host = newHost();
    expect(await host.run('groups', 'add', '-i', '-f', 's.json', '--age', BOB)).toEqual(NOTHING);
    expect((await host.run('decrypt', 's.json')).status).toBe(128);
    host.env['SOPS_AGE_KEY'] += `\n${AS_BOB['SOPS_AGE_KEY'] ?? ''}`;
    expect(await clearText(host)).toBe(PLAIN_JSON);
    const threshold = ['--shamir-secret-sharing-threshold', '1'];
    expect(await host.run('groups', 'delete', '-i', '-f', 's.json', ...threshold, '0')).toEqual(NOTHING);
    Object.assign(host.env, AS_BOB);
    expect(await clearText(host)).toBe(PLAIN_JSON);
  });

  it.each([
    [['add', '-f', 's.json', 'x'], 1, 'error: no positional arguments allowed'],
    [['add', '-f', 's.json'], 1, 'Error: the new group has no keys'],
    [['add', '-f', 's.json', '--age', 'nobody'], 1, 'failed to parse input, unknown recipient type: "nobody"'],
    [['add', '-f', 'n.json', '--age', BOB], 2, 'Error reading file: open n.json: no such file or directory'],
    [['delete', '-f', 's.json'], 1, 'error: exactly one positional argument (index) required'],
    [['delete', '-f', 's.json', '0', '1'], 1, 'error: exactly one positional argument (index) required'],
  ])('%j is refused in plain words', async (args, status, message) => {
    expect(await newHost().run('groups', ...args)).toEqual({ status, stdout: '', stderr: `${message}\n` });
  });

  it.each([
    [
      ['delete', '-f', 's.json', 'x'],
      'failed to parse [index] argument: strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [['delete', '-f', 's.json', '0'], 'removing the only key group would leave a file that nobody can decrypt'],
    [['delete', '-f', 's.json', '7'], 'there is no key group 7: the file has 1, the first one is 0'],
    [['add', '-f', 'p.json', '--age', BOB], 'sops metadata not found'],
  ])('%j is refused with a fatal log line', async (args, message) => {
    const host = new MemoryHost({ env: AS_ALICE, files: { ...FILES, 'p.json': '{"a": "b"}' } });
    const { status, stdout, stderr } = await host.run('groups', ...args);
    expect({ status, stdout, stderr: stderr.replace(/time="[^"]*"/, 'time') }).toEqual({
      status: 1,
      stdout: '',
      stderr: `[CMD]\t time level=fatal msg=${JSON.stringify(message)}\n`,
    });
  });

  it('without a key tells how many parts it got', async () => {
    const { status, stderr } = await runWith(
      { env: AS_BOB, files: FILES },
      'groups',
      'add',
      '-f',
      's.json',
      '--age',
      BOB,
    );
    expect([status, stderr.replace(/time="[^"]*"/, 'time')]).toEqual([
      1,
      '[CMD]\t time level=fatal msg="Error getting data key: 0 successful groups required, got 0"\n',
    ]);
  });
});
