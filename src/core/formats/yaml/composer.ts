/**
 * Tokens to tree: libyaml's grammar (`parserc.go` of go.yaml.in/yaml/v3 3.0.4), its composition of nodes (`decode.go`,
 * `parser`), and upstream's order of entries and comments (`stores/yaml/store.go`), in one pass and with a stack of its own.
 */
import type { Comment, Entry, ListNode, MapNode, Node, Value } from '../../tree/node.ts';
import { decodeText } from '../../tree/utf8.ts';
import type { Anchor } from './alias.ts';
import { AliasBudget, commentsOf, createAnchor, expandAnchor } from './alias.ts';
import type { NodeComments } from './comment-queue.ts';
import { CommentQueue, NO_COMMENTS, NO_LINES } from './comment-queue.ts';
import type { CommentLine } from './comment-run.ts';
import { constructScalar, describeMismatch, shortTag } from './construct.ts';
import type { Cursor, Mark } from './cursor.ts';
import { DocumentProblems } from './document-problems.ts';
import type { Frame, ListFrame, MapFrame } from './frame.ts';
import { KeyRegister } from './key-register.ts';
import { keyTypeOf } from './key-type.ts';
import type { AliasOrigin, CollectionOrigin, LeafOrigin, PropertyOrigin, YamlSource } from './origin.ts';
import type { Scanner } from './scanner.ts';
import { spellingOf } from './spelling.ts';
import type { Token, TokenType } from './token.ts';

interface Properties {
  readonly mark: Mark;
  readonly tagName: string;
  readonly tag: PropertyOrigin | undefined;
  readonly anchorSpan: PropertyOrigin | undefined;
  readonly anchor: Anchor | undefined;
}

/** A root as it was read, before it is known to be a map. */
export interface Root {
  node: Node;
  /** What the node took, where it is no map or list. */
  comments: NodeComments;
  tagName: string;
  mark: Mark;
}

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
  readonly #frames: Frame[] = [];
  readonly #keys = new KeyRegister();
  #handles = DEFAULT_HANDLES;
  #budget = new AliasBudget();
  #problems: DocumentProblems;
  #stem = NO_LINES;
  #root: Root | undefined;

  constructor(scanner: Scanner, source: YamlSource) {
    this.#scanner = scanner;
    this.#cursor = scanner.cursor;
    this.#source = source;
    this.queue = new CommentQueue(scanner.records);
    this.#problems = new DocumentProblems(source.text, '');
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
    this.#budget = new AliasBudget();
    this.#problems = problems;
    this.#root = undefined;
    if (isEmpty) this.#empty(undefined, this.peek());
    else this.#node(true, false);
    for (let frame = this.#top; frame !== undefined; frame = this.#top) this.#step(frame);
    const root = this.#root as Root | undefined;
    if (root === undefined) throw new Error('a document ended without a root');
    return root;
  }

  get #top(): Frame | undefined {
    return this.#frames[this.#frames.length - 1];
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
        this.#finish(frame, comments, this.#contentEnd(frame));
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
      this.#finish(frame, NO_COMMENTS, this.#contentEnd(frame));
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
      this.#finish(frame, NO_COMMENTS, this.#contentEnd(frame));
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
      this.#finish(frame, NO_COMMENTS, this.#contentEnd(frame));
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
      const pair = this.#openMap('pair', token, undefined, NO_COMMENTS);
      this.#startEntry(pair, token);
    } else {
      this.#node(false, false);
    }
  }

  #startEntry(frame: MapFrame, token: Token): void {
    this.skip();
    frame.entry = {
      kind: 'entry',
      source: this.#source,
      start: token.index,
      end: token.end,
      keyStart: token.end,
      keyEnd: token.end,
      colon: -1,
      explicit: token.end > token.index,
      keyAnchor: undefined,
      key: '',
    };
    frame.assumed = token.assumed;
  }

  #startValue(frame: MapFrame, token: Token): void {
    this.skip();
    if (frame.entry === undefined) return;
    frame.entry.colon = token.index;
    frame.entry.end = token.end;
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
        this.#openList('flow-list', token, properties, this.#take());
        this.skip();
        return;
      case 'flow-map-start':
        this.#openMap('flow-map', token, properties, this.#take());
        this.skip();
        return;
      case 'block-entry':
        if (!indentless) break;
        this.#openList('indentless-list', token, properties, NO_COMMENTS);
        return;
      case 'block-list-start':
        if (!block) break;
        this.#openList('block-list', token, properties, this.#takeStem());
        this.skip();
        return;
      case 'block-map-start':
        if (!block) break;
        this.#openMap('block-map', token, properties, this.#takeStem());
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
    const origin = this.#leafOrigin(this.lastEnd, this.lastEnd, 'plain', this.#blockColumn, properties);
    this.#addScalar('', true, properties, NO_COMMENTS, properties?.mark ?? next, origin);
  }

  #scalar(token: Token, properties: Properties | undefined): void {
    const comments = this.#take();
    this.skip();
    const origin = this.#leafOrigin(token.index, token.end, token.style, token.indent, properties);
    this.#addScalar(token.value, token.style === 'plain', properties, comments, properties?.mark ?? token, origin);
  }

  #leafOrigin(
    start: number,
    end: number,
    style: LeafOrigin['style'],
    indent: number,
    properties: Properties | undefined,
  ): LeafOrigin {
    return {
      kind: 'leaf',
      source: this.#source,
      start,
      end,
      style,
      flow: this.#top?.flow ?? false,
      indent,
      tag: properties?.tag,
      anchor: properties?.anchorSpan,
      value: null,
      dash: this.#dash,
    };
  }

  #addScalar(
    text: string,
    plain: boolean,
    properties: Properties | undefined,
    comments: NodeComments,
    mark: Mark,
    origin: LeafOrigin,
  ): void {
    const tagName = properties?.tagName ?? '';
    const frame = this.#top;
    if (!this.#budget.step()) this.#refuseAliases(mark);
    let value = constructScalar(tagName, text, plain);
    if (value === undefined) {
      this.#problems.fatal(describeMismatch(tagName, text), origin.start, tagName !== '!!binary');
      value = null;
    }
    const isWord = value === null || typeof value === 'string';
    const spelling = isWord ? undefined : spellingOf(text, value);
    const anchor = properties?.anchor;
    if (anchor !== undefined) {
      anchor.node = { kind: 'leaf', value, spelling };
      anchor.text = text;
      anchor.steps = 1;
    }
    if (frame?.isMap === true && frame.readsKey) {
      const isMerge = text === '<<' && ((tagName === '' && plain) || tagName === '!!merge');
      this.#addKey(frame, text, value, comments, mark, origin, isMerge);
      return;
    }
    origin.value = value;
    const leaf: Node = { kind: 'leaf', value, spelling, ciphertext: undefined, origin };
    if (anchor !== undefined) anchor.node = leaf;
    if (frame === undefined) this.#root = { node: leaf, comments, tagName, mark };
    else this.#place(frame, leaf, comments, false, origin.end);
  }

  #alias(token: Token): void {
    const comments = this.#take();
    this.skip();
    const anchor = this.#anchors.get(token.value);
    if (anchor === undefined) {
      // Without the name: it may be a secret that was not quoted.
      throw this.#cursor.error(`line ${String(token.line + 1)}: unknown anchor referenced`, token);
    }
    if (!this.#budget.step()) this.#refuseAliases(token);
    const frame = this.#top;
    const span = { start: token.index, end: token.end };
    if (anchor.node === undefined) this.#problems.fatal('anchor value contains itself', token.index, true);
    else if (!this.#budget.expand(anchor)) this.#refuseAliases(token);
    const target: Node =
      anchor.node === undefined || this.#problems.isFatal ? { kind: 'leaf', value: null } : anchor.node;
    if (frame?.isMap === true && frame.readsKey) {
      if (target.kind === 'leaf') this.#addKey(frame, anchor.text, target.value, comments, token, span, false);
      else this.#addComplexKey(frame, target, comments, token, span);
      return;
    }
    const node = expandAnchor(target, anchor.outside);
    const origin: AliasOrigin = {
      kind: 'alias',
      source: this.#source,
      ...span,
      name: token.value,
      target,
      dash: this.#dash,
    };
    node.origin = origin;
    if (frame === undefined) this.#root = { node, comments, tagName: '', mark: token };
    else this.#place(frame, node, comments, false, token.end);
  }

  #refuseAliases(mark: Mark): void {
    this.#problems.fatal('document contains excessive aliasing', mark.index);
  }

  // Maps and lists

  #openList(kind: ListFrame['kind'], token: Token, properties: Properties | undefined, comments: NodeComments): void {
    const { steps, comments: commentsBefore } = this.#budget;
    const flow = kind === 'flow-list';
    const origin = this.#collectionOrigin(flow, false, token, properties);
    const frame: ListFrame = {
      isMap: false,
      kind,
      node: { kind: 'list', items: [], origin },
      mark: token,
      start: properties?.mark ?? token,
      tagName: properties?.tagName ?? '',
      flow,
      origin,
      blockColumn: origin.column,
      anchor: properties?.anchor,
      stepsBefore: steps,
      commentsBefore,
      head: NO_LINES,
      headCount: 0,
      first: true,
      dash: -1,
    };
    this.#open(frame, comments);
  }

  #openMap(kind: MapFrame['kind'], token: Token, properties: Properties | undefined, comments: NodeComments): MapFrame {
    const { steps, comments: commentsBefore } = this.#budget;
    const flow = kind !== 'block-map';
    const origin = this.#collectionOrigin(flow, kind === 'pair', token, properties);
    const frame: MapFrame = {
      isMap: true,
      kind,
      node: { kind: 'map', items: [], origin },
      mark: token,
      start: properties?.mark ?? token,
      tagName: properties?.tagName ?? '',
      flow,
      origin,
      blockColumn: origin.column,
      anchor: properties?.anchor,
      stepsBefore: steps,
      commentsBefore,
      head: NO_LINES,
      headCount: 0,
      first: true,
      expects: 'key',
      readsKey: false,
      key: '',
      keyType: undefined,
      keyFoot: NO_LINES,
      entry: undefined,
      assumed: false,
      entryCount: 0,
      keys: this.#keys.open(),
      merges: false,
      isMerge: false,
    };
    this.#open(frame, comments);
    return frame;
  }

  #collectionOrigin(flow: boolean, bare: boolean, token: Token, properties: Properties | undefined): CollectionOrigin {
    if (!this.#budget.step()) this.#refuseAliases(token);
    return {
      kind: 'collection',
      source: this.#source,
      start: token.index,
      end: token.end,
      style: flow ? 'flow' : 'block',
      column: flow ? this.#blockColumn : token.column,
      tag: properties?.tag,
      anchor: properties?.anchorSpan,
      bare,
      dash: this.#dash,
    };
  }

  #open(frame: Frame, comments: NodeComments): void {
    const parent = this.#top;
    if (parent?.isMap === false) {
      frame.head = comments.head;
    } else {
      this.#addComments(frame.node, comments.head, false);
      frame.headCount = frame.node.items.length;
    }
    // Upstream loses these: they stand behind the opening bracket.
    this.#addComments(frame.node, comments.line, false);
    this.#addComments(frame.node, comments.foot, false);
    this.#frames.push(frame);
  }

  #finishFlow(frame: Frame): void {
    const token = this.peek();
    const comments = this.#take();
    this.skip();
    this.#finish(frame, comments, token.end);
  }

  /** Ends a map or list. `comments` are those of its end. */
  #finish(frame: Frame, comments: NodeComments, end: number): void {
    this.#frames.pop();
    const { node, anchor } = frame;
    const parent = this.#top;
    frame.origin.end = end;
    let { line, foot } = comments;
    // Upstream loses these: nothing follows in this map or list.
    this.#addComments(node, comments.head, false);
    if (frame.kind === 'block-map') {
      this.#addComments(node, foot, false);
      foot = NO_LINES;
    }
    if (frame.isMap) {
      this.#keys.close(frame.keys);
      if (frame.merges) this.#budget.steps += frame.entryCount;
    }
    const inList = parent?.isMap === false;
    if (!inList) {
      if (line.length > 0) {
        const own = commentsOf(line);
        insertAt(node, frame.headCount, own);
        this.#budget.comments += own.length;
      }
      line = NO_LINES;
      if (parent === undefined || parent.keyFoot.length > 0) {
        this.#addComments(node, foot, false);
        foot = NO_LINES;
      }
    }
    const outside = inList || foot.length > 0 ? { head: frame.head, line, foot } : NO_COMMENTS;
    if (anchor !== undefined) {
      anchor.node = node;
      anchor.steps = this.#budget.steps - frame.stepsBefore;
      anchor.commentCount = this.#budget.comments - frame.commentsBefore;
      if (inList) {
        anchor.outside = outside;
        anchor.commentCount += outside.head.length + outside.line.length + outside.foot.length;
      }
    }
    if (parent === undefined) {
      this.#root = { node, comments: NO_COMMENTS, tagName: frame.tagName, mark: frame.start };
    } else if (parent.isMap && parent.readsKey) {
      this.#addComplexKey(parent, node, outside, frame.start, frame.origin);
    } else {
      this.#place(parent, node, outside, true, end);
    }
  }

  /** Where the content of a block ends: behind its last value. */
  #contentEnd(frame: Frame): number {
    return Math.max(frame.origin.end, frame.origin.start);
  }

  // What a frame gets

  #addKey(
    frame: MapFrame,
    text: string,
    value: Value,
    comments: NodeComments,
    mark: Mark,
    span: { start: number; end: number; anchor?: PropertyOrigin | undefined },
    isMerge: boolean,
  ): void {
    this.#startKey(frame, comments, mark, span);
    const entry = frame.entry;
    frame.key = typeof value === 'string' ? value : value instanceof Uint8Array ? decodeText(value) : text;
    frame.keyType = keyTypeOf(value);
    if (entry !== undefined) entry.key = frame.key;
    frame.isMerge = isMerge;
    frame.merges ||= isMerge;
    if (frame.assumed) return;
    const first = this.#keys.add(frame.keys, text, mark.index);
    if (first !== undefined) this.#problems.duplicate(text, first, mark.index);
  }

  /** A map or list as key: upstream refuses it, in two ways. */
  #addComplexKey(
    frame: MapFrame,
    node: Node,
    comments: NodeComments,
    mark: Mark,
    span: { start: number; end: number },
  ): void {
    this.#startKey(frame, comments, mark, span);
    frame.key = '';
    frame.keyType = undefined;
    frame.isMerge = false;
    if (this.#frames.length > 1) this.#problems.fatal('invalid map key', mark.index, true);
    else this.#problems.add(`cannot unmarshal ${node.kind === 'map' ? '!!map' : '!!seq'} into string`, mark.index);
  }

  #startKey(
    frame: MapFrame,
    comments: NodeComments,
    mark: Mark,
    span: { start: number; end: number; anchor?: PropertyOrigin | undefined },
  ): void {
    if (frame.kind === 'block-map' && frame.entryCount > 0) {
      this.#addComments(frame.node, comments.foot, false);
      frame.keyFoot = NO_LINES;
    } else {
      frame.keyFoot = comments.foot;
    }
    this.#addComments(frame.node, comments.head, false);
    this.#addComments(frame.node, comments.line, false);
    if (frame.expects === 'no-value') {
      this.#startBareEntry(frame, mark);
    } else {
      frame.expects = 'value';
    }
    if (frame.entry === undefined) return;
    frame.entry.keyStart = span.start;
    frame.entry.keyEnd = span.end;
    frame.entry.end = Math.max(frame.entry.end, span.end);
    frame.entry.keyAnchor = span.anchor;
  }

  /** An entry of a flow map that is a key alone. */
  #startBareEntry(frame: MapFrame, mark: Mark): void {
    frame.assumed = false;
    frame.entry = {
      kind: 'entry',
      source: this.#source,
      start: mark.index,
      end: mark.index,
      keyStart: mark.index,
      keyEnd: mark.index,
      colon: -1,
      explicit: false,
      keyAnchor: undefined,
      key: '',
    };
  }

  /** Puts a value into the map, or an element into the list, with the comments around it. */
  #place(frame: Frame, node: Node, comments: NodeComments, isCollection: boolean, end: number): void {
    if (!frame.isMap) {
      this.#addComments(frame.node, comments.head, false);
      this.#addComments(frame.node, comments.line, true);
      frame.node.items.push(node);
      this.#addComments(frame.node, comments.foot, false);
      frame.origin.end = Math.max(frame.origin.end, end);
      return;
    }
    if (!isCollection) {
      this.#addComments(frame.node, comments.head, false);
      this.#addComments(frame.node, comments.line, true);
    }
    if (!frame.assumed) this.#addEntry(frame, node, end);
    this.#addComments(frame.node, comments.foot, false);
    this.#addComments(frame.node, frame.keyFoot, false);
    frame.keyFoot = NO_LINES;
    frame.expects = frame.kind === 'pair' ? 'end' : 'key';
  }

  #addEntry(frame: MapFrame, node: Node, end: number): void {
    const origin = frame.entry;
    if (origin !== undefined) {
      origin.end = Math.max(origin.end, end);
      frame.origin.end = Math.max(frame.origin.end, origin.end);
    }
    if (frame.isMerge && !isMergeable(node)) {
      this.#problems.fatal('map merge requires map or sequence of maps as the value', origin?.start ?? end);
    }
    const entry: Entry = { kind: 'entry', key: frame.key, keyType: frame.keyType, value: node, origin };
    frame.node.items.push(entry);
    frame.entryCount++;
  }

  #addComments(node: MapNode | ListNode, lines: readonly CommentLine[], inline: boolean): void {
    for (const line of lines) {
      if (line === undefined) continue;
      line.inline = inline;
      node.items.push(line);
      this.#budget.comments++;
    }
  }

  get #blockColumn(): number {
    return this.#top?.blockColumn ?? -1;
  }

  get #dash(): number {
    const frame = this.#top;
    return frame?.isMap === false ? frame.dash : -1;
  }
}

function isNone(token: Token, ...types: TokenType[]): boolean {
  return !types.includes(token.type);
}

function insertAt(node: MapNode | ListNode, at: number, comments: readonly Comment[]): void {
  if (node.kind === 'map') node.items = [...node.items.slice(0, at), ...comments, ...node.items.slice(at)];
  else node.items = [...node.items.slice(0, at), ...comments, ...node.items.slice(at)];
}

/** Whether `<<` may hold it: a map or an alias of one, or a list of those. */
function isMergeable(node: Node): boolean {
  if (node.kind !== 'list') return node.kind === 'map';
  if ((node.origin as { kind?: string } | undefined)?.kind === 'alias') return false;
  return node.items.every((item) => item.kind === 'map' || item.kind === 'comment');
}
