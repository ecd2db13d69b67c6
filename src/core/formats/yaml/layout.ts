/**
 * Writes a tree that came from a YAML text by copying that text and changing what changed: scalars and ciphertexts, comments,
 * items that are gone or new. A node without an origin is written in the canonical style at its place.
 */
import type { Comment, Entry, ListNode, MapNode, Node, Tree } from '../../tree/node.ts';
import type { Form } from '../format.ts';
import { keyScalar } from './canonical.ts';
import { lineBreakOf } from './characters.ts';
import type { Edit } from './edits.ts';
import { applyEdits } from './edits.ts';
import { Anchors, aliasName, aliasTag, canCarryTag, hasCiphertext, isSameAs } from './layout-alias.ts';
import type { Bounds } from './layout-block.ts';
import { cutBlockItems, emptyBlock, hasItems, insertBlockItems, originalItems, refillBlock } from './layout-block.ts';
import { says } from './layout-check.ts';
import { commentAt } from './layout-comment.ts';
import type { LayoutContext } from './layout-context.ts';
import { lineEnd } from './layout-context.ts';
import { cutFlowItems, insertFlowItems, replaceFlowValue } from './layout-flow.ts';
import type { Gap } from './layout-match.ts';
import { findDifferences, takePairs } from './layout-match.ts';
import { insertMetadata, restoreNull } from './layout-root.ts';
import { scalarEdits } from './layout-scalar.ts';
import type { ValuePlace } from './layout-value.ts';
import { replaceBlockValue } from './layout-value.ts';
import type {
  AliasOrigin,
  CollectionOrigin,
  CommentOrigin,
  EntryOrigin,
  LeafOrigin,
  NodeOrigin,
  Span,
  YamlSource,
} from './origin.ts';
import type { Item, RememberedEntry } from './source-items.ts';
import { isMetadata, originOf } from './source-items.ts';

export interface LayoutOptions {
  form: Form;
  step: number;
  keepsComments: boolean;
}

/** Undefined where the tree's documents are not those of the text, or the text cannot be changed to say what the tree does. */
export function emitLayout(tree: Tree, source: YamlSource, options: LayoutOptions): string | undefined {
  if (tree.documents.length !== source.documents.length) return undefined;
  const roots: CollectionOrigin[] = [];
  for (const document of tree.documents) {
    const origin = originOf(document);
    if (origin?.kind !== 'collection' || origin.source !== source) return undefined;
    roots.push(origin);
  }
  if (roots.some((origin, index) => index > 0 && origin.start < (roots[index - 1]?.start ?? 0))) return undefined;
  return new LayoutEmitter(source, options).emit(tree.documents);
}

interface Frame {
  node: MapNode | ListNode;
  origin: CollectionOrigin;
  index: number;
  /** The items that the text does not hold. */
  fresh: ReadonlySet<Item> | undefined;
}

class LayoutEmitter {
  readonly #context: LayoutContext;
  readonly #anchors = new Anchors();
  readonly #frames: Frame[] = [];

  constructor(source: YamlSource, { form, step, keepsComments }: LayoutOptions) {
    const { text } = source;
    this.#context = {
      source,
      form,
      step,
      keepsComments,
      lineBreak: lineBreakOf(text),
      edits: [],
      textEnd: text.length,
      hasTail: false,
      isRebuilt: false,
    };
  }

  emit(documents: readonly MapNode[]): string | undefined {
    const { source, edits } = this.#context;
    for (const [index, document] of documents.entries()) {
      this.#open(document, originOf(document) as CollectionOrigin, -1, index);
      this.#walk();
    }
    const text = applyEdits(source.text, edits);
    const tree: Tree = { documents: [...documents] };
    return this.#context.isRebuilt && !says(text, tree, this.#context.form) ? undefined : text;
  }

  #walk(): void {
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
      const item: Item | undefined = frame.node.items[frame.index++];
      if (!item) this.#frames.pop();
      else if (!frame.fresh?.has(item)) this.#keep(item, frame);
    }
  }

  /** An item whose place in the text stays. */
  #keep(item: Item, frame: Frame): void {
    if (item.kind === 'comment') {
      this.#comment(item);
    } else if (item.kind === 'entry') {
      this.#entry(item, frame);
    } else {
      const origin = originOf(item);
      if (origin) this.#value(item, origin, frame, undefined);
    }
  }

  #comment(comment: Comment): void {
    const origin = comment.origin as CommentOrigin | LeafOrigin;
    const { source, form, edits } = this.#context;
    const text = (form === 'encrypted' ? comment.ciphertext : undefined) ?? comment.text;
    if (origin.kind === 'comment') {
      if (text !== source.text.slice(origin.start + 1, origin.end)) {
        edits.push({ start: origin.start, end: origin.end, text: commentAt(comment, origin.start, this.#context) });
      }
      return;
    }
    // Upstream writes the comments of an encrypted list as elements.
    if (form === 'encrypted' && text === origin.value) return;
    const start = origin.dash < 0 ? origin.start : origin.dash;
    edits.push({ start, end: origin.end, text: commentAt(comment, start, this.#context) });
  }

  #entry(entry: Entry, frame: Frame): void {
    const origin = entry.origin as RememberedEntry;
    this.#key(entry, origin);
    const value = originOf(entry.value);
    if (value && value.source === this.#context.source && value.start >= origin.start && value.start <= origin.end) {
      this.#value(entry.value, value, frame, origin);
    } else {
      this.#replace(entry.value, origin.value, frame, origin);
    }
  }

  /** An alias as a key has to be expanded where its anchor now stands at a ciphertext. */
  #key(entry: Entry, origin: EntryOrigin): void {
    const { source, form, edits } = this.#context;
    if (source.text[origin.keyStart] === '*') {
      const name = source.text.slice(origin.keyStart + 1, origin.keyEnd);
      const target = this.#anchors.named(name);
      const isSealed = form === 'encrypted' && target?.kind === 'leaf' && target.ciphertext !== undefined;
      // One that is no string is never encrypted, nor is what it stands for.
      const isKept =
        entry.keyType !== undefined || (!isSealed && target?.kind === 'leaf' && target.value === entry.key);
      if (!isKept)
        edits.push({
          start: origin.keyStart,
          end: origin.keyEnd,
          text: this.#expandedKey(entry, isSealed ? name : ''),
        });
    } else if (form === 'plain' && origin.keyStart > origin.start) {
      const tag = /!alias\.[\w-]+/.exec(source.text.slice(origin.start, origin.keyStart))?.[0];
      const name = aliasName(tag);
      const target = name === undefined ? undefined : this.#anchors.named(name);
      if (target?.kind === 'leaf' && target.value === entry.key) {
        const start = source.text.indexOf(tag ?? '', origin.start);
        edits.push({ start, end: origin.keyEnd, text: `*${name}` });
      }
    }
    this.#anchors.addKey(entry, origin);
  }

  #expandedKey(entry: Entry, name: string): string {
    const { tag, text } = keyScalar(entry, true);
    return [name === '' ? tag : aliasTag(name), text].filter((part) => part !== '').join(' ');
  }

  /** A node that stands in the text, its value perhaps another one. */
  #value(node: Node, origin: NodeOrigin, frame: Frame, entry: EntryOrigin | undefined): void {
    if (origin.kind === 'alias') {
      this.#alias(node, origin, frame, entry);
      return;
    }
    if (this.#isAliasAgain(node, origin, entry)) return;
    this.#anchors.addNode(node);
    if (node.kind === 'leaf' && origin.kind === 'leaf') {
      this.#context.edits.push(...scalarEdits(this.#context, node, origin, frame.node.kind === 'list', entry));
    } else if (node.kind !== 'leaf' && origin.kind === 'collection' && this.#isOpenable(node, origin)) {
      this.#open(node, origin, this.#introOf(origin, entry), -1);
    } else {
      this.#replace(node, origin, frame, entry);
    }
  }

  /** A pair without braces in a list has no room for changes. */
  #isOpenable(node: MapNode | ListNode, origin: CollectionOrigin): boolean {
    return !origin.bare || findDifferences(originalItems(origin), node.items) === undefined;
  }

  #alias(node: Node, origin: AliasOrigin, frame: Frame, entry: EntryOrigin | undefined): void {
    const target = this.#anchors.targetOf(origin);
    const isSame = isSameAs(node, target);
    const isEncrypted = this.#context.form === 'encrypted';
    const isSealed = isEncrypted && (hasCiphertext(node) || (target !== undefined && hasCiphertext(target)));
    if (isSame && !isSealed) return;
    const tag = isEncrypted && isSame && canCarryTag(node) ? aliasTag(origin.name) : '';
    this.#replace(node, origin, frame, entry, tag);
  }

  /** Writes `*name` for an expansion that still says what its anchor does. */
  #isAliasAgain(node: Node, origin: LeafOrigin | CollectionOrigin, entry: EntryOrigin | undefined): boolean {
    const { source, form, edits } = this.#context;
    const name = form === 'plain' ? aliasName(origin.tag?.text) : undefined;
    if (name === undefined || !origin.tag || origin.anchor) return false;
    if (!isSameAs(node, this.#anchors.named(name))) {
      edits.push(withoutTag(source.text, origin.tag, origin.start));
      return false;
    }
    const { start, end, tag } = origin;
    const last = lineEnd(source.text, tag.end);
    const intro = entry ? entry.colon + 1 : origin.dash + 1;
    const introEnd = lineEnd(source.text, intro);
    if (intro > 0 && introEnd < tag.start) {
      // Between the two stands a comment, with the blank behind the `*name` in front of it.
      edits.push({ start: intro + 1, end: intro + 1, text: `*${name}` }, { start: introEnd, end, text: '' });
    } else if (start <= last) {
      edits.push({ start: tag.start, end, text: `*${name}` });
    } else {
      edits.push({ start: tag.start, end: tag.end, text: `*${name}` }, { start: last, end, text: '' });
    }
    this.#commentsBelow(node);
    return true;
  }

  /** Comments around an expansion may have become its own. */
  #commentsBelow(node: Node): void {
    const open: Node[] = [node];
    for (let top = open.pop(); top; top = open.pop()) {
      if (top.kind === 'leaf') continue;
      for (const item of top.items) {
        if (item.kind !== 'comment') open.push(item.kind === 'entry' ? item.value : item);
        else if (item.origin) this.#comment(item);
      }
    }
  }

  #replace(node: Node, old: NodeOrigin | undefined, frame: Frame, entry: EntryOrigin | undefined, tag = ''): void {
    if (!old) return;
    this.#context.isRebuilt = true;
    const intro = entry ? (entry.colon < 0 ? -1 : entry.colon + 1) : old.dash + (old.dash < 0 ? 0 : 1);
    if (frame.origin.style === 'flow') {
      replaceFlowValue(this.#context, node, old, entry && entry.colon < 0 ? -1 : intro, tag);
      return;
    }
    const { kind } = frame.node;
    const place: ValuePlace = {
      kind,
      column: frame.origin.column,
      intro,
      keyEnd: entry && entry.colon < 0 ? entry.end : -1,
      depth: this.#frames.length + 1,
    };
    replaceBlockValue(this.#context, node, old, place, tag);
  }

  /** Behind what introduces a collection: its key's colon, its dash, and its tag and anchor. */
  #introOf(origin: CollectionOrigin, entry: EntryOrigin | undefined): number {
    const intro = entry ? entry.colon + 1 : origin.dash + 1;
    return Math.max(intro, origin.tag?.end ?? 0, origin.anchor?.end ?? 0);
  }

  /** Goes into a collection, after what has left it or is new in it. `document` is the number of a root, else -1. */
  #open(node: MapNode | ListNode, origin: CollectionOrigin, intro: number, document: number): void {
    const original = originalItems(origin);
    const found = findDifferences(original, node.items);
    this.#frames.push({ node, origin, index: 0, fresh: found?.fresh });
    if (!found) return;
    const depth = this.#frames.length;
    if (found.gaps.some(isRebuilding)) this.#context.isRebuilt = true;
    const { gaps, pairs } = takePairs(found.gaps);
    for (const { old, item } of pairs) this.#pair(old, item);
    if (origin.style === 'flow') {
      for (const gap of gaps) {
        cutFlowItems(this.#context, gap);
        insertFlowItems(this.#context, origin, gap.inserted, gap, depth);
      }
      return;
    }
    if (document >= 0) insertMetadata(this.#context, document, origin, gaps, depth);
    this.#changeBlock(node, origin, gaps, intro, document);
  }

  #changeBlock(
    node: MapNode | ListNode,
    origin: CollectionOrigin,
    gaps: readonly Gap[],
    intro: number,
    document: number,
  ): void {
    const context = this.#context;
    const depth = this.#frames.length;
    const isEmptied = hasItems(originalItems(origin)) && !hasItems(node.items);
    let needsBrackets = isEmptied && !(document >= 0 && restoreNull(context, document, gaps));
    for (const gap of gaps) {
      const isLosing = hasItems(gap.removed);
      if (isLosing && needsBrackets) {
        needsBrackets = false;
        emptyBlock(context, node, origin, intro, gap);
      } else if (isLosing && !gap.previous && !gap.next && hasItems(gap.inserted)) {
        refillBlock(context, node.kind, origin.column, gap);
      } else {
        cutBlockItems(context, gap);
        insertBlockItems(context, node.kind, origin.column, gap, depth, this.#bounds(origin, document));
      }
    }
  }

  /** Where new items of a root go. */
  #bounds(origin: CollectionOrigin, document: number): Bounds {
    const place = this.#context.source.documents[document];
    if (!place) return {};
    return origin.style === 'null' ? { at: place.insertAt } : { start: place.contentStart, end: place.insertAt };
  }

  /** An item that takes the place of another one: the same key, or the element at the same position. */
  #pair(old: Item, item: Item): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    if (item.kind === 'entry') {
      this.#replace(item.value, (old.origin as RememberedEntry).value, frame, old.origin as EntryOrigin);
    } else if (item.kind !== 'comment') {
      this.#replace(item, old.origin as NodeOrigin, frame, undefined);
    }
  }
}

/** Whether more than the metadata comes or goes. */
function isRebuilding({ removed, inserted }: Gap): boolean {
  return [...removed, ...inserted].some((item) => item.kind !== 'comment' && !isMetadata(item));
}

/** Takes a tag out with a blank: that behind it, or in front of it where nothing follows on the line. */
function withoutTag(text: string, { start, end }: Span, contentStart: number): Edit {
  if (contentStart <= lineEnd(text, end)) return { start, end: text[end] === ' ' ? end + 1 : end, text: '' };
  return { start: text[start - 1] === ' ' ? start - 1 : start, end, text: '' };
}
