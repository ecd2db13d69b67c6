/**
 * Tokens to tree: libyaml's grammar (`parserc.go` of go.yaml.in/yaml/v3 3.0.4), its composition of nodes (`decode.go`,
 * `parser`), and upstream's order of entries and comments (`stores/yaml/store.go`), in one pass and with a stack of its own.
 */
import type { Anchor } from './alias.ts';
import { stepBlockList, stepBlockMap, stepIndentlessList } from './compose-block.ts';
import { stepFlowList, stepFlowMap, stepPair } from './compose-flow.ts';
import type { DocumentProblems } from './document-problems.ts';
import type { Frame } from './frame.ts';
import { NodeComposer } from './node-composer.ts';
import type { YamlSource } from './origin.ts';
import type { TokenReader } from './token-reader.ts';
import type { Root } from './tree-builder.ts';
import { TreeBuilder } from './tree-builder.ts';

const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
]);

export class Composer {
  readonly #reader: TokenReader;
  readonly #source: YamlSource;
  /** Upstream keeps them from one document to the next. */
  readonly #anchors = new Map<string, Anchor>();

  constructor(reader: TokenReader, source: YamlSource) {
    this.#reader = reader;
    this.#source = source;
  }

  /** Reads the content of one document; `handles` are those of its `%TAG` directives. @throws FormatError */
  compose(handles: ReadonlyMap<string, string>, isEmpty: boolean, problems: DocumentProblems): Root {
    const tree = new TreeBuilder(this.#source, problems);
    const allHandles = new Map([...DEFAULT_HANDLES, ...handles]);
    const nodes = new NodeComposer(this.#reader, tree, this.#anchors, allHandles);
    if (isEmpty) nodes.addEmpty(this.#reader.peek());
    else nodes.begin('block');
    for (let frame = tree.top; frame !== undefined; frame = tree.top) step(nodes, frame);
    return tree.end();
  }
}

/** One step in the innermost open map or list. */
function step(nodes: NodeComposer, frame: Frame): void {
  switch (frame.kind) {
    case 'block-map':
      stepBlockMap(nodes, frame);
      break;
    case 'flow-map':
      stepFlowMap(nodes, frame);
      break;
    case 'pair':
      stepPair(nodes, frame);
      break;
    case 'block-list':
      stepBlockList(nodes, frame);
      break;
    case 'indentless-list':
      stepIndentlessList(nodes, frame);
      break;
    case 'flow-list':
      stepFlowList(nodes, frame);
      break;
  }
}
