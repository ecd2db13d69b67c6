import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlFormat } from '../../../../src/core/formats/yaml/yaml-format.ts';
import type { Node, Tree } from '../../../../src/core/tree/node.ts';
import { isSame, setValue } from '../../../../src/core/tree/set.ts';
import { Timestamp } from '../../../../src/core/tree/timestamp.ts';
import { unsetValue } from '../../../../src/core/tree/unset.ts';
import { runs } from '../../../property.ts';
import { decrypt, decryptTree, encrypt } from './toy-cipher.ts';

const words = [
  'x',
  'one two',
  'yes',
  '12:30',
  '0644',
  '1_000',
  '3.0',
  '1e3',
  '~',
  'TRUE',
  '2020-01-02',
  "it's",
  'é 🎉',
  'a#b',
  '.5',
];
const scalar = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...words).map((word) => `'${word.replaceAll("'", "''")}'`),
  fc
    .array(fc.constantFrom('a', ' ', '\\n', '\\u00e9', '\\x41', '🎉', '\\"', "'", '\\t', '#'), { maxLength: 6 })
    .map((parts) => `"${parts.join('')}"`),
);
const comment = fc.constantFrom('', '', '', '', ' # c', '  #', '\t# é');
const lines = fc.array(fc.constantFrom('t', 't u', 't u v w', '', '  i', '# h'), { minLength: 1, maxLength: 5 });

type Block = (indent: number) => string;

const leaf: fc.Arbitrary<Block> = fc.oneof(
  fc.tuple(scalar, comment).map(
    ([text, behind]) =>
      () =>
        ` ${text}${behind}\n`,
  ),
  fc.tuple(scalar, scalar, comment).map(
    ([first, second, behind]) =>
      () =>
        ` {a: ${quoted(first)}, "b": [${quoted(second)}, ]}${behind}\n`,
  ),
  fc
    .tuple(fc.constantFrom('|', '|-', '|+', '>', '>-', '>+'), fc.integer({ min: 1, max: 4 }), lines)
    .map(([header, more, rows]) => (indent: number) => {
      const margin = ' '.repeat(indent + more);
      return ` ${header}\n${margin}s\n${rows.map((row) => (row === '' ? '\n' : `${margin}${row}\n`)).join('')}`;
    }),
  fc.constantFrom('one\n', "'one\n", '"one\n').map((start) => (indent: number) => {
    const quote = start.startsWith('o') ? '' : start.charAt(0);
    return ` ${start}${' '.repeat(indent + 3)}two\n\n${' '.repeat(indent + 2)}three${quote}\n`;
  }),
);

/** Flow collections take no plain text with their own characters. */
function quoted(text: string): string {
  return /[#,:]/.test(text) && !/^['"]/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

const { map } = fc.letrec<{ map: Block; list: Block; value: Block }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthIdentifier: 'value' }, leaf, tie('map'), tie('list')),
  map: fc
    .array(fc.tuple(fc.constantFrom('', '', '# h\n', '\n'), fc.constantFrom('k', '"k"', '? k'), tie('value')), {
      minLength: 1,
      maxLength: 4,
    })
    .map((entries) => (indent: number) => {
      const margin = ' '.repeat(indent);
      const rows = entries.map(([before, key, value], index) => {
        const front = before === '' || before === '\n' ? before : margin + before;
        const text = value(indent);
        const name = key.startsWith('"') ? `"k${index}"` : `${key}${index}`;
        return `${front}${margin}${key.startsWith('?') ? `${name}\n${margin}` : name}:${text}`;
      });
      return `\n${rows.map((row) => row.replace(/:\n/, ':\n')).join('')}`;
    })
    .map((block) => (indent: number) => block(indent + 2)),
  list: fc.array(leaf, { minLength: 1, maxLength: 3 }).map((items) => (indent: number) => {
    const margin = ' '.repeat(indent + 2);
    return `\n${items.map((item) => `${margin}-${item(indent + 2)}`).join('')}`;
  }),
}));

const document = map.map((block) => block(-2).slice(1));
const ending = fc.constantFrom('', '', '# end\n', '\n\n', '...\n', '---\n{b: x}\n', '---\n# c\n');
const text = fc
  .tuple(fc.constantFrom('', '---\n', '# head\n\n'), document, ending, fc.boolean(), fc.boolean())
  .map(([start, body, end, isCut, isWindows]) => {
    const whole = `${start}${body}${end}`;
    const cut = isCut ? whole.replace(/\n$/, '') : whole;
    return isWindows ? cut.replaceAll('\n', '\r\n') : cut;
  })
  .filter(isReadable);

function isReadable(candidate: string): boolean {
  try {
    yamlFormat.parse(candidate, 'plain');
    return true;
  } catch {
    return false;
  }
}

/** What a node holds, comments aside; a float without a fraction as an integer, since the canonical style writes it so. */
function valueOf(node: Node): unknown {
  if (node.kind === 'leaf') {
    const { value } = node;
    if (value instanceof Timestamp) return value.text;
    return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
  }
  return node.items.flatMap((item) => {
    if (item.kind === 'comment') return [];
    return [item.kind === 'entry' ? { key: item.key, value: valueOf(item.value) } : valueOf(item)];
  });
}

function rootOf(tree: Tree): Node {
  const root = tree.documents[0];
  if (!root) throw new TypeError('no document');
  return root;
}

describe('laws of the layout', () => {
  it('a text that did not change is written as it is, in both forms', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(yamlFormat.emit(yamlFormat.parse(plain, 'plain'), { form: 'plain' })).toBe(plain);
        expect(yamlFormat.emit(yamlFormat.parse(plain, 'encrypted'), { form: 'encrypted' })).toBe(plain);
      }),
    );
  });

  it('decryption gives back what was encrypted, byte for byte', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(decrypt(encrypt(plain))).toBe(plain);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('the canonical style holds the same values', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(2, 4, 7), (plain, indent) => {
        const tree = yamlFormat.parse(encrypt(plain), 'encrypted');
        decryptTree(tree);
        const written = yamlFormat.parse(yamlFormat.emit(tree, { form: 'plain', indent }), 'plain');
        expect(written.documents.map(valueOf)).toEqual(tree.documents.map(valueOf));
      }),
    );
  });

  it('after a change the text says what the tree does', () => {
    const value = fc.constantFrom('new', 'a: b', 'p\nq\n', 'p\n\nq', '', 'yes');
    fc.assert(
      fc.property(text, fc.nat(4), value, fc.boolean(), (plain, at, data, isRemoved) => {
        const tree = yamlFormat.parse(encrypt(plain), 'encrypted');
        decryptTree(tree);
        const root = tree.documents[0];
        if (!root) return;
        const key = `k${at}`;
        if (isRemoved && root.items.some((item) => item.kind === 'entry' && item.key === key)) unsetValue(root, [key]);
        else setValue(root, [key], { kind: 'leaf', value: data });
        const written = yamlFormat.parse(yamlFormat.emit(tree, { form: 'plain' }), 'plain');
        expect(isSame(rootOf(written), rootOf(tree))).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });
});
