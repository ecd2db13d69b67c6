import { expect, test } from 'vitest';
import { askYesOrNo } from '../../src/cli/question.ts';
import { SopsError } from '../../src/core/errors.ts';

/** @returns the answer or the error's message, how often the question was printed, and what was left unread */
async function answer(input: string): Promise<[boolean | string, number, string]> {
  const bytes = Buffer.from(input, 'latin1');
  let position = 0;
  let questions = 0;
  const result = await askYesOrNo('? ', {
    readByte: () => Promise.resolve(bytes[position++]),
    print: (text) => Promise.resolve(void (questions += text === '? ' ? 1 : 100)),
  }).catch((error: unknown) => (error instanceof SopsError ? error.message : 'no SopsError'));
  return [result, questions, bytes.subarray(position).toString('latin1')];
}

/** What the reference's `publish` does with these answers. */
test.each<[string, boolean | string, number]>([
  ['y\n', true, 1],
  ['n\n', false, 1],
  [' n\n', false, 1],
  ['n \n', false, 1],
  ['\tn\n', false, 1],
  ['n\r\n', false, 1],
  ['\rn\n', false, 1],
  ['n\v\n', false, 1],
  ['\xc2\xa0n\n', false, 1],
  ['n', false, 1],
  ['N\nn\n', false, 2],
  ['nn\nn\n', false, 2],
  ['n\0\nn\n', false, 2],
  ['\xff\nn\n', false, 2],
  ['x', 'EOF', 2],
  ['', 'EOF', 1],
  [' ', 'EOF', 1],
  ['\n', 'unexpected newline', 1],
  [' \n', 'unexpected newline', 1],
  ['\r\n', 'unexpected newline', 1],
  ['n m\n', 'expected newline', 1],
  ['n\rm\n', 'expected newline', 1],
])('%j is read as %s after %d questions', async (input, expected, questions) => {
  expect(await answer(input)).toEqual([expected, questions, '']);
});

test('the input behind the answer is left for the next question', async () => {
  expect(await answer('y\nn\n')).toEqual([true, 1, 'n\n']);
});
