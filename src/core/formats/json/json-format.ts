/** JSON files. Upstream: `stores/json/store.go`. */
import { SopsError } from '../../errors.ts';
import type { Leaf, ListNode, MapNode, Tree } from '../../tree/node.ts';
import { decodeText, encodeText, isWellFormed } from '../../tree/utf8.ts';
import type { EmitOptions, Form, Format, Source } from '../format.ts';
import { exampleTree } from './json-example.ts';
import { emitWithLayout } from './json-layout.ts';
import { readJson } from './json-reader.ts';
import { ContainerSpan, JsonSource } from './json-source.ts';
import type { JsonStyle } from './json-writer.ts';
import { canonicalStyle, checkDepth, ROOT, valueText, writeNode } from './json-writer.ts';

export const jsonFormat: Format = {
  name: 'json',
  metadataLayout: 'nested',
  parse: (source) => parseJson(source),
  emit: (tree, options) => emitJson(tree, options),
  emitValue: (node, { form, indent, defaultIndent }) =>
    emitJsonValue(node, canonicalStyle(indent ?? defaultIndent ?? -1), form),
  checkHolds: (tree, form) => {
    checkJsonHolds(tree, form);
  },
  example: () => exampleTree(),
};

/** Reads a JSON file. @throws FormatError */
export function parseJson(source: Source): Tree {
  return readJson(typeof source === 'string' ? source : decodeText(source));
}

/** Writes a JSON file. @throws SopsError `dump` */
export function emitJson(tree: Tree, { form, indent, defaultIndent }: EmitOptions): Source {
  const root = rootOf(tree, form);
  const { origin } = root;
  const unit = styleFor(indent ?? defaultIndent ?? -1).unit;
  if (
    indent === undefined &&
    tree.origin instanceof JsonSource &&
    origin instanceof ContainerSpan &&
    origin.source === tree.origin
  ) {
    return emitWithLayout(root, tree.origin, form, unit);
  }
  const pieces: string[] = [];
  writeNode(pieces, root, form, styleFor(indent ?? defaultIndent ?? -1), ROOT);
  pieces.push('\n');
  return asSource(pieces.join(''));
}

function styleFor(indent: number): ReturnType<typeof canonicalStyle> {
  try {
    return canonicalStyle(indent);
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    throw new SopsError(error.code, `Error marshaling to json: ${error.message}`);
  }
}

function asSource(text: string): Source {
  return isWellFormed(text) ? text : encodeText(text);
}

/** One value as text, without a line break at its end. @throws SopsError `dump` */
export function emitJsonValue(node: Leaf | ListNode, style: JsonStyle, form: Form = 'plain'): string {
  const pieces: string[] = [];
  writeNode(pieces, node, form, style, ROOT);
  return pieces.join('');
}

/** Plain JSON of several documents is the first one, as upstream has it; encrypted, it would lack what the MAC covers (D46). */
function rootOf({ documents }: Tree, form: Form): MapNode {
  const [root] = documents;
  if (!root || (documents.length > 1 && form === 'encrypted')) {
    throw new SopsError('dump', `Error marshaling to json: a JSON file holds one document, not ${documents.length}`);
  }
  return root;
}

/** A key is part of what authenticates its value, and JSON has no bytes. */
function checkKey(key: string): void {
  if (!isWellFormed(key)) throw new SopsError('dump', 'Error marshaling to json: a key that is not UTF-8 text');
}

/** Checks that a tree can be written as JSON: its documents, keys, no NaN or infinity, not too deep. @throws SopsError `dump` */
export function checkJsonHolds(tree: Tree, form: Form): void {
  const root = rootOf(tree, form);
  const stack: { container: MapNode | ListNode; index: number; maps: number }[] = [
    { container: root, index: 0, maps: 1 },
  ];
  for (;;) {
    const frame = stack.at(-1);
    if (!frame) return;
    const item = frame.container.items[frame.index++];
    if (item === undefined) {
      stack.pop();
      continue;
    }
    if (item.kind === 'comment') continue;
    if (item.kind === 'entry' && form === 'encrypted') checkKey(item.key);
    const node = item.kind === 'entry' ? item.value : item;
    if (node.kind === 'leaf') {
      if (typeof node.value === 'number') valueText(node.value, frame.maps);
      continue;
    }
    stack.push({ container: node, index: 0, maps: frame.maps + (node.kind === 'map' ? 1 : 0) });
    checkDepth(stack.length);
  }
}
