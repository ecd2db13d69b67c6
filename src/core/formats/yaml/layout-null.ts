/**
 * Documents whose root is null: the metadata take its place, and a local tag on their map, which upstream drops, remembers
 * it: `sops: !null.0.1.~` says that `~` stood on the line where the document begins, one column behind that.
 */
import { isBreak } from './characters.ts';
import { afterBreak, lineEnd } from './layout-context.ts';
import type { CollectionOrigin, DocumentOrigin } from './origin.ts';

const TAG = /^!null\.(\d+)\.(\d+)\.(~?|null|Null|NULL)$/;

/** The tag that remembers the null of a document. Undefined where it cannot: the null has a tag or an anchor. */
export function nullTag(document: DocumentOrigin, root: CollectionOrigin): string | undefined {
  const { text } = root.source;
  const word = text.slice(root.start, root.end);
  if (root.tag ?? root.anchor) return undefined;
  let lines = 0;
  let first = document.contentStart;
  for (let index = first; index < root.start; index++) {
    if (!isBreak(text.charCodeAt(index))) continue;
    first = afterBreak(text, index);
    index = first - 1;
    lines++;
  }
  const tag = `!null.${lines}.${Math.max(root.start - first, 0)}.${word}`;
  return TAG.test(tag) ? tag : undefined;
}

/** Where the null of a document belongs, and its word. */
export function rememberedNull(
  document: DocumentOrigin,
  text: string,
  tag: string,
): { at: number; word: string } | undefined {
  const [, lines, column, word] = TAG.exec(tag) ?? [];
  if (word === undefined) return undefined;
  let at = document.contentStart;
  for (let line = Number(lines); line > 0 && at < text.length; line--) at = afterBreak(text, lineEnd(text, at));
  return { at: Math.min(at + Number(column), text.length), word };
}
