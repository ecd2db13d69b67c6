/** YAML files. Upstream: `stores/yaml/store.go`. */
import type { Leaf, ListNode, Tree } from '../../tree/node.ts';
import type { EmitOptions, Form, Format, Source } from '../format.ts';
import { DEFAULT_INDENT, emitCanonical, emitCanonicalNode, libyamlStep } from './canonical.ts';
import { checkHolds } from './check-holds.ts';
import { exampleTree } from './example.ts';
import { emitLayout } from './layout.ts';
import { hasExpandedCollection } from './layout-alias.ts';
import { isJson, metadataStep } from './layout-root.ts';
import type { YamlSource } from './origin.ts';
import { readYaml } from './read.ts';
import { rememberItems } from './source-items.ts';

export const yamlFormat: Format = {
  name: 'yaml',
  metadataLayout: 'nested',
  commentAttempts: [{}, { keepsComments: true }, { indent: 4 }],
  hasUniqueKeys: true,
  parse,
  emit,
  emitValue,
  checkHolds,
  // An alias that is written out takes the comments of its anchor along.
  movesComments: hasExpandedCollection,
  example: exampleTree,
};

function parse(source: Source, form: Form): Tree {
  const tree = readYaml(source, form);
  rememberItems(tree);
  return tree;
}

function emit(tree: Tree, options: EmitOptions): string {
  const { form, indent, defaultIndent, keepsComments = false } = options;
  const step = indent ?? defaultIndent ?? DEFAULT_INDENT;
  const source = indent === undefined ? sourceOf(tree) : undefined;
  const layoutStep = metadataStep(tree) ?? libyamlStep(step);
  const layout = source && emitLayout(tree, source, { form, step: layoutStep, keepsComments });
  return layout ?? emitCanonical(tree, { form, indent: step });
}

/** The YAML text that a tree was read from and whose layout is to stay. */
function sourceOf(tree: Tree): YamlSource | undefined {
  const origin = tree.origin as { format?: unknown } | undefined;
  if (origin?.format !== 'yaml') return undefined;
  const source = origin as YamlSource;
  return isJson(tree, source) ? undefined : source;
}

function emitValue(node: Leaf | ListNode, { form }: EmitOptions): string {
  return emitCanonicalNode(node, { form, indent: DEFAULT_INDENT });
}
