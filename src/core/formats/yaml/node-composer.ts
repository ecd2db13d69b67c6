import type { Anchor } from './alias.ts';
import { createAnchor } from './alias.ts';
import type { NodeComments } from './comment-queue.ts';
import { NO_COMMENTS } from './comment-queue.ts';
import { shortTag } from './construct.ts';
import type { Mark } from './cursor.ts';
import type { Properties } from './frame.ts';
import type { PropertyOrigin } from './origin.ts';
import type { Token } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import type { TreeBuilder } from './tree-builder.ts';

/** Where a node stands; as key or value of a `block-map`, it may be a list in the column of the keys. */
export type NodeContext = 'block' | 'block-map' | 'flow';

/** Reads the nodes of a document: scalars and aliases as a whole, of maps and lists the start. */
export class NodeComposer {
  readonly reader: TokenReader;
  readonly tree: TreeBuilder;
  readonly #anchors: Map<string, Anchor>;
  readonly #handles: ReadonlyMap<string, string>;

  constructor(
    reader: TokenReader,
    tree: TreeBuilder,
    anchors: Map<string, Anchor>,
    handles: ReadonlyMap<string, string>,
  ) {
    this.reader = reader;
    this.tree = tree;
    this.#anchors = anchors;
    this.#handles = handles;
  }

  /** Reads a scalar or alias, or opens a map or list, of which `stem` is the comments if it is a block. @throws FormatError */
  begin(context: NodeContext, stem: NodeComments = NO_COMMENTS): void {
    const { reader } = this;
    let token = reader.peek();
    if (token.type === 'alias') {
      this.#addAlias(token);
      return;
    }
    let properties: Properties | undefined;
    if (token.type === 'anchor' || token.type === 'tag') {
      properties = this.#readProperties(token);
      token = reader.peek();
    }
    if (token.type === 'scalar') {
      const comments = reader.comments.take();
      reader.skip();
      this.tree.addScalar(token, properties, comments, properties?.mark ?? token);
    } else if (!this.#open(context, token, properties, stem)) {
      if (properties === undefined) {
        throw reader.cursor.parseError('did not find expected node content', token, token);
      }
      this.addEmpty(token, properties);
    }
  }

  /** Adds a scalar that is not there: it takes no comments. `next` is the token in its place. */
  addEmpty(next: Mark, properties?: Properties): void {
    const { lastEnd } = this.reader;
    const { blockColumn } = this.tree;
    const scalar = { index: lastEnd, end: lastEnd, value: '', style: 'plain', indent: blockColumn } as const;
    this.tree.addScalar(scalar, properties, NO_COMMENTS, properties?.mark ?? next);
  }

  /** Opens the map or list that begins with the token. Gives false if there is none, or none that may stand here. */
  #open(context: NodeContext, token: Token, properties: Properties | undefined, stem: NodeComments): boolean {
    const { reader, tree } = this;
    switch (token.type) {
      case 'flow-list-start':
        tree.openList('flow-list', token, properties, reader.comments.take());
        break;
      case 'flow-map-start':
        tree.openMap('flow-map', token, properties, reader.comments.take());
        break;
      case 'block-list-start':
        if (context === 'flow') return false;
        tree.openList('block-list', token, properties, stem);
        break;
      case 'block-map-start':
        if (context === 'flow') return false;
        tree.openMap('block-map', token, properties, stem);
        break;
      case 'block-entry':
        if (context !== 'block-map') return false;
        tree.openList('indentless-list', token, properties, NO_COMMENTS);
        return true;
      default:
        return false;
    }
    reader.skip();
    return true;
  }

  #addAlias(token: Token): void {
    const { reader } = this;
    const comments = reader.comments.take();
    reader.skip();
    const anchor = this.#anchors.get(token.value);
    if (anchor === undefined) {
      // Without the name: it may be a secret that was not quoted.
      throw reader.cursor.error(`line ${String(token.line + 1)}: unknown anchor referenced`, token);
    }
    this.tree.addAlias(anchor, token, comments);
  }

  #readProperties(first: Token): Properties {
    const { reader } = this;
    let tag: Token | undefined;
    let anchor: Token | undefined;
    let token = first;
    while ((token.type === 'anchor' && anchor === undefined) || (token.type === 'tag' && tag === undefined)) {
      if (token.type === 'anchor') anchor = token;
      else tag = token;
      reader.skip();
      token = reader.peek();
    }
    let created: Anchor | undefined;
    if (anchor !== undefined) {
      created = createAnchor();
      this.#anchors.set(anchor.value, created);
    }
    return {
      mark: first,
      tagName: tag === undefined ? '' : this.#tagName(tag, first),
      tag: this.#spanOf(tag),
      anchorSpan: this.#spanOf(anchor),
      anchor: created,
    };
  }

  #spanOf(token: Token | undefined): PropertyOrigin | undefined {
    if (token === undefined) return undefined;
    const { index, end } = token;
    return { start: index, end, text: this.reader.cursor.text.slice(index, end) };
  }

  #tagName(token: Token, context: Token): string {
    if (token.value === '') return token.suffix === '!' ? '' : shortTag(token.suffix);
    const prefix = this.#handles.get(token.value);
    if (prefix === undefined) throw this.reader.cursor.parseError('found undefined tag handle', token, context);
    return shortTag(prefix + token.suffix);
  }
}
