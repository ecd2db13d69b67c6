import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import type { Comment, Entry, Node } from '../../../../src/core/tree/node.ts';
import { goValue } from './go-value.ts';

/** Recorded from the reference: see `about` in the file. */
const { cases } = JSON.parse(readFileSync(new URL('trees.json', import.meta.url), 'utf8')) as {
  cases: { input: string; documents: unknown[] }[];
};

function recorded(node: Node | Entry | Comment): unknown {
  switch (node.kind) {
    case 'comment':
      return node.inline ? { inline: node.text } : { comment: node.text };
    case 'entry':
      return [node.keyType ? { [node.keyType.type]: node.keyType.text } : node.key, recorded(node.value)];
    case 'map':
      return { map: node.items.map(recorded) };
    case 'list':
      return { list: node.items.map(recorded) };
    case 'leaf': {
      const [type, text] = goValue(node.value);
      if (type === 'nil') return null;
      return type === 'string' ? text : { [type]: text };
    }
  }
}

test.each(cases)('$input is read as the reference reads it', ({ input, documents }) => {
  expect(readYaml(input, 'encrypted').documents.map(({ items }) => items.map(recorded))).toEqual(documents);
});

test('an empty file has no documents', () => {
  expect(readYaml('').documents).toEqual([]);
});

test.each(['utf-16le', 'utf-16be'])('%s with a byte order mark is decoded', (encoding) => {
  const bytes = new Uint8Array(Buffer.from('\ufeffa: é😀\n', 'utf16le'));
  if (encoding === 'utf-16be') Buffer.from(bytes.buffer).swap16();
  const { documents, origin } = readYaml(bytes);
  expect(documents.map(({ items }) => items.map(recorded))).toEqual([[['a', 'é😀']]]);
  expect(origin).toMatchObject({ text: '\ufeffa: é😀\n' });
});
