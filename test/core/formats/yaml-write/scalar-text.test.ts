import { describe, expect, it } from 'vitest';
import { emitCanonicalNode } from '../../../../src/core/formats/yaml/canonical.ts';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import type { Leaf, MapNode, Value } from '../../../../src/core/tree/node.ts';
import { Timestamp } from '../../../../src/core/tree/timestamp.ts';

/** What the reference program writes behind `a:` for a string. */
const STRINGS: readonly (readonly [string, string])[] = [
  ['x', ' x\n'],
  ['a b', ' a b\n'],
  ['', ' ""\n'],
  ['1', ' "1"\n'],
  ['-1', ' "-1"\n'],
  ['1.5', ' "1.5"\n'],
  ['1e3', ' "1e3"\n'],
  ['0x1F', ' "0x1F"\n'],
  ['0123', ' "0123"\n'],
  ['1_000', ' "1_000"\n'],
  ['true', ' "true"\n'],
  ['False', ' "False"\n'],
  ['null', ' "null"\n'],
  ['~', ' "~"\n'],
  ['.inf', ' ".inf"\n'],
  ['-.INF', ' "-.INF"\n'],
  ['.nan', ' ".nan"\n'],
  ['2020-01-01', ' "2020-01-01"\n'],
  ['2001-12-14T21:59:43Z', ' "2001-12-14T21:59:43Z"\n'],
  ['0b1', ' "0b1"\n'],
  ['0o7', ' "0o7"\n'],
  ['9223372036854775808', ' "9223372036854775808"\n'],
  ['.5', ' ".5"\n'],
  ['+1', ' "+1"\n'],
  ['1e400', ' 1e400\n'],
  ['2020-02-30', ' 2020-02-30\n'],
  ['1.2.3', ' 1.2.3\n'],
  ['y', ' "y"\n'],
  ['Y', ' "Y"\n'],
  ['yes', ' "yes"\n'],
  ['No', ' "No"\n'],
  ['ON', ' "ON"\n'],
  ['off', ' "off"\n'],
  ['n', ' "n"\n'],
  ['nO', ' nO\n'],
  ['12:30', ' "12:30"\n'],
  ['12:30:45', ' "12:30:45"\n'],
  ['-1:30.5', ' "-1:30.5"\n'],
  ['1:60', ' 1:60\n'],
  ['190:20:30', ' "190:20:30"\n'],
  [' a', " ' a'\n"],
  ['a ', " 'a '\n"],
  ['- a', " '- a'\n"],
  ['-a', ' -a\n'],
  ['? a', " '? a'\n"],
  ['?a', ' ?a\n'],
  [': a', " ': a'\n"],
  [':a', ' :a\n'],
  ['a: b', " 'a: b'\n"],
  ['a:b', ' a:b\n'],
  ['a:', " 'a:'\n"],
  ['a #b', " 'a #b'\n"],
  ['a#b', ' a#b\n'],
  ['# a', " '# a'\n"],
  ['---', " '---'\n"],
  ['--- a', " '--- a'\n"],
  ['...', " '...'\n"],
  ['[a', " '[a'\n"],
  ['{a', " '{a'\n"],
  ['a]', ' a]\n'],
  ['a, b', ' a, b\n'],
  ['&a', " '&a'\n"],
  ['*a', " '*a'\n"],
  ['!a', " '!a'\n"],
  ['|', " '|'\n"],
  ['> a', " '> a'\n"],
  ["'a'", " '''a'''\n"],
  ['"a"', ' \'"a"\'\n'],
  ['%a', " '%a'\n"],
  ['@a', " '@a'\n"],
  ['`a', " '`a'\n"],
  ["it's", " it's\n"],
  ['=', ' =\n'],
  ['<<', ' !!merge <<\n'],
  ['a\tb', ' "a\\tb"\n'],
  ['\ta', ' "\\ta"\n'],
  ['a\\b', ' a\\b\n'],
  ['\xe9', ' \xe9\n'],
  ['\u65e5\u672c', ' \u65e5\u672c\n'],
  ['\u{1f600}', ' "\\U0001F600"\n'],
  ['\xe9 \u{1f600}', ' "\xe9 \\U0001F600"\n'],
  ['\xa0', ' \xa0\n'],
  ['\u200b', ' \u200b\n'],
  ['\ufeff', ' "\\uFEFF"\n'],
  ['\ufeffab \xe9', ' "\\uFEFF\\x61\\x62\\x20\\xE9"\n'],
  ['\x85', ' "\\N"\n'],
  ['\x00', ' "\\0"\n'],
  ['\x07\x08\x0b\x0c\x0d\x1b', ' "\\a\\b\\v\\f\\r\\e"\n'],
  ['\x7f', ' "\\x7F"\n'],
  ['\ue000', ' \ue000\n'],
  ['\ufffd', ' \ufffd\n'],
  ['\ufffe', ' "\\uFFFE"\n'],
  ['a\nb', ' |-\n    a\n    b\n'],
  ['a\nb\n', ' |\n    a\n    b\n'],
  ['a\nb\n\n', ' |+\n    a\n    b\n\n'],
  ['\n', ' |4+\n\n'],
  ['\n\n', ' |4+\n\n\n'],
  [' a\nb', ' |4-\n     a\n    b\n'],
  ['\na', ' |4-\n\n    a\n'],
  ['a \nb', ' "a \\nb"\n'],
  ['a\n ', ' "a\\n "\n'],
  ['a\n\tb', ' |-\n    a\n    \tb\n'],
  ['a\x0db', ' "a\\rb"\n'],
  ['a\n\u{1f600}', ' "a\\n\\U0001F600"\n'],
  ['a\n# b\n--- c\n', ' |\n    a\n    # b\n    --- c\n'],
  ['\'a\'\n"b"', ' |-\n    \'a\'\n    "b"\n'],
];

/** The same for other values. */
const VALUES: readonly (readonly [Value, string])[] = [
  [null, 'null'],
  [true, 'true'],
  [false, 'false'],
  [0n, '0'],
  [-9223372036854775808n, '-9223372036854775808'],
  [100000, '100000'],
  [999999, '999999'],
  [1000000, '1e+06'],
  [1234567.5, '1.2345675e+06'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e21, '1e+21'],
  [3, '3'],
  [-0, '-0'],
  [Infinity, '.inf'],
  [-Infinity, '-.inf'],
  [NaN, '.nan'],
  [new Timestamp('2020-01-02T00:00:00Z'), '2020-01-02T00:00:00Z'],
  [new Timestamp('2001-12-14T21:59:43.1-05:00'), '2001-12-14T21:59:43.1-05:00'],
  [new Uint8Array([0xff, 0xfe]), '!!binary //4='],
  ['a\udcff', '!!binary Yf8='],
  [new Uint8Array([0x61]), 'a'],
];

function written(value: Value): string {
  const leaf: Leaf = { kind: 'leaf', value };
  const root: MapNode = { kind: 'map', items: [{ kind: 'entry', key: 'a', value: leaf }] };
  return emitCanonicalNode(root, { form: 'plain', indent: 4 });
}

function readBack(text: string): unknown {
  const [item] = readYaml(text).documents[0]?.items ?? [];
  return item?.kind === 'entry' && item.value.kind === 'leaf' ? item.value.value : undefined;
}

describe('canonical scalars', () => {
  it.each(STRINGS)('a string is written as the reference program writes it: %j', (value, text) => {
    expect(written(value)).toBe(`a:${text}`);
  });

  it.each(VALUES)('a value that is no string is written as the reference program writes it: %s', (value, text) => {
    expect(written(value)).toBe(`a: ${text}\n`);
  });

  it.each(STRINGS)('what is written is read as the same string: %j', (value, text) => {
    expect(readBack(`a:${text}`)).toBe(value);
  });

  it.each([
    ['\ta\nb', '"\\ta\\nb"'],
    ['\t\n', '"\\t\\n"'],
    ['a\u2028b', '"a\\Lb"'],
    ['a\nb\u2029', '"a\\nb\\P"'],
  ])(
    'a text that the reference program loses, or that other readers take for another one, is double-quoted: %j',
    (value, text) => {
      expect(written(value)).toBe(`a: ${text}\n`);
      expect(readBack(written(value))).toBe(value);
    },
  );

  it('bytes of more than one line of base64 are a literal block of lines of 70 characters', () => {
    const bytes = new Uint8Array(60).fill(0xff);
    expect(written(bytes)).toBe(`a: !!binary |\n    ${'/'.repeat(70)}\n    ${'/'.repeat(10)}\n`);
  });
});
