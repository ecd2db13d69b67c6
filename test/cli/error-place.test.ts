import { expect, test } from 'vitest';
import { MemoryHost } from './memory-host.ts';
import { ALICE, AS_ALICE, ENCRYPTED_JSON } from './recorded.ts';

const FILES = {
  'swapped.json': ENCRYPTED_JSON.replace('"user"', '"name"'),
  'type.json': ENCRYPTED_JSON.replace(/(pA==.*?)type:str/, '$1type:odd'),
  'key.yaml': 'a:\n  - {1: b}\n',
  'control.yaml': 'a: 1\nb: "\u0001"\n',
  'syntax.json': '{"a": 1,\n oops}',
  'line.yaml': 'a: 1\n\tb: 2\n',
};
const AUTHENTICATION =
  'Error decrypting tree: Error walking tree: Could not decrypt value: Could not decrypt with AES_GCM: cipher: message authentication failed';

async function stderrOf(stderr: boolean, ...argv: string[]): Promise<string> {
  return (await new MemoryHost({ env: AS_ALICE, files: FILES, tty: { stderr } }).run(...argv)).stderr;
}

test('a terminal is told where the value or the text is, in a second line; scripts get the message alone', async () => {
  for (const [file, verb, message, place] of [
    ['swapped.json', 'decrypt', AUTHENTICATION, '["db"]["name"]'],
    [
      'type.json',
      'decrypt',
      'Error decrypting tree: Error walking tree: Could not decrypt value: Unknown datatype: odd',
      '["hosts"][0]',
    ],
    [
      'key.yaml',
      'encrypt',
      'Error encrypting tree: Error walking tree: Tree contains a non-string key (type int). Only string keys are supported',
      '["a"][0]["1"]',
    ],
    [
      'control.yaml',
      'encrypt',
      'Error unmarshalling file: yaml: control characters are not allowed',
      'line 2, column 5',
    ],
    ['control.yaml', 'decrypt', 'yaml: control characters are not allowed', 'line 2, column 5'],
  ] as const) {
    const argv = verb === 'encrypt' ? [verb, '--age', ALICE, file] : [verb, file];
    expect(await stderrOf(false, ...argv)).toBe(`${message}\n`);
    expect(await stderrOf(true, ...argv)).toBe(`${message}\n  at ${place}\n`);
  }
});

test('a message that names the line is not told it again', async () => {
  const argv = ['encrypt', '--age', ALICE, 'line.yaml'];
  expect(await stderrOf(true, ...argv)).toBe(await stderrOf(false, ...argv));
  expect(await stderrOf(true, ...argv)).toMatch(/ line \d+: /);
});
