/** Origins of nodes that are being read; `parent` is the map or list around. */
import type { Node, Value } from '../../tree/node.ts';
import type { Frame, Properties } from './frame.ts';
import type { AliasOrigin, CollectionOrigin, LeafOrigin, YamlSource } from './origin.ts';
import type { Token } from './token.ts';

/** A scalar in the text, or an empty one right behind the token before. */
export type Scalar = Pick<Token, 'index' | 'end' | 'value' | 'style' | 'indent'>;

export function createLeafOrigin(
  source: YamlSource,
  { index: start, end, style, indent }: Scalar,
  value: Value,
  properties: Properties | undefined,
  parent: Frame | undefined,
): LeafOrigin {
  return {
    kind: 'leaf',
    source,
    start,
    end,
    style,
    flow: parent?.flow ?? false,
    indent,
    tag: properties?.tag,
    anchor: properties?.anchorSpan,
    value,
    dash: dashOf(parent),
  };
}

/** `end` is set once the map or list is complete. */
export function createCollectionOrigin(
  source: YamlSource,
  kind: Frame['kind'],
  { index: start, end, column }: Token,
  properties: Properties | undefined,
  parent: Frame | undefined,
): CollectionOrigin {
  const flow = kind === 'flow-map' || kind === 'flow-list' || kind === 'pair';
  return {
    kind: 'collection',
    source,
    start,
    end,
    style: flow ? 'flow' : 'block',
    column: flow ? (parent?.blockColumn ?? -1) : column,
    tag: properties?.tag,
    anchor: properties?.anchorSpan,
    bare: kind === 'pair',
    dash: dashOf(parent),
  };
}

export function createAliasOrigin(
  source: YamlSource,
  { index: start, end, value: name }: Token,
  target: Node,
  parent: Frame | undefined,
): AliasOrigin {
  return { kind: 'alias', source, start, end, name, target, dash: dashOf(parent) };
}

function dashOf(parent: Frame | undefined): number {
  return parent?.isMap === false ? parent.dash : -1;
}
