import { describe, expect, test } from 'vitest';
import { FormatError } from '../../../../src/core/errors.ts';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import { yamlFormat } from '../../../../src/core/formats/yaml/yaml-format.ts';

function refusal(source: string | Uint8Array): FormatError {
  try {
    readYaml(source);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('the text was read');
}

/** Recorded from the reference (3.13.3). */
const UPSTREAM: [text: string, message: string][] = [
  ['a: b: c\n', 'yaml: mapping values are not allowed in this context'],
  ['a: 1\n b: 2\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a:\n    b: 1\n  c: 2\n', 'yaml: line 2: did not find expected key'],
  ['a: 1\n- b\n', 'yaml: line 1: did not find expected key'],
  ['- a\nb: 1\n', "yaml: line 1: did not find expected '-' indicator"],
  ['a: 1\nb\n', "yaml: line 2: could not find expected ':'"],
  ['a: 1\nb\nc: 2\n', "yaml: line 2: could not find expected ':'"],
  ['a: - b\n', 'yaml: block sequence entries are not allowed in this context'],
  ['a: ? b\n', 'yaml: mapping keys are not allowed in this context'],
  ['a:\n\tb: 1\n', 'yaml: line 2: found character that cannot start any token'],
  ['\ta: 1\n', 'yaml: found character that cannot start any token'],
  ['a: x\n\ty: 1\n', 'yaml: line 2: found a tab character that violates indentation'],
  ['a: [1]]\n', 'yaml: did not find expected key'],
  ['a: [1, 2\n', "yaml: line 1: did not find expected ',' or ']'"],
  ['a: ["1" 2]\n', "yaml: did not find expected ',' or ']'"],
  ['a: {b: 1\n', "yaml: line 1: did not find expected ',' or '}'"],
  ['a: {b: 1]\n', "yaml: did not find expected ',' or '}'"],
  ['{a: 1} b\n', 'Error unmarshaling input YAML: yaml: did not find expected <document start>'],
  ['a: "x\nb: 1\n', 'yaml: line 3: found unexpected end of stream'],
  ["a: 'x\n", 'yaml: line 2: found unexpected end of stream'],
  ['a: "x\n---\n"\n', 'yaml: line 2: found unexpected document indicator'],
  ['a: "b"c\n', 'yaml: did not find expected key'],
  ['a: "\\q"\n', 'yaml: found unknown escape character'],
  ['a: "\\xZZ"\n', 'yaml: did not find expected hexdecimal number'],
  ['a: "\\uD800"\n', 'yaml: found invalid Unicode character escape code'],
  ['a: @x\n', 'yaml: found character that cannot start any token'],
  ['a: `x`\n', 'yaml: found character that cannot start any token'],
  ['a: %x\n', 'yaml: found character that cannot start any token'],
  ['a: |0\n  x\n', 'yaml: found an indentation indicator equal to 0'],
  ['a: |x\n  y\n', 'yaml: did not find expected comment or line break'],
  ['a: |\n\t x\n', 'yaml: line 2: found a tab character where an indentation space is expected'],
  ['a: &\n', 'yaml: did not find expected alphabetic or numeric character'],
  ['a: *\n', 'yaml: did not find expected alphabetic or numeric character'],
  ['a: &x*\n', 'yaml: did not find expected alphabetic or numeric character'],
  ['a: !<x\n', "yaml: did not find the expected '>'"],
  ['a: !x!y z\n', 'yaml: found undefined tag handle'],
  ['a: !"x"\n', 'yaml: did not find expected whitespace or line break'],
  ['%YAML 1.2\n---\na: 1\n', 'yaml: found incompatible YAML document'],
  ['%YAML 1.1\n%YAML 1.1\n---\na: 1\n', 'yaml: line 1: found duplicate %YAML directive'],
  ['%YAML 1.111\n---\n', 'yaml: found extremely long version number'],
  ['%YAML x\n---\n', 'yaml: did not find expected version number'],
  ['%FOO 1\n---\na: 1\n', 'yaml: found unknown directive name'],
  ['%TAG ! x:\n%TAG ! y:\n---\na: 1\n', 'yaml: line 1: found duplicate %TAG directive'],
  ['%TAG x y\n---\n', "yaml: did not find expected '!'"],
  ['%YAML 1.1\na: 1\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['%\n', 'yaml: could not find expected directive name'],
  ['...\n', 'yaml: did not find expected node content'],
  ['a: 1\n...\nb: 2\n', 'Error unmarshaling input YAML: yaml: line 2: did not find expected <document start>'],
  ['a: 1\n}\n', 'yaml: line 1: did not find expected key'],
  [', a\n', 'yaml: did not find expected node content'],
  ['# only\n', 'EOF'],
  ['\n\n', 'EOF'],
  [' ', 'EOF'],
  ['﻿', 'EOF'],
  ['a: 1\na: 2\n', 'yaml: unmarshal errors:\n  line 2: mapping key "a" already defined at line 1'],
  [
    'a: 1\nb: 2\n"a": 3\nb: 4\na: 5\n',
    'yaml: unmarshal errors:\n  line 3: mapping key "a" already defined at line 1\n  line 5: mapping key "a" already defined at line 1\n  line 4: mapping key "b" already defined at line 2\n  line 5: mapping key "a" already defined at line 3',
  ],
  ['x: {a: 1, a: 2}\n', 'yaml: unmarshal errors:\n  line 1: mapping key "a" already defined at line 1'],
  ['a:\n  - k: 1\n    k: 2\n', 'yaml: unmarshal errors:\n  line 3: mapping key "k" already defined at line 2'],
  ['"a\\nb": 1\n"a\\nb": 2\n', 'yaml: unmarshal errors:\n  line 2: mapping key "a\\nb" already defined at line 1'],
  ['<<: {}\n<<: {}\n', 'yaml: unmarshal errors:\n  line 2: mapping key "<<" already defined at line 1'],
  ['- a\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]interface {}'],
  ['[a]\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]interface {}'],
  ['---\n- a\n', 'yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into map[string]interface {}'],
  ['a: 1\n---\n- x\n', 'Error unmarshaling input YAML: YAML documents that are sequences are not supported'],
  ['a: 1\n---\n[x]\n', 'Error unmarshaling input YAML: YAML documents that are sequences are not supported'],
  ['a: 1\n---\nx: "y\n', 'Error unmarshaling input YAML: yaml: line 3: found unexpected end of stream'],
  [
    'a: 1\n---\nb: 1\n c: 2\n',
    'Error unmarshaling input YAML: yaml: line 4: mapping values are not allowed in this context',
  ],
  ['y:\n  <<: 5\n', 'yaml: map merge requires map or sequence of maps as the value'],
  ['y:\n  <<: [5]\n', 'yaml: map merge requires map or sequence of maps as the value'],
  ['y:\n  <<: \n', 'yaml: map merge requires map or sequence of maps as the value'],
  ['x: &x [1]\ny:\n  <<: *x\n', 'yaml: map merge requires map or sequence of maps as the value'],
  ['? [a]\n: 1\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string'],
  ['? {a: 1}\n: 1\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string'],
  ['? - a\n: 1\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into string'],
  ['a: 1\nb: [1, 2\nc: 3\n', "yaml: line 1: did not find expected ',' or ']'"],
  ['a: {b\nc: 3\n', "yaml: line 1: did not find expected ',' or '}'"],
  ['a:\n  b: 1\n   c: 2\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['key: x\n  y: z\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ["a: 'it's'\n", 'yaml: did not find expected key'],
  ['a: [,]\n', 'yaml: did not find expected node content'],
  ['a: {,}\n', 'yaml: did not find expected node content'],
  ['? a\n? b\n  c: d\n: e\n', 'yaml: line 3: mapping values are not allowed in this context'],
  ['a: >\n\n\tx\n', 'yaml: line 3: found a tab character where an indentation space is expected'],
];

test.each(UPSTREAM)('%j is refused with the text of the reference', (text, message) => {
  expect(refusal(text).message).toBe(message);
});

test('a byte that is not UTF-8 is refused with the text of the reference, and where it is', () => {
  const bytes = (...tail: number[]) => Uint8Array.of(0x61, 0x3a, 0x0a, ...tail);
  expect(refusal(bytes(0x20, 0xff))).toMatchObject({
    message: 'yaml: invalid leading UTF-8 octet',
    line: 2,
    column: 2,
  });
  expect(refusal(bytes(0xe2, 0x28, 0xa1))).toMatchObject({ message: 'yaml: invalid trailing UTF-8 octet', line: 2 });
  expect(refusal(bytes(0xc0, 0x80))).toMatchObject({ message: 'yaml: invalid length of a UTF-8 sequence' });
  expect(refusal(bytes(0xed, 0xa0, 0x80))).toMatchObject({ message: 'yaml: invalid Unicode character' });
  expect(refusal(bytes(0xe2, 0x82))).toMatchObject({ message: 'yaml: incomplete UTF-8 octet sequence' });
});

test('a control character is refused', () => {
  expect(refusal('a: 1\nb: x\u0001\n')).toMatchObject({
    message: 'yaml: control characters are not allowed',
    line: 2,
    column: 5,
  });
});

test('an error tells line and column, in code points', () => {
  expect(refusal('a: 1\n"😀😀": @x\n')).toMatchObject({ line: 2, column: 7 });
  expect(refusal('a: 1\nb: !!int x\n')).toMatchObject({ line: 2, column: 10 });
});

describe('a message holds no value of the file', () => {
  test.each([
    ['hunter2\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str into map[string]interface {}'],
    ['!hunter2 x\n', 'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str into map[string]interface {}'],
    ['a: !!int hunter2\n', 'yaml: line 1: cannot decode !!str as a !!int'],
    ['a: *hunter2\n', 'yaml: line 1: unknown anchor referenced'],
    ['a: &hunter2 {b: *hunter2}\n', 'yaml: line 1: anchor value contains itself'],
    ['a:\n  ? [hunter2]\n  : 1\n', 'yaml: line 2: invalid map key'],
  ])('%j', (text, message) => {
    expect(refusal(text).message).toBe(message);
  });
});

describe('a later document is checked as the first one is', () => {
  test.each([
    ['a: 1\na: 2\n', 'yaml: unmarshal errors:\n  line 4: mapping key "a" already defined at line 3'],
    ['a: !!int x\n', 'yaml: line 3: cannot decode !!str as a !!int'],
    ['a: &x {b: *x}\n', 'yaml: line 3: anchor value contains itself'],
    ['<<: 1\n', 'yaml: map merge requires map or sequence of maps as the value'],
    ['b: {? {} : 1}\n', 'yaml: line 3: invalid map key'],
  ])('%j', (text, message) => {
    expect(refusal(`z: 1\n---\n${text}`).message).toBe(`Error unmarshaling input YAML: ${message}`);
  });
});

test('a key is repeated by an alias, too', () => {
  expect(refusal('&a k: v\n*a : w\n').message).toBe(
    'yaml: unmarshal errors:\n  line 2: mapping key "k" already defined at line 1',
  );
});

test('a later document of an encrypted file may repeat keys and merge what is no map: the reference writes and reads it', () => {
  const text = 'a: 1\n---\nb: 1\nb: 2\nm:\n    !!merge <<: x\n';
  expect(refusal(text).message).toBe(
    'Error unmarshaling input YAML: yaml: map merge requires map or sequence of maps as the value',
  );
  const tree = yamlFormat.parse(text, 'encrypted');
  expect(yamlFormat.emit(tree, { form: 'plain' })).toBe(text);
  expect(() => yamlFormat.parse('b: 1\nb: 2\n', 'encrypted')).toThrow('mapping key "b" already defined at line 1');
});
