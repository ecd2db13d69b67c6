/**
 * Walks the leaves and comments of a document in order, with what authenticates each and whether it is to be encrypted.
 * Upstream: `sops.go`, `walkBranch` and `walkSlice`.
 */
import { located, SopsError } from '../errors.ts';
import type { Comment, Entry, Leaf, ListNode, MapNode, Node } from './node.ts';
import { wireText } from './scalar-text.ts';
import type { Selector } from './selection.ts';

/** Where a visited node stands: `container.items[index]`, or the value of that entry. */
export interface Place {
  container: MapNode | ListNode;
  index: number;
}

/**
 * @param additionalData - the string keys of the path joined by `:`, with a `:` at the end; list positions are no part of it
 * @param selected - whether the node is to be (or has been) encrypted
 */
export type Visitor = (node: Leaf | Comment, additionalData: string, selected: boolean, place: Place) => void;

interface Frame {
  container: MapNode | ListNode;
  index: number;
  additionalData: string;
  /** Whether a key of the path matches. */
  keyMatches: boolean;
  /** Whether a comment in front of an enclosing item matches. */
  outerCommentMatches: boolean;
  /** Whether a comment since the last item of this container matches. */
  commentMatches: boolean;
}

/** A list element that is an encrypted comment: how upstream writes the comments of an encrypted list. */
export function isEncryptedComment(node: Entry | Node | Comment): node is Leaf {
  if (node.kind !== 'leaf' || typeof node.value !== 'string') return false;
  return node.value.startsWith('ENC[AES256_GCM,') && node.value.endsWith(',type:comment]');
}

/**
 * Visits every leaf and comment below `root`. The visitor may replace the visited node in its container.
 *
 * @param options - `sealed`: whether values are still ciphertexts: then an encrypted comment in a list counts as a comment (D33)
 * @throws SopsError `generic` for a key that is not a string; and what `visit` throws, with the place of the node
 */
export function walk(root: MapNode, selector: Selector, options: { sealed: boolean }, visit: Visitor): void {
  const stack: Frame[] = [frameOf(root, '', false, false)];
  try {
    walkFrames(stack, selector, options, visit);
  } catch (error) {
    throw error instanceof SopsError ? located(error, locationOf(stack)) : error;
  }
}

function walkFrames(stack: Frame[], selector: Selector, options: { sealed: boolean }, visit: Visitor): void {
  const byComment = selector.subject === 'comment';
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const { container } = frame;
    if (frame.index === container.items.length) {
      stack.pop();
      const parent = stack.at(-1);
      if (parent) parent.commentMatches = false;
      continue;
    }
    const index = frame.index++;
    const item: Entry | Comment | Node | undefined = container.items[index];
    if (!item) continue;
    if (item.kind === 'comment' || (options.sealed && container.kind === 'list' && isEncryptedComment(item))) {
      const matchedBefore = frame.outerCommentMatches || frame.commentMatches;
      const text = item.kind === 'comment' ? item.text : wireText(item.value);
      if (byComment && selector.matches(text)) frame.commentMatches = true;
      // A comment that asks for encryption is not encrypted by its own word.
      const commentMatches = selector.matchEncrypts ? matchedBefore : frame.outerCommentMatches || frame.commentMatches;
      const matches = byComment ? commentMatches : frame.keyMatches;
      visit(item, aadOf(frame.additionalData), matches === selector.matchEncrypts, { container, index });
      continue;
    }
    let node: Node;
    let { additionalData, keyMatches } = frame;
    if (item.kind === 'entry') {
      if (item.keyType) throw nonStringKey(item.keyType.type);
      node = item.value;
      additionalData = `${additionalData}${item.key}:`;
      if (!byComment && !keyMatches) keyMatches = selector.matches(item.key);
    } else {
      node = item;
    }
    const commentMatches = frame.outerCommentMatches || frame.commentMatches;
    if (node.kind === 'leaf') {
      const matches = byComment ? commentMatches : keyMatches;
      visit(node, aadOf(additionalData), matches === selector.matchEncrypts, {
        container,
        index,
      });
      frame.commentMatches = false;
    } else {
      stack.push(frameOf(node, additionalData, keyMatches, commentMatches));
    }
  }
}

function frameOf(
  container: MapNode | ListNode,
  additionalData: string,
  keyMatches: boolean,
  outerCommentMatches: boolean,
): Frame {
  return { container, index: 0, additionalData, keyMatches, outerCommentMatches, commentMatches: false };
}

/** The root's own comments have no key. */
function aadOf(additionalData: string): string {
  return additionalData === '' ? ':' : additionalData;
}

/** The path of the item that each frame is at; a comment in a map is where the map is. */
function locationOf(stack: readonly Frame[]): (string | number)[] {
  const location: (string | number)[] = [];
  for (const { container, index } of stack) {
    const item = container.items[index - 1];
    if (item?.kind === 'entry') location.push(item.key);
    else if (container.kind === 'list') location.push(positionIn(container, index - 1));
  }
  return location;
}

function positionIn({ items }: ListNode, index: number): number {
  return items.slice(0, index).filter((item) => item.kind !== 'comment').length;
}

/** Upstream's wording without the key itself, which is in the error's location. */
function nonStringKey(type: string): SopsError {
  return new SopsError('generic', `Tree contains a non-string key (type ${type}). Only string keys are supported`);
}
