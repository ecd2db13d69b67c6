import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Document } from 'yaml';
import type { LeafOrigin, YamlSource } from '../../../../src/core/formats/yaml/origin.ts';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import type { Comment, Entry, Leaf, MapNode, Node } from '../../../../src/core/tree/node.ts';
import { runs } from '../../../property.ts';

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/**
 * Text in which YAML 1.1 and 1.2 see the same line breaks, allowed characters and indicators (the older scanner has `:` at the
 * start of a word and any `?` in a flow collection among them).
 */
const line = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...'ab #:-,[]{}&*!|>\'"%@`\\.0é'), maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '',
      'true',
      '012',
      '1_0',
      '2020-01-01',
      'yes',
      '~',
      '<<',
      '0x1f',
      '1e3',
      '---',
      '...',
      '# x',
      'a: b',
    ),
  )
  .filter((value) => !/^:|[?\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/.test(value));

const words = fc.stringMatching(/^[a-z][a-z #]{0,8}[a-z]$/);
const text = fc.oneof(
  line,
  fc
    .tuple(fc.array(words, { minLength: 2, maxLength: 5 }), fc.constantFrom('', '\n', '\n\n'))
    .map(([lines, end]) => lines.join('\n') + end),
);

const key = fc.stringMatching(/^[a-z]{1,6}$/);

const { tree } = fc.letrec<{ value: Plain; tree: { [key: string]: Plain } }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('tree'),
  ),
  tree: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

const layout = fc.record({
  indent: fc.integer({ min: 1, max: 6 }),
  indentSeq: fc.boolean(),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
  collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
  flowCollectionPadding: fc.boolean(),
});

/** The older version's text, so that what looks typed there is quoted; unfolded, since the package folds within escapes. */
function write(value: { [key: string]: Plain }, options: object): string {
  return new Document(value, { version: '1.1' }).toString({ directives: false, lineWidth: 0, ...options });
}

function plainOf(node: Node): Plain {
  switch (node.kind) {
    case 'leaf':
      return typeof node.value === 'bigint' ? Number(node.value) : (node.value as Plain);
    case 'list':
      return node.items.filter((item): item is Node => item.kind !== 'comment').map(plainOf);
    case 'map': {
      const entries = node.items.filter((item): item is Entry => item.kind === 'entry');
      return Object.fromEntries(entries.map((entry) => [entry.key, plainOf(entry.value)]));
    }
  }
}

function leavesOf(node: Node | Entry | Comment): Leaf[] {
  switch (node.kind) {
    case 'leaf':
      return [node];
    case 'comment':
      return [];
    case 'entry':
      return leavesOf(node.value);
    default:
      return node.items.flatMap(leavesOf);
  }
}

function rootOf(source: string): MapNode {
  const [root] = readYaml(source).documents;
  if (root === undefined) throw new Error('no document');
  return root;
}

test('what another YAML program writes is read with the same structure and values', () => {
  fc.assert(
    fc.property(tree, layout, (value, options) => {
      expect(plainOf(rootOf(write(value, options)))).toEqual(value);
    }),
    { numRuns: runs(1_000) },
  );
});

test('a scalar written at the place of another is read there', () => {
  fc.assert(
    fc.property(tree, layout, (value, options) => {
      let source = write(value, options);
      const leaves = leavesOf(rootOf(source));
      for (const [index, leaf] of [...leaves.entries()].reverse()) {
        const { start, end } = leaf.origin as LeafOrigin;
        source = `${source.slice(0, start)}"new ${String(index)}"${source.slice(end)}`;
      }
      expect(leavesOf(rootOf(source)).map((leaf) => leaf.value)).toEqual(leaves.map((_, i) => `new ${String(i)}`));
    }),
    { numRuns: runs(1_000) },
  );
});

test('documents follow one another without a gap, and each is read alone as it is read among the others', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(tree, layout), { minLength: 1, maxLength: 4 }), fc.boolean(), (parts, ends) => {
      const source = parts.map(([value, options]) => `---\n${write(value, options)}${ends ? '...\n' : ''}`).join('');
      const { documents, origin } = readYaml(source);
      const places = (origin as YamlSource).documents;
      expect(places.map(({ start }) => start)).toEqual([0, ...places.slice(0, -1).map(({ end }) => end)]);
      expect(places.at(-1)?.end).toBe(source.length);
      const alone = places.map(({ start, end }) => plainOf(rootOf(source.slice(start, end))));
      expect(alone).toEqual(documents.map(plainOf));
    }),
    { numRuns: runs(300) },
  );
});

test('a key at the place for new entries becomes the last one of the root map', () => {
  fc.assert(
    fc.property(tree, layout, fc.boolean(), (value, options, ends) => {
      const source = `${write(value, options)}${ends ? '...\n' : ''}`;
      const place = (readYaml(source).origin as YamlSource).documents[0];
      fc.pre(place?.root === 'block');
      const at = place?.insertAt ?? -1;
      const added = `${source.slice(0, at)}${' '.repeat(place?.column ?? 0)}NEW: 1\n${source.slice(at)}`;
      expect(rootOf(added).items.at(-1)).toMatchObject({ kind: 'entry', key: 'NEW' });
      expect(rootOf(added).items).toHaveLength(rootOf(source).items.length + 1);
    }),
    { numRuns: runs(300) },
  );
});
