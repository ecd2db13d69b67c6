/** What a new JSON file starts with. Upstream: `stores/stores.go` (`ExampleComplexTree`). */
import type { Entry, Leaf, Node, Tree, Value } from '../../tree/node.ts';

/** The example of a nested format; a new tree each time. */
export function exampleTree(): Tree {
  const items: Entry[] = [
    entry('hello', leaf('Welcome! Change this file as you like.')),
    entry('example_key', leaf('example_value')),
    entry('example_array', { kind: 'list', items: [leaf('example_value1'), leaf('example_value2')] }),
    entry('example_number', leaf(1234.56789)),
    entry('example_booleans', { kind: 'list', items: [leaf(true), leaf(false)] }),
  ];
  return { documents: [{ kind: 'map', items }] };
}

function entry(key: string, value: Node): Entry {
  return { kind: 'entry', key, value };
}

function leaf(value: Value): Leaf {
  return { kind: 'leaf', value };
}
