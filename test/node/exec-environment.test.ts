import { describe, expect, test } from 'vitest';
import { SopsError } from '../../src/core/errors.ts';
import type { Entry, MapNode, Node, Value } from '../../src/core/tree/node.ts';
import { Timestamp } from '../../src/core/tree/timestamp.ts';
import { joinEnvironments, variablesOf } from '../../src/node/exec-environment.ts';

function entry(key: string, value: Value | Node, rest: Partial<Entry> = {}): Entry {
  const isNode = typeof value === 'object' && value !== null && 'kind' in value;
  return { kind: 'entry', key, value: isNode ? value : { kind: 'leaf', value }, ...rest };
}

function map(...items: MapNode['items']): MapNode {
  return { kind: 'map', items };
}

describe('variablesOf', () => {
  test('has every value of a document in order, and no comment', () => {
    const document = map(
      entry('S', 'a b\n$c'),
      { kind: 'comment', text: ' C', inline: false },
      entry('I', 5432n),
      entry('F', 1.5),
      entry('B', true),
      entry('E', ''),
      entry('N', null),
      entry('T', new Timestamp('2020-01-01T00:00:00Z')),
      entry('S', 'again'),
      entry('', 'empty'),
      entry('with space', 'x'),
    );
    expect(variablesOf(document)).toEqual([
      ['S', 'a b\n$c'],
      ['I', '5432'],
      ['F', '1.5'],
      ['B', 'true'],
      ['E', ''],
      ['N', ''],
      ['T', '2020-01-01T00:00:00Z'],
      ['S', 'again'],
      ['', 'empty'],
      ['with space', 'x'],
    ]);
  });

  test.each([
    [entry('L', { kind: 'list', items: [] }), 'cannot use complex value in environment; offending key L'],
    [entry('a=b', map()), 'cannot use complex value in environment; offending key a=b'],
    [entry('1', 'x', { keyType: { type: 'int', text: '1' } }), 'cannot use non-string keys in environment, got int'],
    [entry('a=b', 'x'), "cannot use keys with '=' in environment: a=b"],
    [entry('A', 'hunter2\0x'), 'exec: environment variable contains NUL'],
    [entry('A\0', 'x'), 'exec: environment variable contains NUL'],
    [entry('A', 'hunter2\udcff'), 'cannot use bytes that are not UTF-8 in environment; offending key A'],
  ])('refuses what no variable can hold without showing it (%#)', (item, message) => {
    expect(() => variablesOf(map(entry('X', 'x'), item))).toThrow(new SopsError('generic', message));
  });
});

test('of a variable that is given twice the last value counts', () => {
  const joined = joinEnvironments(Object.entries({ A: '1', B: '2', C: undefined }), [
    ['A', '3'],
    ['__proto__', 'x'],
    ['A', '4'],
  ]);
  expect(Object.entries(joined)).toEqual([
    ['A', '4'],
    ['B', '2'],
    ['__proto__', 'x'],
  ]);
});
