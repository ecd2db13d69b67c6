import { describe, expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/core/metadata/flatten.ts';
import { leaf, map } from '../../../src/core/metadata/reconcile.ts';
import type { Entry } from '../../../src/core/tree/node.ts';

const entries = (flat: Record<string, string>): Entry[] =>
  Object.entries(flat).map(([key, value]) => ({ kind: 'entry', key, value: leaf(value) }));

describe('flat metadata', () => {
  const nested = map({
    age: { kind: 'list', items: [map({ enc: leaf('x'), recipient: leaf('age1') }), map({ enc: leaf('y') })] },
    kms: { kind: 'list', items: [map({ context: map({ env: leaf('prod') }) })] },
    mac: leaf('m'),
  });
  const flat = entries({
    age__list_0__map_enc: 'x',
    age__list_0__map_recipient: 'age1',
    age__list_1__map_enc: 'y',
    kms__list_0__map_context__map_env: 'prod',
    mac: 'm',
  });

  test('flattens depth first', () => {
    expect(flatten(nested)).toEqual(flat);
  });

  test('is nested again whatever the order of the keys', () => {
    expect(
      flatten(unflatten([...flat].reverse()))
        .map(({ key }) => key)
        .sort(),
    ).toEqual(flat.map(({ key }) => key));
  });

  test.each([
    [['a', 'a'], 'Error while unflattening "a": Duplicate value'],
    [['a', 'a__map_b'], 'Error while unflattening: Type mismatch'],
    [['a__list_0', 'a__map_b'], 'Error while unflattening: Type mismatch'],
    [['a__list_1'], 'Error while unflattening: Incomplete list'],
  ])('refuses the keys %j', (keys, message) => {
    const doubled = keys.map((key): Entry => ({ kind: 'entry', key, value: leaf('x') }));
    expect(() => unflatten(doubled)).toThrowError(message);
  });

  test('a key with very many parts is no problem', () => {
    const key = `a${'__map_a'.repeat(100_000)}`;
    expect(flatten(unflatten([{ kind: 'entry', key, value: leaf('x') }]))).toHaveLength(1);
  });
});
