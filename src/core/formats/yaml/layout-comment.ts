/** The text of a comment in the place of another. */
import type { Comment } from '../../tree/node.ts';
import { commentLines } from './canonical.ts';
import type { LayoutContext } from './layout-context.ts';
import { isBlankBetween, lineStart } from './layout-context.ts';

/** One of several lines, which comes from another format, stays in its column; behind a value it has one line for all. */
export function commentAt(comment: Comment, at: number, { source, form, lineBreak }: LayoutContext): string {
  const lines = commentLines(comment, form);
  const start = lineStart(source.text, at);
  const gap = isBlankBetween(source.text, start, at) ? lineBreak + source.text.slice(start, at) : ' ';
  return lines.join(gap);
}
