import type { ListNode, MapNode } from '../../tree/node.ts';
import type { AliasBudget } from './alias.ts';
import type { NodeComments } from './comment-queue.ts';
import { NO_COMMENTS, NO_LINES } from './comment-queue.ts';
import type { CommentLine } from './comment-run.ts';
import type { Frame, MapFrame } from './frame.ts';
import { commentsOf, insertComments } from './place-comments.ts';

/**
 * Puts comments into maps and lists, between the items and in the order of upstream's YAML store (`stores/yaml/store.go`,
 * `appendYamlNodeToTreeBranch`).
 */
export class CommentPlacer {
  readonly #budget: AliasBudget;

  constructor(budget: AliasBudget) {
    this.#budget = budget;
  }

  /** Places what the start of a map or list took. */
  open(frame: Frame, parent: Frame | undefined, { head, line, foot }: NodeComments): void {
    if (parent?.isMap === false) {
      frame.head = head;
    } else {
      this.#add(frame.node, head, false);
      frame.headCount = frame.node.items.length;
    }
    // Upstream loses these: they stand behind the opening bracket.
    this.#add(frame.node, line, false);
    this.#add(frame.node, foot, false);
  }

  /** Places what the end of a map or list took. Gives what stands around it in its parent. */
  close(frame: Frame, parent: Frame | undefined, comments: NodeComments): NodeComments {
    const { node } = frame;
    let { foot } = comments;
    // Upstream loses these: nothing follows in this map or list.
    this.#add(node, comments.head, false);
    if (frame.kind === 'block-map') {
      this.#add(node, foot, false);
      foot = NO_LINES;
    }
    if (parent?.isMap === false) return { head: frame.head, line: comments.line, foot };
    if (comments.line.length > 0) {
      const own = commentsOf(comments.line);
      insertComments(node, frame.headCount, own);
      this.#budget.comments += own.length;
    }
    if (parent === undefined || parent.keyFoot.length > 0) {
      this.#add(node, foot, false);
      foot = NO_LINES;
    }
    return foot.length === 0 ? NO_COMMENTS : { head: NO_LINES, line: NO_LINES, foot };
  }

  /** Places what a key took. */
  addOfKey(frame: MapFrame, { head, line, foot }: NodeComments): void {
    if (frame.kind === 'block-map' && frame.entryCount > 0) {
      this.#add(frame.node, foot, false);
      frame.keyFoot = NO_LINES;
    } else {
      frame.keyFoot = foot;
    }
    this.#add(frame.node, head, false);
    this.#add(frame.node, line, false);
  }

  /** Places what goes in front of a value or element. */
  addBefore(frame: Frame, { head, line }: NodeComments): void {
    this.#add(frame.node, head, false);
    this.#add(frame.node, line, true);
  }

  /** Places what goes behind a value or element. */
  addBehind(frame: Frame, { foot }: NodeComments): void {
    this.#add(frame.node, foot, false);
    if (!frame.isMap) return;
    this.#add(frame.node, frame.keyFoot, false);
    frame.keyFoot = NO_LINES;
  }

  #add(node: MapNode | ListNode, lines: readonly CommentLine[], inline: boolean): void {
    for (const line of lines) {
      if (line === undefined) continue;
      line.inline = inline;
      node.items.push(line);
      this.#budget.comments++;
    }
  }
}
