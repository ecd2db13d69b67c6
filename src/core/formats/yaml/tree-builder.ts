/**
 * Puts scalars, maps and lists together to a tree, with the comments where go.yaml.in/yaml/v3 3.0.4 attaches them
 * (`decode.go`, `parser`), and finds what its decoder refuses.
 */
import type { Leaf, Node, Value } from '../../tree/node.ts';
import { decodeText } from '../../tree/utf8.ts';
import type { Anchor } from './alias.ts';
import { AliasBudget, expandAnchor } from './alias.ts';
import { CommentPlacer } from './comment-placer.ts';
import type { NodeComments } from './comment-queue.ts';
import { constructScalar, describeMismatch } from './construct.ts';
import type { Scalar } from './create-origin.ts';
import { createAliasOrigin, createCollectionOrigin, createLeafOrigin } from './create-origin.ts';
import type { Mark } from './cursor.ts';
import type { DocumentProblems } from './document-problems.ts';
import type { Frame, ListFrame, MapFrame, Properties } from './frame.ts';
import { createListFrame, createMapFrame } from './frame.ts';
import { KeyRegister } from './key-register.ts';
import { keyTypeOf } from './key-type.ts';
import type { KeyPlace } from './map-entry.ts';
import { endEntry, isMergeable, startKey } from './map-entry.ts';
import type { YamlSource } from './origin.ts';
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

/** Builds the tree of one document. */
export class TreeBuilder {
  readonly #source: YamlSource;
  readonly #problems: DocumentProblems;
  readonly #frames: Frame[] = [];
  readonly #keys = new KeyRegister();
  readonly #budget = new AliasBudget();
  readonly #comments = new CommentPlacer(this.#budget);
  #root: Root | undefined;

  /** @param problems - gets what is wrong with the document */
  constructor(source: YamlSource, problems: DocumentProblems) {
    this.#source = source;
    this.#problems = problems;
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

  /** Column of the innermost open block, -1 if there is none. */
  get blockColumn(): number {
    return this.top?.blockColumn ?? -1;
  }

  addScalar(scalar: Scalar, properties: Properties | undefined, comments: NodeComments, mark: Mark): void {
    this.#countStep(mark);
    const { index: start, end, value: text } = scalar;
    const plain = scalar.style === 'plain';
    const tagName = properties?.tagName ?? '';
    let value = constructScalar(tagName, text, plain);
    if (value === undefined) {
      this.#problems.fatal(describeMismatch(tagName, text), start, tagName !== '!!binary');
      value = null;
    }
    const isWord = value === null || typeof value === 'string';
    const spelling = isWord ? undefined : spellingOf(text, value);
    const anchor = properties?.anchor;
    const frame = this.top;
    if (frame?.isMap === true && frame.readsKey) {
      if (anchor !== undefined) completeAnchor(anchor, { kind: 'leaf', value, spelling }, text);
      this.#startKey(frame, comments, { mark, start, end, anchor: properties?.anchorSpan });
      const isMerge = text === '<<' && ((tagName === '' && plain) || tagName === '!!merge');
      this.#nameKey(frame, text, value, mark, isMerge);
      return;
    }
    const origin = createLeafOrigin(this.#source, scalar, value, properties, frame);
    const leaf: Leaf = { kind: 'leaf', value, spelling, ciphertext: undefined, origin };
    if (anchor !== undefined) completeAnchor(anchor, leaf, text);
    this.#add(leaf, comments, tagName, mark, end);
  }

  /** Adds what an alias stands for, a copy of the node at its anchor. */
  addAlias(anchor: Anchor, token: Token, comments: NodeComments): void {
    this.#countStep(token);
    const { index: start, end } = token;
    if (anchor.node === undefined) this.#problems.fatal('anchor value contains itself', start, true);
    else if (!this.#budget.expand(anchor)) this.#refuseAliases(token);
    const target: Node =
      anchor.node === undefined || this.#problems.isFatal ? { kind: 'leaf', value: null } : anchor.node;
    const frame = this.top;
    if (frame?.isMap === true && frame.readsKey) {
      this.#startKey(frame, comments, { mark: token, start, end, anchor: undefined });
      if (target.kind === 'leaf') this.#nameKey(frame, anchor.text, target.value, token, false);
      else this.#refuseKey(frame, target, token);
      return;
    }
    const node = expandAnchor(target, anchor.outside);
    node.origin = createAliasOrigin(this.#source, token, target, frame);
    this.#add(node, comments, '', token, end);
  }

  openList(kind: ListFrame['kind'], token: Token, properties: Properties | undefined, comments: NodeComments): void {
    const origin = createCollectionOrigin(this.#source, kind, token, properties, this.top);
    this.#open(createListFrame(kind, token, properties, origin, this.#budget), comments);
  }

  openMap(kind: MapFrame['kind'], token: Token, properties: Properties | undefined, comments: NodeComments): MapFrame {
    const origin = createCollectionOrigin(this.#source, kind, token, properties, this.top);
    const frame = createMapFrame(kind, token, properties, origin, this.#budget, this.#keys.open());
    this.#open(frame, comments);
    return frame;
  }

  #open(frame: Frame, comments: NodeComments): void {
    this.#countStep(frame.mark);
    this.#comments.open(frame, this.top, comments);
    this.#frames.push(frame);
  }

  /** Ends the innermost map or list. `comments` are those of its end. */
  finish(frame: Frame, comments: NodeComments, end: number): void {
    this.#frames.pop();
    const { node, anchor } = frame;
    const parent = this.top;
    frame.origin.end = end;
    const outside = this.#comments.close(frame, parent, comments);
    if (frame.isMap) {
      this.#keys.close(frame.keys);
      if (frame.merges) this.#budget.steps += frame.entryCount;
    }
    if (anchor !== undefined) {
      anchor.node = node;
      anchor.steps = this.#budget.steps - frame.stepsBefore;
      anchor.commentCount = this.#budget.comments - frame.commentsBefore;
      if (parent?.isMap === false) {
        anchor.outside = outside;
        anchor.commentCount += outside.head.length + outside.line.length + outside.foot.length;
      }
    }
    if (parent?.isMap === true && parent.readsKey) {
      this.#startKey(parent, outside, {
        mark: frame.start,
        start: frame.origin.start,
        end,
        anchor: frame.origin.anchor,
      });
      this.#refuseKey(parent, node, frame.start);
    } else {
      this.#add(node, outside, frame.tagName, frame.start, end);
    }
  }

  #startKey(frame: MapFrame, comments: NodeComments, place: KeyPlace): void {
    this.#comments.addOfKey(frame, comments);
    startKey(frame, place);
  }

  #nameKey(frame: MapFrame, text: string, value: Value, mark: Mark, isMerge: boolean): void {
    frame.key = typeof value === 'string' ? value : value instanceof Uint8Array ? decodeText(value) : text;
    frame.keyType = keyTypeOf(value);
    if (frame.entry !== undefined) frame.entry.key = frame.key;
    frame.isMerge = isMerge;
    frame.merges ||= isMerge;
    if (frame.assumed) return;
    const first = this.#keys.add(frame.keys, text, mark.index);
    if (first !== undefined) this.#problems.duplicate(text, first, mark.index);
  }

  /** A map or list as key: upstream refuses it, in two ways. */
  #refuseKey(frame: MapFrame, key: Node, mark: Mark): void {
    frame.key = '';
    frame.keyType = undefined;
    frame.isMerge = false;
    if (this.#frames.length > 1) this.#problems.fatal('invalid map key', mark.index, true);
    else this.#problems.add(`cannot unmarshal ${key.kind === 'map' ? '!!map' : '!!seq'} into string`, mark.index);
  }

  /** Puts a complete node into the innermost map or list, with the comments around it, or makes it the root. */
  #add(node: Node, comments: NodeComments, tagName: string, mark: Mark, end: number): void {
    const frame = this.top;
    if (frame === undefined) {
      this.#root = { node, comments, tagName, mark };
      return;
    }
    this.#comments.addBefore(frame, comments);
    if (frame.isMap) this.#addValue(frame, node, end);
    else this.#addElement(frame, node, end);
    this.#comments.addBehind(frame, comments);
  }

  #addElement(frame: ListFrame, node: Node, end: number): void {
    frame.node.items.push(node);
    frame.origin.end = Math.max(frame.origin.end, end);
  }

  #addValue(frame: MapFrame, node: Node, end: number): void {
    frame.expects = frame.kind === 'pair' ? 'end' : 'key';
    if (frame.assumed) return;
    if (frame.isMerge && !isMergeable(node)) this.#problems.mergeOfNoMap(frame.entry?.start ?? end);
    endEntry(frame, node, end);
  }

  #countStep(mark: Mark): void {
    if (!this.#budget.step()) this.#refuseAliases(mark);
  }

  #refuseAliases(mark: Mark): void {
    this.#problems.fatal('document contains excessive aliasing', mark.index);
  }
}

function completeAnchor(anchor: Anchor, node: Node, text: string): void {
  anchor.node = node;
  anchor.text = text;
  anchor.steps = 1;
}
