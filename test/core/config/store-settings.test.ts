import { expect, test } from 'vitest';
import { DEFAULT_STORES } from '../../../src/core/config/config.ts';
import { configuredIndent, effectiveIndent } from '../../../src/core/config/store-settings.ts';
import { SopsError } from '../../../src/core/errors.ts';

test('each format has its setting', () => {
  const stores = { yaml: { indent: 1 }, json: { indent: 2 }, jsonBinary: { indent: 3 } };
  const formats = ['yaml', 'json', 'binary', 'dotenv', 'ini'] as const;
  expect(formats.map((format) => configuredIndent(stores, format))).toEqual([1, 2, 3, undefined, undefined]);
  expect(formats.map((format) => configuredIndent(DEFAULT_STORES, format))).toEqual([0, -1, -1, undefined, undefined]);
});

test.each([
  ['yaml', 0, 4],
  ['yaml', 1, 2],
  ['yaml', 2, 2],
  ['yaml', 9, 9],
  ['yaml', 10, 2],
  ['json', -1, -1],
  ['json', 0, 0],
  ['json', 12, 12],
  ['binary', 3, 3],
  ['ini', -5, undefined],
] as const)('%s with the number %i is indented by %s', (format, indent, expected) => {
  expect(effectiveIndent(format, indent)).toBe(expected);
});

test.each([
  ['yaml', -1, 'YAML Negative indentation not accepted'],
  ['json', -2, 'JSON Indentation parameter smaller than -1 is not accepted'],
  ['binary', -2, 'JSON Indentation parameter smaller than -1 is not accepted'],
] as const)('%s refuses %i', (format, indent, message) => {
  expect(() => effectiveIndent(format, indent)).toThrow(new SopsError('dump', message));
});
