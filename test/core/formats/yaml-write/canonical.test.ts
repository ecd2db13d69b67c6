import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { yamlFormat } from '../../../../src/core/formats/yaml/yaml-format.ts';
import type { Comment, ListNode, MapNode, Node, Tree } from '../../../../src/core/tree/node.ts';

/** Recorded: what the reference program makes of a source that it loads and emits, with several indentations. */
interface Recorded {
  source: string;
  text: string;
  indents?: Readonly<Record<string, string>>;
}

const RECORDED = JSON.parse(readFileSync(new URL('canonical.json', import.meta.url), 'utf8')) as Recorded[];

function leaf(value: Node extends infer N ? (N extends { value: infer V } ? V : never) : never): Node {
  return { kind: 'leaf', value };
}

function tree(...documents: MapNode[]): Tree {
  return { documents };
}

describe('canonical text', () => {
  it('there is something to compare with', () => {
    expect(RECORDED.length).toBeGreaterThan(70);
  });

  it.each(RECORDED)('a tree is written as the reference program writes it: $source', ({ source, text }) => {
    expect(yamlFormat.emit(yamlFormat.parse(source, 'plain'), { form: 'plain', indent: 4 })).toBe(text);
  });

  it.each(
    RECORDED.flatMap(({ source, indents = {} }) =>
      Object.entries(indents).map(([indent, text]) => ({ source, indent, text })),
    ),
  )('so it is with an indentation of $indent: $source', ({ source, indent, text }) => {
    expect(yamlFormat.emit(yamlFormat.parse(source, 'plain'), { form: 'plain', indent: Number(indent) })).toBe(text);
  });

  it.each([0, 1, 10, 100])('an indentation of %i becomes 2, as upstream', (indent) => {
    const root: MapNode = {
      kind: 'map',
      items: [
        { kind: 'entry', key: 'a', value: { kind: 'map', items: [{ kind: 'entry', key: 'b', value: leaf(1n) }] } },
      ],
    };
    expect(yamlFormat.emit(tree(root), { form: 'plain', indent })).toBe('a:\n  b: 1\n');
  });

  it('a negative indentation is refused', () => {
    expect(() => yamlFormat.emit(tree({ kind: 'map', items: [] }), { form: 'plain', indent: -1 })).toThrow(
      expect.objectContaining({ code: 'dump', message: 'YAML Negative indentation not accepted' }),
    );
  });

  it('the encrypted form has ciphertexts plain and on one line, without the note that another text gave them', () => {
    const ciphertext = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]';
    const note: Comment = { kind: 'comment', text: ' c', inline: false, ciphertext };
    const list: ListNode = {
      kind: 'list',
      items: [note, { kind: 'leaf', value: 'a\nb', ciphertext: `${ciphertext} ~L2` }],
    };
    const root: MapNode = { kind: 'map', items: [{ kind: 'entry', key: 'l', value: list }] };
    expect(yamlFormat.emit(tree(root), { form: 'encrypted' })).toBe(`l:\n    #${ciphertext}\n    - ${ciphertext}\n`);
  });

  it('a block in a list that begins with a blank says its indentation so that it can be read', () => {
    const root: MapNode = {
      kind: 'map',
      items: [{ kind: 'entry', key: 'l', value: { kind: 'list', items: [leaf(' x\ny')] } }],
    };
    const text = yamlFormat.emit(tree(root), { form: 'plain' });
    expect(text).toBe('l:\n    - |2-\n       x\n      y\n');
    expect(yamlFormat.parse(text, 'plain').documents[0]?.items[0]).toMatchObject({
      value: { items: [{ value: ' x\ny' }] },
    });
  });

  it('comments that wait for the end of a list do not come between a key and its empty list', () => {
    const text = yamlFormat.emit(yamlFormat.parse('a: [{k: v}, # c\n # d\n ]\nb: []\n', 'plain'), {
      form: 'plain',
      indent: 4,
    });
    expect(text).toBe('a:\n    - k: v\nb: [] # c\n# d\n');
  });

  it('a key << is quoted where its value cannot be merged, since no reader would take it otherwise', () => {
    const root: MapNode = {
      kind: 'map',
      items: [{ kind: 'entry', key: '<<', value: leaf('x') }],
    };
    expect(yamlFormat.emit(tree(root), { form: 'plain' })).toBe('"<<": x\n');
  });

  it.each([
    [leaf(1n), '1\n'],
    [leaf(null), 'null\n'],
    [leaf(1000000.5), '1.0000005e+06\n'],
    [{ kind: 'list', items: [] } satisfies Node, '[]\n'],
    [{ kind: 'list', items: [leaf('x'), { kind: 'list', items: [leaf(true)] }] } satisfies Node, '- x\n- - true\n'],
  ])('one value is written with a line end', (node, text) => {
    expect(yamlFormat.emitValue(node as ListNode, { form: 'plain' })).toBe(text);
  });

  it('nests ten thousand deep', () => {
    const depth = 10_000;
    let node: Node = leaf(1n);
    for (let i = 0; i < depth; i++) node = { kind: 'list', items: [node] };
    const text = yamlFormat.emitValue(node as ListNode, { form: 'plain' });
    expect(text).toBe(`${'- '.repeat(depth)}1\n`);
  });

  it('the example of a new file is that of the reference program', () => {
    expect(yamlFormat.emit(yamlFormat.example(), { form: 'plain' })).toBe(
      [
        'hello: Welcome to SOPS! Edit this file as you please!',
        'example_key: example_value',
        '# Example comment',
        'example_array:',
        '    - example_value1',
        '    - example_value2',
        'example_number: 1234.56789',
        'example_booleans:',
        '    - true',
        '    - false',
        '',
      ].join('\n'),
    );
  });
});
