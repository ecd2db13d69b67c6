import { expect, test } from 'vitest';
import { MemoryHost } from './memory-host.ts';
import { ALICE, AS_ALICE, ENCRYPTED_JSON } from './recorded.ts';

const FILES = { 's.json': ENCRYPTED_JSON, 'p.json': '{"a": 1}', decrpyt: 'a file\n' };

async function hintsOf(...argv: string[]): Promise<string[]> {
  const lines = async (stderr: boolean): Promise<string[]> =>
    (await new MemoryHost({ env: AS_ALICE, files: FILES, tty: { stderr } }).run(...argv)).stderr.split('\n');
  const isHint = (line: string): boolean => line.startsWith('hint: ');
  expect((await lines(false)).filter(isHint)).toEqual([]);
  return (await lines(true)).filter(isHint).map((line) => line.slice(6));
}

test('a word that looks like a command is told apart from a file to edit, where there is no such file', async () => {
  expect(await hintsOf('encrpyt', 'p.json')).toEqual(['"encrpyt" is no command; did you mean "encrypt"?']);
  expect(await hintsOf('updatekey', 's.json')).toEqual(['"updatekey" is no command; did you mean "updatekeys"?']);
  for (const argv of [['encrpyt.yaml'], ['./encrpyt'], ['decrpyt'], ['-e', 'encrpyt']]) {
    expect((await hintsOf(...argv)).filter((hint) => hint.includes('is no command'))).toEqual([]);
  }
});

test('so is one behind help, and behind a group of commands', async () => {
  expect(await hintsOf('help', 'encrpyt')).toEqual(['"encrpyt" is no command; did you mean "encrypt"?']);
  expect(await hintsOf('groups', 'delte')).toEqual(['"delte" is no command; did you mean "delete"?']);
  expect(await hintsOf('groups', 'zzz')).toEqual([]);
});

test('an unknown flag is told the nearest one, its place, or that letters do not combine', async () => {
  expect(await hintsOf('decrypt', '--ouput', 'x', 's.json')).toEqual(['did you mean --output?']);
  expect(await hintsOf('encrypt', '--agee', ALICE, 'p.json')).toEqual(['did you mean --age?']);
  expect(await hintsOf('--verbos', 'decrypt', 's.json')).toEqual(['did you mean --verbose?']);
  expect(await hintsOf('-di', 's.json')).toEqual(['letters do not combine; did you mean -d -i?']);
  expect(await hintsOf('decrypt', '--config', 'x', 's.json')).toEqual(["--config stands before the command's name"]);
  expect(await hintsOf('rotate', '--indent', '2', 's.json')).toEqual(["--indent stands before the command's name"]);
  expect(await hintsOf('decrypt', '--frobnicate', 's.json')).toEqual([]);
});

test('a value that is no JSON is told how a text is written', async () => {
  const hint = `a value is JSON: a text has double quotes, within single ones for the shell: '"text"'`;
  expect(await hintsOf('set', 's.json', '["a"]', 'text')).toEqual([hint]);
  expect(await hintsOf('--set', '["a"] text', 's.json')).toEqual([hint]);
});

test('a format that is none is told to be ignored, before the command and behind it', async () => {
  const ignored = (flag: string): string => `${flag} "yml" is ignored: it takes yaml, json, dotenv, ini or binary`;
  expect(await hintsOf('decrypt', '--input-type', 'yml', '--output-type', 'json', 's.json')).toEqual([
    ignored('--input-type'),
  ]);
  expect(await hintsOf('--output-type', 'yml', 'decrypt', 's.json')).toEqual([ignored('--output-type')]);
  expect(await hintsOf('-d', '--output-type', 'yml', 's.json')).toEqual([ignored('--output-type')]);
  expect(await hintsOf('decrypt', '--output-type', 'yaml', 's.json')).toEqual([]);
});
