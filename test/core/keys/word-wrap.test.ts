import { expect, test } from 'vitest';
import { wrapWords } from '../../../src/core/keys/word-wrap.ts';

/** Outputs of github.com/mitchellh/go-wordwrap 1.0.1. */
test.each([
  ['one two three', 7, 'one two\nthree'],
  ['one two  three', 8, 'one two\nthree'],
  ['aaaaaaaaaaaa b', 5, 'aaaaaaaaaaaa\nb'],
  ['b aaaaaaaaaaaa c', 5, 'b\naaaaaaaaaaaa\nc'],
  ['trailing   ', 20, 'trailing   '],
  ['trailing   ', 9, 'trailing'],
  ['two\nlines and more', 9, 'two\nlines and\nmore'],
  ['ends \n here', 20, 'ends \n here'],
  ['tab\there', 5, 'tab\nhere'],
  ['no\u00a0break here', 8, 'no\u00a0break\nhere'],
  ['äöü äöü', 4, 'äöü\näöü'],
  ['', 5, ''],
  ['   ', 2, ''],
])('wraps %j at %d', (text, limit, expected) => {
  expect(wrapWords(text, limit)).toBe(expected);
});
