import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { FormatName } from '../../src/core/index.ts';
import { decrypt, decryptToData, encrypt } from '../../src/core/index.ts';
import { nodeCrypto } from '../../src/node/crypto.ts';
import { runs } from '../property.ts';
import { describeWithReference, newAgeKey, runReference } from './reference.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const key = fc
  .oneof(
    fc.stringMatching(/^[a-zA-Z_][\w.-]{0,8}$/),
    fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme-composite' }),
  )
  .filter(
    (text) =>
      text !== 'sops' &&
      !/\?|^:/.test(text) &&
      text !== '<<' &&
      text.isWellFormed() &&
      !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/.test(text),
  );
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme-composite', maxLength: 20 }),
    fc.string({ maxLength: 20 }),
    fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }).map((lines) => lines.join('\n')),
    fc.constantFrom('yes', 'null', '~', '1', '1e3', '0x1F', '2020-01', ' a ', '# no', '- x', 'a: b', '', "it's", '"q"'),
  )
  // Plain `?` and leading `:` in a flow collection are text in YAML 1.2 and indicators for the reference.
  .filter((value) => value.isWellFormed() && !/\?|^:/.test(value));
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((number) => !Object.is(number, -0) && (!Number.isInteger(number) || Number.isSafeInteger(number))),
  fc.boolean(),
  fc.constant(null),
);
const nested = fc.letrec<{ value: Json; map: { [key: string]: Json } }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 4 }), tie('map')),
  map: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
})).map;
const flatText = text.filter((value) => !value.includes('\\n') && !value.includes('\r'));
const flatKey = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/);
const flat = fc.dictionary(flatKey, flatText, { maxKeys: 6 });
const iniText = fc.stringMatching(/^[a-zA-Z0-9 ./+-]{0,20}$/).map((value) => value.trim());
const sections = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9 .]{0,8}[a-z]$/).filter((name) => name !== 'sops' && name !== 'default'),
  fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_.]{0,9}$/), iniText, { minKeys: 1, maxKeys: 4 }),
  { minKeys: 1, maxKeys: 3 },
);

const dotenvOf = (data: Record<string, string>): string =>
  Object.entries(data)
    .map(([name, value]) => `${name}=${value.replaceAll('\n', '\\n')}\n`)
    .join('');
const iniOf = (data: Record<string, Record<string, string>>): string =>
  Object.entries(data)
    .map(
      ([name, section]) =>
        `[${name}]\n${Object.entries(section)
          .map(([field, value]) => `${field} = ${value}\n`)
          .join('')}`,
    )
    .join('\n');

/** Each format: documents, their text, and what the text reads as. */
const CASES: { format: FormatName; documents: fc.Arbitrary<{ source: string; data: Json }> }[] = [
  {
    format: 'yaml',
    documents: fc
      .record({
        data: nested,
        indent: fc.constantFrom(1, 2, 3, 4),
        flow: fc.boolean(),
        quotes: fc.boolean(),
        width: fc.constantFrom(0, 20, 80),
      })
      .map(({ data, indent, flow, quotes, width }) => {
        const source = stringify(data, {
          indent,
          lineWidth: width,
          version: '1.2',
          collectionStyle: flow ? 'flow' : 'any',
          ...(quotes ? { defaultStringType: 'QUOTE_DOUBLE' as const } : {}),
        });
        // Not `data`: with narrow lines the package writes other text than it was given.
        return { data: parse(source) as Json, source };
      }),
  },
  {
    format: 'json',
    documents: fc
      .record({ data: nested, indent: fc.constantFrom(0, 1, 2, '\t') })
      .map(({ data, indent }) => ({ data, source: JSON.stringify(data, undefined, indent) })),
  },
  { format: 'dotenv', documents: flat.map((data) => ({ data, source: dotenvOf(data) })) },
  { format: 'ini', documents: sections.map((data) => ({ data: { DEFAULT: {}, ...data }, source: iniOf(data) })) },
  { format: 'binary', documents: text.map((source) => ({ data: { data: source }, source })) },
];

const EXTENSIONS: Record<FormatName, string> = { yaml: 'yaml', json: 'json', dotenv: 'env', ini: 'ini', binary: 'txt' };
const RUNS = { numRuns: runs(64) };

describeWithReference('generated documents', (program) => {
  const { identity, recipient } = newAgeKey();
  const env = { SOPS_AGE_KEY: identity, SOPS_AGE_RECIPIENTS: recipient };

  describe.each(CASES)('$format', ({ format, documents }) => {
    const file = `file.${EXTENSIONS[format]}`;

    test('the reference reads what we encrypt, and our own decryption gives the text back', async () => {
      await fc.assert(
        fc.asyncProperty(documents, async ({ source, data }) => {
          const encrypted = await encrypt(source, { format, recipients: [recipient], crypto: nodeCrypto });
          const output = runReference(program, ['decrypt', '--output-type', 'json', file], { [file]: encrypted }, env);
          expect(JSON.parse(output.toString())).toEqual(data);
          expect(await decrypt(encrypted, { format, identities: [identity], crypto: nodeCrypto })).toBe(source);
        }),
        RUNS,
      );
    });

    test('we read what the reference encrypts', async () => {
      await fc.assert(
        fc.asyncProperty(documents, async ({ source, data }) => {
          const encrypted = runReference(program, ['encrypt', file], { [file]: source }, env).toString();
          expect(await decryptToData(encrypted, { format, identities: [identity], crypto: nodeCrypto })).toEqual(data);
        }),
        RUNS,
      );
    });
  });
});
