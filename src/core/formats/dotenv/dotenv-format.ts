/** Dotenv files. Upstream: `stores/dotenv/store.go`. */
import { SopsError } from '../../errors.ts';
import type { Entry, Leaf, ListNode, Tree } from '../../tree/node.ts';
import { decodeText, encodeText, isWellFormed } from '../../tree/utf8.ts';
import type { EmitOptions, Form, Format, Source } from '../format.ts';
import { DotenvSource, readDotenv } from './dotenv-reader.ts';
import { checkedLeaf, singleDocument, writeDotenv, writeDotenvWithLayout } from './dotenv-writer.ts';

export const dotenvFormat: Format = {
  name: 'dotenv',
  metadataLayout: 'prefixed',
  parse: (source, form) => parseDotenv(source, form),
  emit: (tree, options) => emitDotenv(tree, options),
  emitValue: (node) => emitDotenvValue(node),
  checkHolds: (tree, form) => {
    checkDotenvHolds(tree, form);
  },
  example: () => exampleTree(),
};

function parseDotenv(source: Source, form: Form): Tree {
  const text = typeof source === 'string' ? source : decodeText(source);
  const tree = readDotenv(text, form);
  // The metadata lines need a line of their own, and end with a break as upstream's do.
  tree.endsOpen = form === 'plain' && text !== '' && !text.endsWith('\n');
  return tree;
}

function emitDotenv(tree: Tree, { form, indent }: EmitOptions): Source {
  const { origin } = tree;
  const hasLayout = origin instanceof DotenvSource && indent === undefined;
  const lines = hasLayout ? writeDotenvWithLayout(tree, origin, form) : writeDotenv(tree, form);
  const text = hasLayout && form === 'plain' && tree.endsOpen ? lines.replace(/\n$/, '') : lines;
  return isWellFormed(text) ? text : encodeText(text);
}

function emitDotenvValue(node: Leaf | ListNode): string {
  if (node.kind === 'leaf' && typeof node.value === 'string') return node.value;
  throw new SopsError('dump', `the dotenv store only supports emitting strings, got ${goTypeOf(node)}`);
}

function goTypeOf(node: Leaf | ListNode): string {
  if (node.kind === 'list') return '[]interface {}';
  const { value } = node;
  if (value === null) return '<nil>';
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return 'time.Time';
  }
}

function checkDotenvHolds(tree: Tree, form: Form): void {
  for (const item of singleDocument(tree).items) {
    if (item.kind !== 'entry') continue;
    const { value } = checkedLeaf(item);
    if (form === 'encrypted' && value === null) {
      throw new SopsError('dump', 'cannot use null in a dotenv file', { location: [item.key] });
    }
  }
}

/** What a new dotenv file starts with. Upstream: `stores/stores.go` (`ExampleFlatTree`). */
function exampleTree(): Tree {
  const entry = (key: string, value: string): Entry => ({ kind: 'entry', key, value: { kind: 'leaf', value } });
  return {
    documents: [
      {
        kind: 'map',
        items: [
          { kind: 'comment', text: ' An example file.', inline: false },
          entry('hello', 'Welcome! Change this file as you like.'),
          entry('example_key', 'example_value'),
          entry('example_multiline', 'foo\nbar\nbaz'),
        ],
      },
    ],
  };
}
