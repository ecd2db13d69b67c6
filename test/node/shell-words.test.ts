import { expect, test } from 'vitest';
import { splitShellWords } from '../../src/node/shell-words.ts';

/** What github.com/google/shlex gives. */
test.each([
  ['', []],
  ['  \t\r\n ', []],
  ['one two', ['one', 'two']],
  ['a\\ b c', ['a b', 'c']],
  [`"a b" 'c d'`, ['a b', 'c d']],
  [`a"b c"d'e f'g`, ['ab cde fg']],
  [`"a\\"b" 'a\\b'`, ['a"b', 'a\\b']],
  ['"a\\nb"', ['anb']],
  ['"" x', ['', 'x']],
  ['a # b\nc', ['a', 'c']],
  ['a#b', ['a#b']],
  ['# only', []],
  ['$HOME | cat', ['$HOME', '|', 'cat']],
  ['é 😀', ['é', '😀']],
])('splits %j', (text, words) => {
  expect(splitShellWords(text)).toEqual(words);
});

test.each([
  ['cat "x', 'EOF found when expecting closing quote'],
  ["cat 'x", 'EOF found when expecting closing quote'],
  ['cat x\\', 'EOF found after escape character'],
  ['cat "x\\', 'EOF found after escape character'],
])('refuses %j', (text, message) => {
  expect(() => splitShellWords(text)).toThrow(message);
});
