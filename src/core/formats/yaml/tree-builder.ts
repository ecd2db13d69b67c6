/**
 * Puts scalars, maps, lists and comments together to a tree, in the order of upstream's YAML store (`stores/yaml/store.go`,
 * `appendYamlNodeToTreeBranch`) and with the comments where go.yaml.in/yaml/v3 3.0.4 attaches them (`decode.go`, `parser`).
 */
import type { Entry, ListNode, MapNode, Node, Value } from '../../tree/node.ts';
import { decodeText } from '../../tree/utf8.ts';
import type { Anchor } from './alias.ts';
import { AliasBudget, expandAnchor } from './alias.ts';
import type { NodeComments } from './comment-queue.ts';
import { NO_COMMENTS, NO_LINES } from './comment-queue.ts';
import type { CommentLine } from './comment-run.ts';
import { constructScalar, describeMismatch } from './construct.ts';
import type { Mark } from './cursor.ts';
import { DocumentProblems } from './document-problems.ts';
import type { Frame, ListFrame, MapFrame, Properties } from './frame.ts';
import { createListFrame, createMapFrame } from './frame.ts';
import { KeyRegister } from './key-register.ts';
import { keyTypeOf } from './key-type.ts';
import type { AliasOrigin, CollectionOrigin, LeafOrigin, PropertyOrigin, YamlSource } from './origin.ts';
import { commentsOf, insertComments } from './place-comments.ts';
import { spellingOf } from './spelling.ts';
import type { Token } from './token.ts';

/** A root as it was read, before it is known to be a map. */
export interface Root {
  node: Node;
  /** What the node took, where it is no map or list. */
  comments: NodeComments;
  tagName: string;
  mark: Mark;
}

/** The scalar or `*name` of a key. */
interface KeySpan {
  start: number;
  end: number;
  anchor?: PropertyOrigin | undefined;
}

export class TreeBuilder {
  readonly #source: YamlSource;
  readonly #frames: Frame[] = [];
  readonly #keys = new KeyRegister();
  #budget = new AliasBudget();
  #problems: DocumentProblems;
  #root: Root | undefined;

  constructor(source: YamlSource) {
    this.#source = source;
    this.#problems = new DocumentProblems(source.text, '');
  }

  /** Begins a document; what is wrong with it goes to `problems`. */
  begin(problems: DocumentProblems): void {
    this.#budget = new AliasBudget();
    this.#problems = problems;
    this.#root = undefined;
  }

  /** The root, once there is no open map or list any more. */
  end(): Root {
    if (this.#root === undefined) throw new Error('a document ended without a root');
    return this.#root;
  }

  /** The innermost open map or list. */
  get top(): Frame | undefined {
    return this.#frames[this.#frames.length - 1];
  }

  leafOrigin(
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
      flow: this.top?.flow ?? false,
      indent,
      tag: properties?.tag,
      anchor: properties?.anchorSpan,
      value: null,
      dash: this.#dash,
    };
  }

  addScalar(
    text: string,
    plain: boolean,
    properties: Properties | undefined,
    comments: NodeComments,
    mark: Mark,
    origin: LeafOrigin,
  ): void {
    const tagName = properties?.tagName ?? '';
    const frame = this.top;
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

  /** Adds what an alias stands for, a copy of the node at its anchor. */
  addAlias(anchor: Anchor, token: Token, comments: NodeComments): void {
    if (!this.#budget.step()) this.#refuseAliases(token);
    const frame = this.top;
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

  openList(kind: ListFrame['kind'], token: Token, properties: Properties | undefined, comments: NodeComments): void {
    const { steps, comments: commentsBefore } = this.#budget;
    const origin = this.#collectionOrigin(kind === 'flow-list', false, token, properties);
    this.#open(createListFrame(kind, token, properties, origin, { steps, comments: commentsBefore }), comments);
  }

  openMap(kind: MapFrame['kind'], token: Token, properties: Properties | undefined, comments: NodeComments): MapFrame {
    const { steps, comments: commentsBefore } = this.#budget;
    const origin = this.#collectionOrigin(kind !== 'block-map', kind === 'pair', token, properties);
    const before = { steps, comments: commentsBefore };
    const frame = createMapFrame(kind, token, properties, origin, before, this.#keys.open());
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
      column: flow ? this.blockColumn : token.column,
      tag: properties?.tag,
      anchor: properties?.anchorSpan,
      bare,
      dash: this.#dash,
    };
  }

  #open(frame: Frame, comments: NodeComments): void {
    const parent = this.top;
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

  /** Ends a map or list. `comments` are those of its end. */
  finish(frame: Frame, comments: NodeComments, end: number): void {
    this.#frames.pop();
    const { node, anchor } = frame;
    const parent = this.top;
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
        insertComments(node, frame.headCount, own);
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

  #addKey(
    frame: MapFrame,
    text: string,
    value: Value,
    comments: NodeComments,
    mark: Mark,
    span: KeySpan,
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
  #addComplexKey(frame: MapFrame, node: Node, comments: NodeComments, mark: Mark, span: KeySpan): void {
    this.#startKey(frame, comments, mark, span);
    frame.key = '';
    frame.keyType = undefined;
    frame.isMerge = false;
    if (this.#frames.length > 1) this.#problems.fatal('invalid map key', mark.index, true);
    else this.#problems.add(`cannot unmarshal ${node.kind === 'map' ? '!!map' : '!!seq'} into string`, mark.index);
  }

  #startKey(frame: MapFrame, comments: NodeComments, mark: Mark, span: KeySpan): void {
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
      this.#problems.mergeOfNoMap(origin?.start ?? end);
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

  get blockColumn(): number {
    return this.top?.blockColumn ?? -1;
  }

  get #dash(): number {
    const frame = this.top;
    return frame?.isMap === false ? frame.dash : -1;
  }

  startEntry(frame: MapFrame, token: Token): void {
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

  startValue(frame: MapFrame, token: Token): void {
    if (frame.entry === undefined) return;
    frame.entry.colon = token.index;
    frame.entry.end = token.end;
  }
}

/** Whether `<<` may hold it: a map or an alias of one, or a list of those. */
function isMergeable(node: Node): boolean {
  if (node.kind !== 'list') return node.kind === 'map';
  if ((node.origin as { kind?: string } | undefined)?.kind === 'alias') return false;
  return node.items.every((item) => item.kind === 'map' || item.kind === 'comment');
}
