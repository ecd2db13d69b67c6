/** Anchors, and what an alias expands to. */
import type { Comment, Entry, ListNode, MapNode, Node } from '../../tree/node.ts';
import type { NodeComments } from './comment-queue.ts';
import { NO_COMMENTS } from './comment-queue.ts';
import type { CommentLine } from './comment-run.ts';
import { commentsOf, surround } from './place-comments.ts';

export interface Anchor {
  /** Undefined as long as the node is not complete. */
  node: Node | undefined;
  /** The text of a scalar, by which a repeated key is found. */
  text: string;
  /** Number of decoding steps that the node takes, those of its expanded aliases included. */
  steps: number;
  commentCount: number;
  /** Comments of a map or list that stand outside of it, in the list around; an alias shows them inside. */
  outside: NodeComments;
}

export function createAnchor(): Anchor {
  return { node: undefined, text: '', steps: 0, commentCount: 0, outside: NO_COMMENTS };
}

/** Comments that aliases may repeat in one document. */
const MOST_COMMENTS = 400_000;

/**
 * Counts decoding steps as go.yaml.in/yaml/v3 does, to refuse documents that are mostly made by aliases (`decode.go`,
 * `allowedAliasRatio`).
 */
export class AliasBudget {
  steps = 1;
  comments = 0;
  #aliasSteps = 0;
  #aliasComments = 0;

  /** Counts one node. Gives false where too much comes from aliases. */
  step(): boolean {
    this.steps++;
    return this.#aliasSteps <= 100 || this.#isAllowed();
  }

  /** Counts what an alias repeats. Gives false where that is too much; then it must not be expanded. */
  expand(anchor: Anchor): boolean {
    this.steps += anchor.steps;
    this.#aliasSteps += anchor.steps;
    this.comments += anchor.commentCount;
    this.#aliasComments += anchor.commentCount;
    return this.#isAllowed();
  }

  #isAllowed(): boolean {
    if (this.#aliasComments > MOST_COMMENTS) return false;
    if (this.#aliasSteps <= 100 || this.steps <= 1000) return true;
    const beyond = Math.min(Math.max((this.steps - 400_000) / 3_600_000, 0), 1);
    return this.#aliasSteps / this.steps <= 0.99 - 0.89 * beyond;
  }
}

/** A copy of an anchor's node, without origins. */
export function expandAnchor(node: Node, outside: NodeComments): Node {
  const copy = shallowCopy(node);
  const open: Node[] = [copy];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if (top.kind === 'leaf') continue;
    const items: (Entry | Comment | Node)[] = top.items;
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as Entry | Comment | Node;
      if (item.kind === 'comment') {
        items[i] = copyComment(item, item.inline);
        continue;
      }
      const child = shallowCopy(item.kind === 'entry' ? item.value : item);
      items[i] = item.kind === 'entry' ? { kind: 'entry', key: item.key, keyType: item.keyType, value: child } : child;
      open.push(child);
    }
  }
  if (copy.kind !== 'leaf') {
    const inside = (lines: readonly CommentLine[]): Comment[] =>
      commentsOf(lines).map((comment) => copyComment(comment, false));
    surround(copy, [...inside(outside.head), ...inside(outside.line)], inside(outside.foot));
  }
  return copy;
}

function shallowCopy(node: Node): Node {
  switch (node.kind) {
    case 'leaf':
      return { kind: 'leaf', value: node.value, spelling: node.spelling };
    case 'map':
      return { kind: 'map', items: [...node.items] } satisfies MapNode;
    case 'list':
      return { kind: 'list', items: [...node.items] } satisfies ListNode;
  }
}

function copyComment({ text }: Comment, inline: boolean): Comment {
  return { kind: 'comment', text, inline };
}
