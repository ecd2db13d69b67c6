import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MemoryHostOptions, RunResult } from '../memory-host.ts';
import { MemoryHost } from '../memory-host.ts';
import { ALICE, AS_ALICE, AS_BOB, BOB, ENCRYPTED_JSON, PLAIN_JSON } from '../recorded.ts';

const SAVED = { status: 0, stdout: '', stderr: '' };
const UNCHANGED = { status: 200, stdout: '', stderr: 'File has not changed, exiting.\n' };
const RETURN = 'Press enter to return to the editor, or Ctrl+C to exit.';

/** A host whose editor runs a shell script; `$1` is the file, and each round adds a line to `rounds`. */
function hostWith(script: string, options: MemoryHostOptions = {}): MemoryHost {
  const host = new MemoryHost({
    now: new Date('2026-02-03T04:05:06Z'),
    ...options,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: '', ...AS_ALICE, ...options.env },
  });
  host.env['TMPDIR'] ||= host.path('tmp');
  host.write('tmp/.keep', '');
  host.write('ed.sh', `#!/bin/sh\nW='${host.cwd}'\necho round >>"$W/rounds"\nn=$(grep -c . "$W/rounds")\n${script}\n`);
  chmodSync(host.path('ed.sh'), 0o755);
  host.env['EDITOR'] ??= host.path('ed.sh');
  return host;
}

/** An editor that shows what it finds in `seen-1`, `seen-2`, ... and leaves the texts in turn. */
function hostWriting(texts: readonly (string | Uint8Array)[], options: MemoryHostOptions = {}): MemoryHost {
  const host = hostWith('cat "$1" >"$W/seen-$n"\nif [ -e "$W/new-$n" ]; then cat "$W/new-$n" >"$1"; fi', options);
  for (const [index, text] of texts.entries()) host.write(`new-${index + 1}`, text);
  return host;
}

/** An editor that runs sed on the file. */
function hostReplacing(expression: string, options: MemoryHostOptions = {}): MemoryHost {
  return hostWith(`cat "$1" >"$W/seen-$n"\nsed '${expression}' "$1" >"$W/t"\ncat "$W/t" >"$1"`, options);
}

async function encrypted(text: string, name: string, ...argv: string[]): Promise<string> {
  const host = new MemoryHost({ env: AS_ALICE, stdin: text });
  const { status, stdout, stderr } = await host.run('encrypt', '--age', ALICE, ...argv, '--filename-override', name);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

async function decrypted(host: MemoryHost, name: string, env = AS_ALICE, ...argv: string[]): Promise<RunResult> {
  Object.assign(host.env, { SOPS_AGE_KEY: '', ...env });
  return host.run('decrypt', ...argv, name);
}

describe('edit', () => {
  it.each(['new.yaml', 'new.json'])('refuses --indent -2 for %s before it asks the editor', async (name) => {
    const host = hostReplacing('s/x/y/', { files: { 's.json': ENCRYPTED_JSON } });
    const { status, stdout, stderr } = await host.run('--indent', '-2', 'edit', '--age', ALICE, name);
    const refusals = {
      'new.yaml': 'YAML Negative indentation not accepted',
      'new.json': 'Error marshaling to json: JSON Indentation parameter smaller than -1 is not accepted',
    };
    expect({ status, stdout, stderr, rounds: rounds(host) }).toEqual({
      status: 4,
      stdout: '',
      stderr: `Could not marshal tree: ${refusals[name as keyof typeof refusals]}\n`,
      rounds: 0,
    });
  });
});

function keptNote(path: string): string {
  return `[CMD]\t time="T" level=warning msg="The edited text was kept, encrypted." file=${path}\n`;
}

function rounds(host: MemoryHost): number {
  return existsSync(host.path('rounds')) ? host.read('rounds').length / 'round\n'.length : 0;
}

function keptFiles(host: MemoryHost): string[] {
  return readdirSync(host.cwd).filter((name) => name.includes('.edited-'));
}

function withoutTime(text: string): string {
  return text.replaceAll(/time="[^"]*"/g, 'time="T"');
}

/** The lines of `after` that `before` does not have, with ciphertexts cut short. */
function newLines(before: string, after: string): string[] {
  const old = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !old.has(line));
}

function shortened(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line.replaceAll(/ENC\[[^\]]*type:(\w+)\]/g, 'ENC[$1]').replace(/\d{4}-\d\d-[^"]*Z/, 'TIME'),
  );
}

describe('edit of a file', () => {
  it('shows the clear text and encrypts again what was changed, and nothing else', async () => {
    const host = hostReplacing('s/5432/6543/', { files: { 's.json': ENCRYPTED_JSON } });
    expect(await host.run('edit', 's.json')).toEqual(SAVED);
    expect(host.read('seen-1')).toBe(PLAIN_JSON);
    expect(shortened(newLines(ENCRYPTED_JSON, host.read('s.json')))).toEqual([
      '\t\t"port": "ENC[int]"',
      '\t\t"lastmodified": "TIME",',
      '\t\t"mac": "ENC[str]",',
    ]);
    expect((await decrypted(host, 's.json')).stdout).toBe(PLAIN_JSON.replace('5432', '6543'));
  });

  it('writes with the layout that the editor left', async () => {
    const texts: [string, string, string][] = [
      ['s.json', '{"a": "x"}', '{ "b":[1,\n2 ],   "a":"x"}\n'],
      ['s.yaml', 'a: x\n', "# top\n\na:   'x'   # one\nb:\n- 1\n- [ 2,3 ]\n"],
      ['s.env', 'A=x\n', '# c\n\nB=2\nA=x\n'],
      ['s.ini', 'a = x\n', '; c\na=x\n\n[s]\nlong  = 1\nb = 2\n'],
    ];
    for (const [name, before, after] of texts) {
      const host = hostWriting([after], { files: { [name]: await encrypted(before, name) } });
      expect(await host.run('edit', name)).toEqual(SAVED);
      expect(await decrypted(host, name)).toEqual({ status: 0, stdout: after, stderr: '' });
    }
  });

  it('keeps the metadata block where it was and as it was written', async () => {
    const yaml = await encrypted('a: 1\nb: 2\nc: 3\n', 's.yaml');
    const [data, block] = [yaml.slice(0, yaml.indexOf('sops:')), yaml.slice(yaml.indexOf('sops:'))];
    const lines = data.split(/(?<=\n)/);
    const reordered = block.replace(/(\s+lastmodified: .*)(\s+mac: .*)/, '$2$1').replaceAll(/^ {4}/gm, '  ');
    const places = [reordered + data, [lines[0], reordered, ...lines.slice(1)].join(''), data + reordered];
    for (const before of places) {
      const host = hostReplacing('s/2/22/', { files: { 's.yaml': before } });
      expect(await host.run('edit', 's.yaml')).toEqual(SAVED);
      const after = host.read('s.yaml');
      expect(after.split('\n').length).toBe(before.split('\n').length);
      expect(shortened(newLines(before, after)).sort()).toEqual([
        '  lastmodified: "TIME"',
        '  mac: ENC[str]',
        'b: ENC[int]',
      ]);
      expect((await decrypted(host, 's.yaml')).stdout).toBe('a: 1\nb: 22\nc: 3\n');
    }
  });

  it('keeps the blocks of all documents', async () => {
    const documents = (await encrypted('a: 1\n---\nb: 2\n', 's.yaml')).split(/^---\n/m);
    const before = documents
      .map((text) => text.slice(text.indexOf('sops:')) + text.slice(0, text.indexOf('sops:')))
      .join('---\n');
    const host = hostReplacing('s/2/22/', { files: { 's.yaml': before } });
    expect(await host.run('edit', 's.yaml')).toEqual(SAVED);
    expect(shortened(newLines(before, host.read('s.yaml')))).toEqual([
      '    lastmodified: "TIME"',
      '    mac: ENC[str]',
      '    lastmodified: "TIME"',
      '    mac: ENC[str]',
      'b: ENC[int]',
    ]);
    expect((await decrypted(host, 's.yaml')).stdout).toBe('a: 1\n---\nb: 22\n');
  });

  it('that was not changed ends with 200 and leaves the file alone', async () => {
    for (const script of ['true', 'cat "$1" >"$1.t"; rm "$1"; mv "$1.t" "$1"']) {
      const host = hostWith(script, { files: { 's.json': ENCRYPTED_JSON } });
      expect(await host.run('edit', 's.json')).toEqual(UNCHANGED);
      expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
    }
  });

  it('raises the version of an older file and never lowers one', async () => {
    for (const [before, after] of [
      ['3.9.4', '3.13.3'],
      ['1.18', '3.13.3'],
      ['3.99.0', '3.99.0'],
    ] as const) {
      const file = ENCRYPTED_JSON.replace('"version": "3.13.3"', `"version": "${before}"`);
      const host = hostReplacing('s/ann/eve/', { files: { 's.json': file } });
      expect(await host.run('edit', 's.json')).toEqual(SAVED);
      expect(/"version": "(.*)"/.exec(host.read('s.json'))?.[1]).toBe(after);
    }
  });

  it('with a wrong MAC needs --ignore-mac, and then has a right one', async () => {
    const file = ENCRYPTED_JSON.replace(/\t"on": .*\n/, '');
    const host = hostReplacing('s/ann/eve/', { files: { 's.json': file } });
    expect((await host.run('edit', 's.json')).status).toBe(51);
    expect(rounds(host)).toBe(0);
    expect(await host.run('edit', '--ignore-mac', 's.json')).toEqual(SAVED);
    expect((await decrypted(host, 's.json')).status).toBe(0);
  });

  it('takes and gives the bytes of a binary file', async () => {
    const content = new Uint8Array([0, 255, 10, 13, 128]);
    const plain = new MemoryHost({ env: AS_ALICE, files: { 'f.bin': new Uint8Array([9, 254]) } });
    expect(await plain.run('encrypt', '-i', '--age', ALICE, 'f.bin')).toEqual(SAVED);
    const host = hostWriting([content], { files: { 'f.bin': plain.read('f.bin') } });
    expect(await host.run('edit', 'f.bin')).toEqual(SAVED);
    expect([...readFileSync(host.path('seen-1'))]).toEqual([9, 254]);
    expect(await decrypted(host, 'f.bin', AS_ALICE, '--output', host.path('out'))).toEqual(SAVED);
    expect([...readFileSync(host.path('out'))]).toEqual([...content]);
  });

  it('does without a configuration that is broken (D22)', async () => {
    const host = hostReplacing('s/ann/eve/', { files: { 's.json': ENCRYPTED_JSON, '.sops.yaml': '{' } });
    expect((await host.run('edit', 's.json')).status).toBe(0);
  });

  it('needs no command before the file name', async () => {
    const host = hostReplacing('s/ann/eve/', { files: { 's.json': ENCRYPTED_JSON } });
    expect(await host.run('s.json')).toEqual(SAVED);
    expect((await decrypted(host, 's.json')).stdout).toBe(PLAIN_JSON.replace('ann', 'eve'));
  });

  it('starts no editor when it cannot be decrypted', async () => {
    const host = hostReplacing('s/ann/eve/', { env: AS_BOB, files: { 's.json': ENCRYPTED_JSON } });
    expect((await host.run('edit', 's.json')).status).toBe(128);
    expect(rounds(host)).toBe(0);
  });
});

describe('edit of a new file', () => {
  it('starts with the example of its format', async () => {
    const first: [string, string][] = [
      ['n.yaml', 'hello: '],
      ['n.json', '{\n\t"hello": '],
      ['n.env', '#'],
      ['n.ini', '; '],
      ['n.txt', 'Welcome! '],
    ];
    for (const [name, start] of first) {
      const host = hostReplacing('s/[Ww]elcome/Hi/g', { env: { SOPS_AGE_RECIPIENTS: ALICE } });
      expect(await host.run('edit', name)).toEqual(SAVED);
      const seen = host.read('seen-1');
      expect(seen.slice(0, start.length)).toBe(start);
      expect(await decrypted(host, name)).toEqual({
        status: 0,
        stdout: seen.replaceAll(/[Ww]elcome/g, 'Hi'),
        stderr: '',
      });
    }
  });

  it('is encrypted by flags and creation rules', async () => {
    const rules = `creation_rules:\n  - path_regex: n\\.json$\n    age: ${BOB}\n    encrypted_regex: ^pass$\n`;
    const host = hostWriting(['{"pass": "x", "user": "y"}\n'], { files: { '.sops.yaml': rules } });
    expect(await host.run('edit', 'n.json')).toEqual(SAVED);
    expect(host.read('n.json')).toContain('"user": "y"');
    expect((await decrypted(host, 'n.json', AS_BOB)).status).toBe(0);
    const flagged = hostWriting(['{"pass": "x", "user": "y"}\n']);
    expect(await flagged.run('edit', '--age', ALICE, '--encrypted-suffix', 'ser', 'n.json')).toEqual(SAVED);
    expect(flagged.read('n.json')).toContain('"pass": "x"');
  });

  it('is not made when the example is left as it is', async () => {
    const host = hostWith('true');
    expect(await host.run('edit', '--age', ALICE, 'n.yaml')).toEqual(UNCHANGED);
    expect(existsSync(host.path('n.yaml'))).toBe(false);
  });

  it('needs a key that can wrap the data key, before the editor starts', async () => {
    const host = hostWith('true');
    expect(await host.run('edit', 'n.yaml')).toMatchObject({ status: 1, stdout: '' });
    const { status, stderr } = await host.run('edit', '--pgp', '0'.repeat(40), 'n.yaml');
    expect(status).toBe(128);
    expect(stderr.startsWith('Error encrypting the data key with one or more master keys: [failed to encrypt')).toBe(
      true,
    );
    expect(rounds(host)).toBe(0);
  });
});

describe('edit --show-master-keys', () => {
  it('shows the metadata block and saves the edited values (D4)', async () => {
    const host = hostReplacing('s/ann/eve/', { files: { 's.json': ENCRYPTED_JSON } });
    expect(await host.run('edit', '-s', 's.json')).toEqual(SAVED);
    const seen = host.read('seen-1');
    expect(seen.startsWith(PLAIN_JSON.slice(0, -3))).toBe(true);
    expect(seen.slice(PLAIN_JSON.length - 3)).toBe(ENCRYPTED_JSON.slice(ENCRYPTED_JSON.indexOf(',\n\t"sops"')));
    expect(shortened(newLines(ENCRYPTED_JSON, host.read('s.json')))).toEqual([
      '\t\t"user": "ENC[str]",',
      '\t\t"lastmodified": "TIME",',
      '\t\t"mac": "ENC[str]",',
    ]);
    expect((await decrypted(host, 's.json')).stdout).toBe(PLAIN_JSON.replace('ann', 'eve'));
  });

  it('takes a changed selection', async () => {
    const host = hostReplacing('s/"unencrypted_suffix": "_unencrypted"/"encrypted_regex": "^user$"/', {
      files: { 's.json': ENCRYPTED_JSON },
    });
    expect(await host.run('edit', '-s', 's.json')).toEqual(SAVED);
    expect(host.read('s.json')).toContain('"port": 5432');
    expect(await decrypted(host, 's.json')).toEqual({ status: 0, stdout: PLAIN_JSON, stderr: '' });
  });

  it('wraps the data key for a recipient that was added', async () => {
    const host = hostReplacing(`s/"age": \\[/&{"recipient": "${BOB}", "enc": ""},/`, {
      files: { 's.json': ENCRYPTED_JSON },
    });
    expect(await host.run('edit', '-s', 's.json')).toEqual(SAVED);
    expect((await decrypted(host, 's.json', AS_BOB)).stdout).toBe(PLAIN_JSON);
    expect((await decrypted(host, 's.json')).stdout).toBe(PLAIN_JSON);
  });

  it('keeps the wrapped keys when a recipient was only removed', async () => {
    const both = await encrypted(PLAIN_JSON, 's.json', '--age', `${ALICE},${BOB}`);
    const enc = /"enc": "[^"]*"/.exec(both)?.[0] ?? '';
    const edited = both.replace(/,\s*\{\s*"enc": "[^"]*",\s*"recipient": "age158[^}]*\}/, '');
    expect(edited).not.toBe(both);
    const host = hostWith('cat "$1" >"$W/seen-1"; node "$W/remove.mjs" "$1"', { files: { 's.json': both } });
    host.write(
      'remove.mjs',
      `import fs from 'node:fs';\nconst f = process.argv[2];\nconst t = fs.readFileSync(f, 'utf8');\nconst d = JSON.parse(t);\nd.sops.age.pop();\nfs.writeFileSync(f, JSON.stringify(d));\n`,
    );
    expect(await host.run('edit', '-s', 's.json')).toEqual(SAVED);
    expect(host.read('s.json')).toContain(enc.replace(': ', ':'));
    expect((await decrypted(host, 's.json', AS_BOB)).status).toBe(128);
    expect((await decrypted(host, 's.json')).status).toBe(0);
  });

  it('shows and takes the JSON of a binary file', async () => {
    const host = hostReplacing('s/old/new/', { files: { f: await encrypted('old text', 'f') } });
    expect(await host.run('edit', '-s', 'f')).toEqual(SAVED);
    expect(host.read('seen-1').startsWith('{\n\t"data": "old text",\n\t"sops": {')).toBe(true);
    expect((await decrypted(host, 'f')).stdout).toBe('new text');
  });

  it('of a new file shows its keys', async () => {
    const host = hostReplacing('s/example_value1/v/');
    expect(await host.run('edit', '-s', '--age', ALICE, 'n.json')).toEqual(SAVED);
    expect(host.read('seen-1')).toContain(`"recipient": "${ALICE}"`);
    expect((await decrypted(host, 'n.json', AS_ALICE, '--extract', '["example_array"][0]')).stdout).toBe('v');
  });

  it('sends a text without the block back to the editor', async () => {
    const host = hostWriting(['{"a": 1}\n'], { stdin: '\n', files: { 's.json': ENCRYPTED_JSON } });
    host.write('new-2', ENCRYPTED_JSON.replace(/"ENC[^"]*"/, '"x"'));
    const { status, stderr } = await host.run('edit', '-s', 's.json');
    expect({ status, stderr: withoutTime(stderr) }).toEqual({
      status: 0,
      stderr: `[CMD]\t time="T" level=error msg="SOPS metadata is invalid. ${RETURN}" error="sops metadata not found"\n`,
    });
    expect(rounds(host)).toBe(2);
  });
});

describe('a text that cannot be encrypted', () => {
  const YAML_FILES = async (): Promise<Record<string, string>> => ({ 's.yaml': await encrypted('a: x\n', 's.yaml') });

  it('goes back to the editor as it is, with the reason, once for each line of stdin', async () => {
    const texts = [
      '"unclosed',
      '# nothing\n',
      'sops: {}\n',
      '1: a\n',
      'a: 1\n---\nsops: 2\n',
      'a: 18446744073709551615\n',
      'good: 1\n',
    ];
    const host = hostWriting(texts, { stdin: '\n'.repeat(6), files: await YAML_FILES() });
    const { status, stderr } = await host.run('edit', 's.yaml');
    expect(status).toBe(0);
    expect(stderr.match(/msg="[^"]*\. Press/g)).toEqual([
      'msg="Could not load tree, probably due to invalid syntax. Press',
      'msg="Could not load tree, probably due to invalid syntax. Press',
      'msg="Tree not valid for encryption. Press',
      'msg="Could not encrypt the file. Press',
      'msg="Could not encrypt the file. Press',
      'msg="Could not encrypt the file. Press',
    ]);
    for (const [index, text] of texts.slice(0, 6).entries()) expect(host.read(`seen-${index + 2}`)).toBe(text);
    expect((await decrypted(host, 's.yaml')).stdout).toBe('good: 1\n');
    expect(keptFiles(host)).toEqual([]);
  });

  it('that is undone counts as unchanged', async () => {
    const host = hostWriting(['"unclosed', 'a: x\n'], { stdin: '\n', files: await YAML_FILES() });
    const { status, stderr } = await host.run('edit', 's.yaml');
    expect(status).toBe(200);
    expect(stderr.endsWith('File has not changed, exiting.\n')).toBe(true);
  });

  it('ends the command where nobody answers, and is kept as it is, encrypted (D27)', async () => {
    const ends: [string, number][] = [
      ['secret: "unclosed', 2],
      ['sops: secret\n', 203],
      ['---\n1: secret\n', 23],
      ['a: 1\n---\nsops: secret\n', 4],
    ];
    for (const [text, expected] of ends) {
      const files = await YAML_FILES();
      const host = hostWriting([text], { files });
      const { status, stdout, stderr } = await host.run('edit', 's.yaml');
      expect({ status, stdout, rounds: rounds(host) }).toEqual({ status: expected, stdout: '', rounds: 1 });
      expect(stderr).not.toContain('secret');
      expect(host.read('s.yaml')).toBe(files['s.yaml']);
      const [kept = ''] = keptFiles(host);
      expect(withoutTime(stderr)).toContain(keptNote(host.path(kept)));
      expect(kept.startsWith('s.yaml.edited-')).toBe(true);
      expect((await decrypted(host, kept)).stdout).toBe(text);
    }
  });

  it("has upstream's message, without the key, for what ends upstream", async () => {
    const host = hostWriting(['1: a\n'], { files: await YAML_FILES() });
    const { stderr } = await host.run('edit', 's.yaml');
    expect(stderr.split('\n').at(-2)).toBe(
      'Error encrypting tree: Error walking tree: Tree contains a non-string key (type int). Only string keys are supported',
    );
  });

  it('goes back to the editor of a terminal at the end of the input too', async () => {
    const host = hostWriting(['"unclosed', 'good: 1\n'], { tty: { stdin: true }, files: await YAML_FILES() });
    expect((await host.run('edit', 's.yaml')).status).toBe(0);
    expect(rounds(host)).toBe(2);
  });
});

describe('a file that cannot be written', () => {
  it('because it was changed meanwhile stays as it is, and the edit is kept in a file of its format', async () => {
    const host = hostWith(`echo '{"mine": 1}' >"$1"; echo theirs >"$W/s.json"`, {
      files: { 's.json': ENCRYPTED_JSON },
    });
    const { status, stderr } = await host.run('edit', 's.json');
    const [kept = ''] = keptFiles(host);
    expect({ status, stderr: withoutTime(stderr) }).toEqual({
      status: 3,
      stderr:
        keptNote(host.path(kept)) +
        `Could not write ${host.path('s.json')}: it has changed since it was read (its content is another); nothing was written\n`,
    });
    expect(host.read('s.json')).toBe('theirs\n');
    expect(/^s\.edited-[0-9a-f]{8}\.json$/.test(kept)).toBe(true);
    expect((await decrypted(host, kept)).stdout).toBe('{"mine": 1}\n');
  });

  it('because it was made meanwhile stays as it is', async () => {
    const host = hostWith(`echo 'MINE=1' >"$1"; echo theirs >"$W/.env"`);
    expect((await host.run('edit', '--age', ALICE, '.env')).status).toBe(3);
    expect(host.read('.env')).toBe('theirs\n');
    const [kept = ''] = keptFiles(host);
    expect(/^\.edited-[0-9a-f]{8}\.env$/.test(kept)).toBe(true);
    expect((await decrypted(host, kept)).stdout).toBe('MINE=1\n');
  });

  it('because its folder is gone leaves the edit in the folder for temporary files', async () => {
    const host = hostWith(`echo '{"mine": 1}' >"$1"`);
    const { status, stderr } = await host.run('edit', '--age', ALICE, 'no/where/s.json');
    const [kept = ''] = readdirSync(host.path('tmp')).filter((name) => name.startsWith('s.edited-'));
    expect({ status, stderr: withoutTime(stderr) }).toEqual({
      status: 3,
      stderr:
        keptNote(host.path(`tmp/${kept}`)) +
        `Could not open in-place file for writing: open ${host.path('no/where/s.json')}: no such file or directory\n`,
    });
    expect((await decrypted(host, `tmp/${kept}`)).stdout).toBe('{"mine": 1}\n');
  });
});

describe('the editor', () => {
  const files = { 's.json': ENCRYPTED_JSON };

  async function editWith(env: Record<string, string>): Promise<RunResult & { rounds: number }> {
    const host = hostWith('[ -z "$2" ] || echo "$1 $2 $3" >"$W/words"', { env, files });
    for (const name of ['SOPS_EDITOR', 'EDITOR']) {
      const text = env[name];
      if (text !== undefined) host.env[name] = text.replaceAll('ED', host.path('ed.sh'));
    }
    return { ...(await host.run('edit', 's.json')), rounds: rounds(host) };
  }

  it('is what SOPS_EDITOR says, else EDITOR', async () => {
    expect(await editWith({ SOPS_EDITOR: 'ED', EDITOR: 'false' })).toEqual({ ...UNCHANGED, rounds: 1 });
    expect(await editWith({ SOPS_EDITOR: '', EDITOR: 'ED' })).toEqual({ ...UNCHANGED, rounds: 1 });
    expect(await editWith({ SOPS_EDITOR: ' ', EDITOR: 'ED' })).toEqual({ ...UNCHANGED, rounds: 1 });
  });

  it('is split into words as a shell does, and gets the path as the last one', async () => {
    const host = hostWith('echo "$#:$1:$2" >"$W/words"; basename "$3" >>"$W/words"', { files });
    host.env['EDITOR'] = `"${host.path('ed.sh')}" 'a b' \\$X # c`;
    expect(await host.run('edit', 's.json')).toEqual(UNCHANGED);
    expect(host.read('words')).toBe('3:a b:$X\ns.json\n');
  });

  it("that is missing, fails or makes no sense ends with 201 and upstream's reason", async () => {
    const ends: [Record<string, string>, string][] = [
      [{ EDITOR: 'false' }, 'exit status 1'],
      [{ EDITOR: 'no-such-editor -x' }, 'exec: "no-such-editor": executable file not found in $PATH'],
      [{ EDITOR: "vi 'x" }, "invalid $EDITOR: vi 'x"],
      [{ SOPS_EDITOR: '"vi', EDITOR: 'ED' }, 'invalid $SOPS_EDITOR: "vi'],
      [{ EDITOR: '# vi' }, 'invalid $EDITOR: # vi'],
      [{ EDITOR: '/no/where/ed' }, 'fork/exec /no/where/ed: no such file or directory'],
      [
        { EDITOR: '', PATH: '/nowhere' },
        'no editor available: neither SOPS_EDITOR nor EDITOR names one, and none of vim, nano, vi is installed',
      ],
    ];
    for (const [env, reason] of ends) {
      expect(await editWith(env)).toEqual({
        status: 201,
        stdout: '',
        stderr: `Could not run editor: ${reason}\n`,
        rounds: 0,
      });
    }
  });

  it('that fails after it wrote changes nothing', async () => {
    const host = hostWith('echo "{}" >"$1"; exit 3', { files });
    expect(await host.run('edit', 's.json')).toEqual({
      status: 201,
      stdout: '',
      stderr: 'Could not run editor: exit status 3\n',
    });
    expect(host.read('s.json')).toBe(ENCRYPTED_JSON);
  });

  it('is the first of vim, nano and vi without a variable', async () => {
    const host = hostWith('true', { files, env: { EDITOR: '' } });
    for (const name of ['bin/nano', 'bin/vi']) {
      host.write(name, `#!/bin/sh\necho ${basename(name)} >>'${host.path('started')}'\n`);
      chmodSync(host.path(name), 0o755);
    }
    host.env['PATH'] = host.path('bin');
    expect(await host.run('edit', 's.json')).toEqual(UNCHANGED);
    expect(host.read('started')).toBe('nano\n');
  });
});

describe('the clear text', () => {
  it('is in a file of the same name that only its owner can read, and is gone afterwards with all that is beside it', async () => {
    const script =
      'echo "$1" >"$W/where"; ls -ld "$1" "$(dirname "$1")" | cut -c1-10 >"$W/modes"; cp "$1" "$1~"; mkdir "$1.d"';
    for (const [ending, status] of [
      ['', 200],
      ['echo "{}" >"$1"', 0],
      ['exit 9', 201],
      ['rm "$1"', 2],
      ['echo "{" >"$1"', 2],
    ] as const) {
      const host = hostWith(`${script}\n${ending}`, { files: { 'a b.json': ENCRYPTED_JSON } });
      expect((await host.run('edit', 'a b.json')).status).toBe(status);
      const where = host.read('where').trimEnd();
      expect(basename(where)).toBe('a b.json');
      expect(dirname(dirname(where))).toBe(host.path('tmp'));
      expect(host.read('modes')).toBe('drwx------\n-rw-------\n');
      expect(existsSync(dirname(where))).toBe(false);
    }
  });

  it('is in no message about a file that the editor deleted', async () => {
    const host = hostWith('rm "$1"', { files: { 's.json': ENCRYPTED_JSON } });
    const { stderr } = await host.run('edit', 's.json');
    expect(stderr.replace(/\/\S+\//, '')).toBe('Could not hash file: open s.json: no such file or directory\n');
  });
});

describe('arguments', () => {
  it('are one file; another one is warned of', async () => {
    const host = hostWith('true', { files: { 's.json': ENCRYPTED_JSON } });
    expect(await host.run('edit')).toEqual({ status: 100, stdout: '', stderr: 'Error: no file specified\n' });
    const { status, stderr } = await host.run('edit', 's.json', 'other');
    expect(status).toBe(200);
    expect(stderr.split('\n').length).toBe(3);
  });

  it('that name a folder or a file that is not encrypted end as upstream', async () => {
    const host = hostWith('true', { files: { 'd/x.json': '{"a": 1}\n' } });
    expect(await host.run('edit', 'd')).toEqual({
      status: 2,
      stdout: '',
      stderr: `Error reading file: read ${host.path('d')}: is a directory\n`,
    });
    expect(await host.run('edit', 'd/x.json')).toEqual({ status: 1, stdout: '', stderr: 'sops metadata not found\n' });
  });
});
