import { expect, test } from 'vitest';
import { FormatError, prefixed, SopsError } from '../../src/core/errors.ts';
import { encrypt } from '../../src/core/index.ts';

const recipient = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';

test('encrypt tells the line and column of a text that its format refuses', async () => {
  const error: unknown = await encrypt('{"a": 1,\n  oops}', { format: 'json', recipients: [recipient] }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FormatError);
  expect(error).toMatchObject({ code: 'unreadable-input', line: 2, column: 3 });
  expect((error as FormatError).message.startsWith('Error unmarshalling file: ')).toBe(true);
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
  const bug = new TypeError('bug');
  expect(prefixed('while: ', bug)).toBe(bug);
});
