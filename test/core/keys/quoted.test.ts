import { expect, test } from 'vitest';
import { quoted } from '../../../src/core/keys/quoted.ts';

test.each([
  ['plain', '"plain"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['\x00\x1f\x7f\x07\b\f\n\r\t\v', '"\\x00\\x1f\\x7f\\a\\b\\f\\n\\r\\t\\v"'],
  ['é😀', '"é😀"'],
  ['\u00a0\u200b\u2028\ufeff', '"\\u00a0\\u200b\\u2028\\ufeff"'],
  ['\u0301x', '"\u0301x"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['\ue000', '"\\ue000"'],
])('%j is quoted as Go quotes it', (text, expected) => {
  expect(quoted(text)).toBe(expected);
});
