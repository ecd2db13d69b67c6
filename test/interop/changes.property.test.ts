import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataOf } from '../../src/core/document/data.ts';
import { encryptText } from '../../src/core/document/encrypt-text.ts';
import type { Environment, OpenFile } from '../../src/core/document/file.ts';
import { openFile, readEncrypted, sealAndEmit } from '../../src/core/document/file.ts';
import { yamlFormat } from '../../src/core/formats/yaml/yaml-format.ts';
import { createAgeKeyService } from '../../src/core/keys/age/age-key-service.ts';
import { keyTypeOf } from '../../src/core/keys/key-types.ts';
import { DEFAULT_SELECTION } from '../../src/core/tree/selection.ts';
import { setValue } from '../../src/core/tree/set.ts';
import { unsetValue } from '../../src/core/tree/unset.ts';
import { nodeCrypto } from '../../src/node/crypto.ts';
import { nativeAge } from '../../src/node/keys/age/native-age.ts';
import { runs } from '../property.ts';
import { describeWithReference, newAgeKey, runReference } from './reference.ts';

/** A document with comments in every place, in one of several layouts. */
const document = fc
  .record({
    step: fc.constantFrom(2, 4),
    dash: fc.boolean(),
    head: fc.boolean(),
    inner: fc.boolean(),
    inline: fc.boolean(),
    foot: fc.boolean(),
    end: fc.boolean(),
    blank: fc.boolean(),
    flow: fc.boolean(),
  })
  .map(({ step, dash, head, inner, inline, foot, end, blank, flow }) => {
    const pad = ' '.repeat(step);
    const lines = [
      ...(head ? ['# head', ...(blank ? [''] : [])] : []),
      `a: ${inline ? 'x # inline' : '"x"'}`,
      'm:',
      ...(inner ? [`${pad}# inner`] : []),
      `${pad}k: v`,
      `${pad}n:`,
      `${pad}${pad}deep: 1`,
      ...(foot ? [`${pad}${pad}# foot of n`, `${pad}# foot of m`] : []),
      ...(blank ? [''] : []),
      'l:',
      ...['one', 'two'].flatMap((element) => [
        ...(inner ? [`${dash ? pad : ''}# above ${element}`] : []),
        `${dash ? pad : ''}- ${element}${inline ? ' # behind' : ''}`,
      ]),
      ...(foot ? [`${dash ? pad : ''}# foot of l`] : []),
      `f: ${flow ? '{p: q}' : '[]'}${inline ? ' # flow' : ''}`,
      ...(end ? ['# the end'] : []),
    ];
    return `${lines.join('\n')}\n`;
  });

const change = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    path: fc.constantFrom(
      ['a'],
      ['m', 'k'],
      ['m', 'new'],
      ['m', 'n', 'deep'],
      ['m', 'n', 'other'],
      ['new'],
      ['new', 'deep'],
      ['f', 'p'],
      ['m', 'n'],
    ),
    value: fc.oneof(
      fc.string({ maxLength: 12 }).filter((text) => text.isWellFormed()),
      fc.constantFrom('a: b', 'two\nlines\n', '', '# no'),
    ),
  }),
  fc.record({
    kind: fc.constant('unset' as const),
    path: fc.constantFrom(['a'], ['m'], ['m', 'k'], ['m', 'n'], ['m', 'n', 'deep'], ['l'], ['f']),
  }),
);

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function apply(file: OpenFile, one: Change): void {
  const root = file.tree.documents[0];
  if (!root) throw new Error('no document');
  if (one.kind === 'unset') unsetValue(root, one.path);
  else if (one.path[0] !== 'f' || file.tree) setValue(root, one.path, { kind: 'leaf', value: one.value });
}

describeWithReference('changes of a commented file', (program) => {
  const { identity, recipient } = newAgeKey();
  const environment: Environment = {
    crypto: nodeCrypto,
    services: [createAgeKeyService(nativeAge, [identity])],
    now: () => new Date(),
  };

  test('the reference reads what set and unset leave behind, all comments included', async () => {
    await fc.assert(
      fc.asyncProperty(document, fc.array(change, { minLength: 1, maxLength: 3 }), async (source, changes) => {
        const settings = {
          groups: [keyTypeOf('age').parseList(recipient)],
          threshold: 0,
          selection: DEFAULT_SELECTION,
          macOnlyEncrypted: false,
        };
        let text = String(await encryptText(source, { format: yamlFormat, settings, environment }));
        let expected: unknown;
        for (const one of changes) {
          const file = await openFile(readEncrypted(text, yamlFormat), environment);
          try {
            apply(file, one);
          } catch {
            continue;
          }
          expected = file.tree.documents[0] && dataOf(file.tree.documents[0]);
          text = String(await sealAndEmit(file, yamlFormat, {}, environment));
        }
        if (expected === undefined) return;
        // A comment that the reference cannot open would be reported on stderr, which has to be empty.
        const output = runReference(
          program,
          ['decrypt', '--output-type', 'json', 'f.yaml'],
          { 'f.yaml': text },
          { SOPS_AGE_KEY: identity },
        );
        expect(JSON.parse(output.toString())).toEqual(expected);
      }),
      { numRuns: runs(200) },
    );
  });
});
