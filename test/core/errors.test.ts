import { expect, test } from 'vitest';
import { FormatError, prefixed, SopsError } from '../../src/core/errors.ts';
import { decrypt, encrypt } from '../../src/core/index.ts';

const recipient = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
const identity = 'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305';

test('encrypt tells the line and column of a text that its format refuses', async () => {
  const error: unknown = await encrypt('{"a": 1,\n  oops}', { format: 'json', recipients: [recipient] }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FormatError);
  expect(error).toMatchObject({ code: 'unreadable-input', line: 2, column: 3 });
  expect((error as FormatError).message.startsWith('Error unmarshalling file: ')).toBe(true);
});

test('decrypt tells the line and column of a text that is not in its format', async () => {
  const bytes = new Uint8Array([0x61, 0x3a, 0x20, 0x31, 0x0a, 0x62, 0x3a, 0xff]);
  for (const [text, format, line, column] of [
    [bytes, 'yaml', 2, 3],
    ['a: "\u0001"', 'yaml', 1, 5],
    ['{"a": 1,\n  oops}', 'json', 2, 3],
    ['A=b\nno', 'dotenv', 2, undefined],
  ] as const) {
    const error: unknown = await decrypt(text, { format, identities: [] }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({ code: 'invalid-metadata', line, column });
  }
});

test('a value or key that cannot be encrypted or decrypted is told by its place', async () => {
  const text = await encrypt('db:\n  hosts:\n    # note\n    - a\n    - b\n', {
    format: 'yaml',
    recipients: [recipient],
  });
  const broken = text.replace(/^( *- ENC.*\n *- ENC.*),type:str/m, '$1,type:odd');
  await expect(decrypt(broken, { format: 'yaml', identities: [identity] })).rejects.toMatchObject({
    code: 'decrypt-tree',
    message: 'Error decrypting tree: Error walking tree: Could not decrypt value: Unknown datatype: odd',
    location: ['db', 'hosts', 1],
  });
  await expect(encrypt('a:\n  - b: {1: c}\n', { format: 'yaml', recipients: [recipient] })).rejects.toMatchObject({
    code: 'encrypt-tree',
    location: ['a', 0, 'b', '1'],
  });
});

test('words in front of an error keep its code, hint and place, and leave other errors alone', () => {
  const error = new SopsError('dump', 'x', { hint: 'try y', location: ['a', 0] });
  expect(prefixed('while: ', error)).toMatchObject({
    code: 'dump',
    message: 'while: x',
    hint: 'try y',
    location: ['a', 0],
    cause: error,
  });
  expect(prefixed('while: ', error, 'generic')).toMatchObject({ code: 'generic', message: 'while: x' });
  const unreadable = new FormatError('y', { line: 3, column: 5 });
  const renamed = prefixed('z: ', unreadable, 'invalid-metadata');
  expect(renamed).toBeInstanceOf(FormatError);
  expect(renamed).toMatchObject({ code: 'invalid-metadata', message: 'z: y', line: 3, column: 5 });
  const bug = new TypeError('bug');
  expect(prefixed('while: ', bug)).toBe(bug);
});
