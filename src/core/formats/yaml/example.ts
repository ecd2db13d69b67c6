import type { Entry, Node, Tree, Value } from '../../tree/node.ts';

/** What `edit` offers for a new file. Upstream: `stores/stores.go` (`ExampleComplexTree`). */
export function exampleTree(): Tree {
  const leaf = (value: Value): Node => ({ kind: 'leaf', value });
  const entry = (key: string, value: Node): Entry => ({ kind: 'entry', key, value });
  return {
    documents: [
      {
        kind: 'map',
        items: [
          entry('hello', leaf('Welcome to SOPS! Edit this file as you please!')),
          entry('example_key', leaf('example_value')),
          { kind: 'comment', text: ' Example comment', inline: false },
          entry('example_array', { kind: 'list', items: [leaf('example_value1'), leaf('example_value2')] }),
          entry('example_number', leaf(1234.56789)),
          entry('example_booleans', { kind: 'list', items: [leaf(true), leaf(false)] }),
        ],
      },
    ],
  };
}
