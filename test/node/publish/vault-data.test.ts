import { describe, expect, test } from 'vitest';
import { formatOf } from '../../../src/core/formats/formats.ts';
import type { Node } from '../../../src/core/tree/node.ts';
import { dataOfAnswer, isSameData, parseData, vaultData } from '../../../src/node/publish/vault-data.ts';

function dataOf(yaml: string): unknown {
  return JSON.parse(vaultData(formatOf('yaml').parse(yaml, 'plain')));
}

function parsed(text: string): Node {
  const node = parseData(`{"x":${text}}`);
  if (node === undefined) throw new Error('no data');
  return node;
}

describe('the data of a secret', () => {
  test('has the types of the file; maps inside lists stay maps', () => {
    expect(dataOf('a: 1\nb: 1.5\nc: "1"\nd: true\ne: null\nf:\n  - g: [1, {h: x}]\n  - []\n')).toEqual({
      a: 1,
      b: 1.5,
      c: '1',
      d: true,
      e: null,
      f: [{ g: [1, { h: 'x' }] }, []],
    });
  });

  test('leaves comments out', () => {
    expect(dataOf('# top\na: 1 # side\nb:\n  # in a list\n  - 2\n')).toEqual({ a: 1, b: [2] });
  });

  test('of several documents takes the last value of a key', () => {
    expect(dataOf('a: 1\nb: {c: 1}\n---\nb: {d: 2}\n')).toEqual({ a: 1, b: { d: 2 } });
  });

  test('writes dates as strings and integers with all their digits', () => {
    expect(vaultData(formatOf('yaml').parse('a: 2001-02-03T04:05:06Z\nb: 9223372036854775807\n', 'plain'))).toBe(
      '{\n"a": "2001-02-03T04:05:06Z",\n"b": 9223372036854775807\n}\n',
    );
  });

  test('takes 10,000 levels of lists', () => {
    const depth = 9_990;
    const text = `a: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
    const data = vaultData(formatOf('yaml').parse(text, 'plain'));
    expect(data.replace(/\s/g, '')).toBe(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  });

  test.each([
    ['dotenv', 'A=\xff\n'],
    ['binary', '\xff\xfe'],
  ] as const)('refuses bytes of a %s file that are no text', (name, bytes) => {
    expect(() => vaultData(formatOf(name).parse(Buffer.from(bytes, 'latin1'), 'plain'))).toThrow(
      'Vault can only hold text: the file has values that are not UTF-8',
    );
  });
});

describe('data is the same', () => {
  test.each([
    ['{"a":1,"b":[1,{"c":null}]}', '{"b":[1,{"c":null}],"a":1}'],
    ['1', '1.0'],
    ['1000', '1e3'],
    ['"\\u00e4"', '"ä"'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['[]', '[]'],
  ])('%s and %s', (one, other) => {
    expect(isSameData(parsed(one), parsed(other), 1)).toBe(true);
    expect(isSameData(parsed(other), parsed(one), 2)).toBe(true);
  });
});

describe('data is not the same', () => {
  test.each([
    ['1', '"1"'],
    ['true', '"true"'],
    ['null', '"null"'],
    ['null', '0'],
    ['{}', '[]'],
    ['{}', '""'],
    ['[1]', '[1,2]'],
    ['[1,2]', '[2,1]'],
    ['{"a":1}', '{"a":1,"b":null}'],
    ['{"a":null}', '{"b":null}'],
    ['{"a":{"b":{"c":1}}}', '{"a":{"b":{"c":2}}}'],
  ])('%s and %s', (one, other) => {
    expect(isSameData(parsed(one), parsed(other), 1)).toBe(false);
    expect(isSameData(parsed(other), parsed(one), 2)).toBe(false);
  });
});

test('version 2 keeps numbers as 64-bit floats, version 1 all their digits', () => {
  const [one, other] = [parsed('9223372036854775807'), parsed('9223372036854776000')];
  expect([isSameData(one, other, 1), isSameData(one, other, 2)]).toEqual([false, true]);
});

test('the data in an answer is one level deeper in version 2', () => {
  const answer = '{"request_id":"x","data":{"data":{"a":1},"metadata":{}}}';
  expect(isSameData(dataOfAnswer(answer, 2) as Node, parseData('{"a":1}') as Node, 2)).toBe(true);
  expect(isSameData(dataOfAnswer('{"data":{"a":1}}', 1) as Node, parseData('{"a":1}') as Node, 1)).toBe(true);
  expect(dataOfAnswer('{"errors":[]}', 2)).toBeUndefined();
  expect(dataOfAnswer('{"data":null}', 2)).toBeUndefined();
});
