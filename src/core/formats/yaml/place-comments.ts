import type { Comment, ListNode, MapNode } from '../../tree/node.ts';
import type { CommentLine } from './comment-run.ts';

/** The lines that are comments, without the empty ones. */
export function commentsOf(lines: readonly CommentLine[]): Comment[] {
  return lines.filter((line) => line !== undefined);
}

/** Puts comments before and behind the items of a map or list. */
export function surround(node: MapNode | ListNode, before: readonly Comment[], behind: readonly Comment[]): void {
  if (before.length === 0 && behind.length === 0) return;
  if (node.kind === 'map') node.items = [...before, ...node.items, ...behind];
  else node.items = [...before, ...node.items, ...behind];
}

/** Puts comments in front of the item at an index. */
export function insertComments(node: MapNode | ListNode, at: number, comments: readonly Comment[]): void {
  if (node.kind === 'map') node.items = [...node.items.slice(0, at), ...comments, ...node.items.slice(at)];
  else node.items = [...node.items.slice(0, at), ...comments, ...node.items.slice(at)];
}
