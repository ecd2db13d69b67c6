import { expect, test } from 'vitest';
import { SopsError } from '../../../src/core/errors.ts';
import { compileRegex } from '../../../src/core/tree/regex.ts';

test.each([
  ['yaml', 'a.yaml.bak', true],
  ['\\.yaml$', 'prod/a.yaml', true],
  ['\\.yaml$', 'a.yaml\n', false],
  ['^prod/', 'x/prod/', false],
  ['(?i)^PROD', 'prod', true],
  ['^[[:digit:]]+\\z', '12', true],
  ['(?i)k', '\u212a', true],
  ['^.$', '😀', true],
  ['^(a+)+$', `${'a'.repeat(50_000)}b`, false],
  ['', '', true],
  ['\\bsecret\\b', 'a-secret-b', true],
  ['\\p{Greek}', 'α', true],
])('%j on %j: %j', async (pattern, text, expected) => {
  expect((await compileRegex(pattern)).matches(text)).toBe(expected);
});

test('a byte that is not UTF-8 counts as U+FFFD', async () => {
  expect((await compileRegex('^a\\x{FFFD}$')).matches('a\udcff')).toBe(true);
});

// The texts are those of Go's regexp.Compile.
test.each([
  ['(', 'error parsing regexp: missing closing ): `(`'],
  ['a)', 'error parsing regexp: unexpected ): `a)`'],
  ['[a', 'error parsing regexp: missing closing ]: `[a`'],
  ['*', 'error parsing regexp: missing argument to repetition operator: `*`'],
  ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
  ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
  ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
  ['(?<=a)', 'error parsing regexp: invalid named capture: `(?<=a)`'],
  ['\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
  ['[z-a]', 'error parsing regexp: invalid character class range: `z-a`'],
  ['\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
])('%j is refused with the text of Go', async (pattern, message) => {
  await expect(compileRegex(pattern)).rejects.toThrow(new SopsError('invalid-config', message));
});

test('the message of an invalid pattern is one line', async () => {
  await expect(compileRegex('(\n')).rejects.toThrow(
    new SopsError('invalid-config', 'error parsing regexp: missing closing ): `(\\x0a`'),
  );
});
