/**
 * Tokens to tree: libyaml's grammar (`parserc.go` of go.yaml.in/yaml/v3 3.0.4), its composition of nodes (`decode.go`,
 * `parser`), and upstream's order of entries and comments (`stores/yaml/store.go`), in one pass and with a stack of its own.
 */

import type { Anchor } from './alias.ts';
import { createAnchor } from './alias.ts';
import type { NodeComments } from './comment-queue.ts';
import { CommentQueue, NO_COMMENTS, NO_LINES } from './comment-queue.ts';
import { shortTag } from './construct.ts';
import type { Cursor } from './cursor.ts';
import type { DocumentProblems } from './document-problems.ts';
import type { Frame, ListFrame, MapFrame, Properties } from './frame.ts';
import type { PropertyOrigin, YamlSource } from './origin.ts';
import type { Scanner } from './scanner.ts';
import type { Token, TokenType } from './token.ts';
import type { Root } from './tree-builder.ts';
import { TreeBuilder } from './tree-builder.ts';

const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
]);

export class Composer {
  readonly queue: CommentQueue;
  /** Index behind the last token that was read. */
  lastEnd = 0;
  readonly #scanner: Scanner;
  readonly #cursor: Cursor;
  readonly #source: YamlSource;
  /** Upstream keeps them from one document to the next. */
  readonly #anchors = new Map<string, Anchor>();
  readonly #tree: TreeBuilder;
  #handles = DEFAULT_HANDLES;
  #stem = NO_LINES;

  constructor(scanner: Scanner, source: YamlSource) {
    this.#scanner = scanner;
    this.#cursor = scanner.cursor;
    this.#source = source;
    this.queue = new CommentQueue(scanner.comments);
    this.#tree = new TreeBuilder(source);
  }

  peek(): Token {
    const token = this.#scanner.peek();
    this.queue.advance(token);
    return token;
  }

  skip(): void {
    this.lastEnd = this.#scanner.peek().end;
    this.#scanner.skip();
  }

  /** Reads the content of one document; `handles` are those of its `%TAG` directives. @throws FormatError */
  compose(handles: ReadonlyMap<string, string>, isEmpty: boolean, problems: DocumentProblems): Root {
    this.#handles = new Map([...DEFAULT_HANDLES, ...handles]);
    this.#tree.begin(problems);
    if (isEmpty) this.#empty(undefined, this.peek());
    else this.#node(true, false);
    for (let frame = this.#tree.top; frame !== undefined; frame = this.#tree.top) this.#step(frame);
    return this.#tree.end();
  }

  #take(): NodeComments {
    this.#stem = NO_LINES;
    return this.queue.take();
  }

  // One step of each production

  #step(frame: Frame): void {
    switch (frame.kind) {
      case 'block-map':
        this.#blockMap(frame);
        break;
      case 'flow-map':
        this.#flowMap(frame);
        break;
      case 'pair':
        this.#pair(frame);
        break;
      case 'block-list':
        this.#blockList(frame);
        break;
      case 'indentless-list':
        this.#indentlessList(frame);
        break;
      case 'flow-list':
        this.#flowList(frame);
        break;
    }
  }

  #blockMap(frame: MapFrame): void {
    let token = this.peek();
    if (frame.expects === 'key') {
      frame.readsKey = true;
      if (token.type === 'key') {
        this.#startEntry(frame, token);
        token = this.peek();
        if (isNone(token, 'key', 'value', 'block-end')) this.#node(true, true);
        else this.#empty(undefined, token);
      } else if (token.type === 'block-end') {
        const comments = this.#take();
        this.skip();
        this.#tree.finish(frame, comments, frame.origin.end);
      } else {
        throw this.#cursor.parseError('did not find expected key', token, frame.mark);
      }
      return;
    }
    frame.readsKey = false;
    if (token.type === 'value') {
      this.#startValue(frame, token);
      token = this.peek();
      if (isNone(token, 'key', 'value', 'block-end')) {
        this.#node(true, true);
        return;
      }
    }
    this.#empty(undefined, token);
  }

  #flowMap(frame: MapFrame): void {
    let token = this.peek();
    if (frame.expects !== 'key') {
      frame.readsKey = false;
      if (frame.expects === 'value' && token.type === 'value') {
        this.#startValue(frame, token);
        token = this.peek();
        if (isNone(token, 'flow-entry', 'flow-map-end')) {
          this.#node(false, false);
          return;
        }
      }
      this.#empty(undefined, token);
      return;
    }
    if (token.type !== 'flow-map-end' && !frame.first) {
      if (token.type !== 'flow-entry') {
        throw this.#cursor.parseError("did not find expected ',' or '}'", token, frame.mark);
      }
      this.skip();
      token = this.peek();
    }
    frame.first = false;
    frame.readsKey = true;
    if (token.type === 'flow-map-end') {
      this.#finishFlow(frame);
    } else if (token.type === 'key') {
      this.#startEntry(frame, token);
      token = this.peek();
      if (isNone(token, 'value', 'flow-entry', 'flow-map-end')) this.#node(false, false);
      else this.#empty(undefined, token);
    } else {
      frame.expects = 'no-value';
      this.#node(false, false);
    }
  }

  #pair(frame: MapFrame): void {
    let token = this.peek();
    if (frame.expects === 'key') {
      frame.readsKey = true;
      if (isNone(token, 'value', 'flow-entry', 'flow-list-end')) {
        this.#node(false, false);
      } else {
        // Upstream drops the token here.
        this.skip();
        this.#empty(undefined, token);
      }
    } else if (frame.expects === 'end') {
      this.#tree.finish(frame, NO_COMMENTS, frame.origin.end);
    } else {
      frame.readsKey = false;
      if (token.type === 'value') {
        this.#startValue(frame, token);
        token = this.peek();
        if (isNone(token, 'flow-entry', 'flow-list-end')) {
          this.#node(false, false);
          return;
        }
      }
      this.#empty(undefined, token);
    }
  }

  #blockList(frame: ListFrame): void {
    const token = this.peek();
    if (token.type === 'block-entry') {
      this.#startElement(frame, token);
      const next = this.peek();
      if (isNone(next, 'block-entry', 'block-end')) this.#node(true, false);
      else this.#empty(undefined, next);
    } else if (token.type === 'block-end') {
      this.skip();
      this.#tree.finish(frame, NO_COMMENTS, frame.origin.end);
    } else {
      throw this.#cursor.parseError("did not find expected '-' indicator", token, frame.mark);
    }
  }

  #indentlessList(frame: ListFrame): void {
    const token = this.peek();
    if (token.type === 'block-entry') {
      this.#startElement(frame, token);
      const next = this.peek();
      if (isNone(next, 'block-entry', 'key', 'value', 'block-end')) this.#node(true, false);
      else this.#empty(undefined, next);
    } else {
      this.#tree.finish(frame, NO_COMMENTS, frame.origin.end);
    }
  }

  #flowList(frame: ListFrame): void {
    let token = this.peek();
    if (token.type !== 'flow-list-end' && !frame.first) {
      if (token.type !== 'flow-entry') {
        throw this.#cursor.parseError("did not find expected ',' or ']'", token, frame.mark);
      }
      this.skip();
      token = this.peek();
    }
    frame.first = false;
    if (token.type === 'flow-list-end') {
      this.#finishFlow(frame);
    } else if (token.type === 'key') {
      const pair = this.#tree.openMap('pair', token, undefined, NO_COMMENTS);
      this.#startEntry(pair, token);
    } else {
      this.#node(false, false);
    }
  }

  #startEntry(frame: MapFrame, token: Token): void {
    this.skip();
    this.#tree.startEntry(frame, token);
  }

  #startValue(frame: MapFrame, token: Token): void {
    this.skip();
    this.#tree.startValue(frame, token);
  }

  #startElement(frame: ListFrame, token: Token): void {
    frame.dash = token.index;
    const { headLength } = this.queue;
    this.skip();
    if (headLength === 0) return;
    const { type } = this.peek();
    // What stood above the dash heads the map or list behind it as a whole.
    if (type === 'block-list-start' || type === 'block-map-start') this.#stem = this.queue.takeHead(headLength);
  }

  // Nodes

  #node(block: boolean, indentless: boolean): void {
    let token = this.peek();
    if (token.type === 'alias') {
      this.#alias(token);
      return;
    }
    let properties: Properties | undefined;
    if (token.type === 'anchor' || token.type === 'tag') {
      properties = this.#properties(token);
      token = this.peek();
    }
    switch (token.type) {
      case 'scalar':
        this.#scalar(token, properties);
        return;
      case 'flow-list-start':
        this.#tree.openList('flow-list', token, properties, this.#take());
        this.skip();
        return;
      case 'flow-map-start':
        this.#tree.openMap('flow-map', token, properties, this.#take());
        this.skip();
        return;
      case 'block-entry':
        if (!indentless) break;
        this.#tree.openList('indentless-list', token, properties, NO_COMMENTS);
        return;
      case 'block-list-start':
        if (!block) break;
        this.#tree.openList('block-list', token, properties, this.#takeStem());
        this.skip();
        return;
      case 'block-map-start':
        if (!block) break;
        this.#tree.openMap('block-map', token, properties, this.#takeStem());
        this.skip();
        return;
    }
    if (properties === undefined) {
      throw this.#cursor.parseError('did not find expected node content', token, token);
    }
    this.#empty(properties, token);
  }

  #takeStem(): NodeComments {
    const head = this.#stem;
    this.#stem = NO_LINES;
    return head.length === 0 ? NO_COMMENTS : { head, line: NO_LINES, foot: NO_LINES };
  }

  #properties(first: Token): Properties {
    let tag: Token | undefined;
    let anchor: Token | undefined;
    let token = first;
    while ((token.type === 'anchor' && anchor === undefined) || (token.type === 'tag' && tag === undefined)) {
      if (token.type === 'anchor') anchor = token;
      else tag = token;
      this.skip();
      token = this.peek();
    }
    let created: Anchor | undefined;
    if (anchor !== undefined) {
      created = createAnchor();
      this.#anchors.set(anchor.value, created);
    }
    return {
      mark: first,
      tagName: tag === undefined ? '' : this.#tagName(tag, first),
      tag: this.#span(tag),
      anchorSpan: this.#span(anchor),
      anchor: created,
    };
  }

  #span(token: Token | undefined): PropertyOrigin | undefined {
    if (token === undefined) return undefined;
    return { start: token.index, end: token.end, text: this.#source.text.slice(token.index, token.end) };
  }

  #tagName(token: Token, context: Token): string {
    if (token.value === '') return token.suffix === '!' ? '' : shortTag(token.suffix);
    const prefix = this.#handles.get(token.value);
    if (prefix === undefined) throw this.#cursor.parseError('found undefined tag handle', token, context);
    return shortTag(prefix + token.suffix);
  }

  /** A scalar that is not there: it takes no comments. */
  #empty(properties: Properties | undefined, next: Token): void {
    const origin = this.#tree.leafOrigin(this.lastEnd, this.lastEnd, 'plain', this.#tree.blockColumn, properties);
    this.#tree.addScalar('', true, properties, NO_COMMENTS, properties?.mark ?? next, origin);
  }

  #scalar(token: Token, properties: Properties | undefined): void {
    const comments = this.#take();
    this.skip();
    const origin = this.#tree.leafOrigin(token.index, token.end, token.style, token.indent, properties);
    this.#tree.addScalar(token.value, token.style === 'plain', properties, comments, properties?.mark ?? token, origin);
  }

  #alias(token: Token): void {
    const comments = this.#take();
    this.skip();
    const anchor = this.#anchors.get(token.value);
    if (anchor === undefined) {
      // Without the name: it may be a secret that was not quoted.
      throw this.#cursor.error(`line ${String(token.line + 1)}: unknown anchor referenced`, token);
    }
    this.#tree.addAlias(anchor, token, comments);
  }

  #finishFlow(frame: Frame): void {
    const token = this.peek();
    const comments = this.#take();
    this.skip();
    this.#tree.finish(frame, comments, token.end);
  }
}

function isNone(token: Token, ...types: TokenType[]): boolean {
  return !types.includes(token.type);
}
