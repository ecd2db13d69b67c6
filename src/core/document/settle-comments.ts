/**
 * Where a comment belongs is decided by the text around it, so changing a tree can move a comment to another container. Its
 * ciphertext is made for the container that a reader of the written text finds; and whether it is encrypted, and what it says
 * about the values behind it, has to be what that reader expects.
 */
import type { LeafCipher } from '../cipher/leaf-cipher.ts';
import { createLeafCipher } from '../cipher/leaf-cipher.ts';
import { SopsError } from '../errors.ts';
import type { CommentAttempt, Format, Source } from '../formats/format.ts';
import { removeMetadata } from '../metadata/carrier.ts';
import type { Comment, Tree } from '../tree/node.ts';
import type { Selector } from '../tree/selection.ts';
import { createSelector, EVERYTHING } from '../tree/selection.ts';
import { encodeText } from '../tree/utf8.ts';
import { isEncryptedComment, walk } from '../tree/walk.ts';
import type { Environment, OpenFile } from './file.ts';

/**
 * The encrypted text of a sealed file, each comment sealed for the container that a reader of the text finds. Where such a reader
 * would take values for encrypted that are clear, or the other way round, the layout gives way.
 *
 * @throws SopsError `dump`
 */
export async function emitSettled(
  file: OpenFile,
  format: Format,
  environment: Environment,
  emit: (attempt: CommentAttempt) => Source,
): Promise<Source> {
  const wanted = emit({});
  const comments = commentsOf(file.tree, EVERYTHING, false).map(({ comment }) => comment);
  if (comments.length === 0) return wanted;
  const selector = await createSelector(file.metadata.selection);
  const settler = new CommentSettler(file.tree, comments, selector, createLeafCipher(environment.crypto, file.dataKey));
  if (!format.commentAttempts) {
    // Comments do not depend on what is around them, but there may be no place for one.
    if (selector.subject === 'comment' && !settler.selectsTheSame(readBack(wanted, format))) throw lostComment();
    return wanted;
  }
  let stray: Source | undefined;
  for (const [index, attempt] of format.commentAttempts.entries()) {
    // A comment that stays encrypted where clear ones are expected harms nothing else: no reason to write all anew.
    if (stray !== undefined && attempt.indent !== undefined) return stray;
    let text = index === 0 ? wanted : emit(attempt);
    let reading = settler.settle(readBack(text, format));
    if (reading.isChanged) {
      text = emit(attempt);
      reading = settler.settle(readBack(text, format));
    }
    if (reading.isRight && !reading.isChanged && !reading.hasStray) return text;
    if (reading.isRight) stray ??= text;
  }
  if (stray !== undefined) return stray;
  throw lostComment();
}

function lostComment(): SopsError {
  return new SopsError('dump', 'a comment would decide about other values than it does');
}

function readBack(text: Source, format: Format): Tree {
  const tree = format.parse(text, 'encrypted');
  removeMetadata(tree, format.metadataLayout);
  return tree;
}

interface Reading {
  /** Whether comments were sealed or opened, so that the text has to be written again. */
  isChanged: boolean;
  /** Whether an encrypted comment stands where a reader leaves comments alone. */
  hasStray: boolean;
  /** Whether comments select the values that they do in the tree. */
  isRight: boolean;
}

class CommentSettler {
  readonly #tree: Tree;
  readonly #selector: Selector;
  readonly #cipher: LeafCipher;
  /** The comments that are clear in the tree. */
  readonly #clear: ReadonlySet<Comment>;
  /** What comments were sealed for, where the tree says another path or that they are clear. */
  readonly #sealed = new Map<Comment, string>();

  /** @param comments - those of the tree */
  constructor(tree: Tree, comments: readonly Comment[], selector: Selector, cipher: LeafCipher) {
    this.#tree = tree;
    this.#selector = selector;
    this.#cipher = cipher;
    this.#clear = new Set(comments.filter(({ ciphertext }) => ciphertext === undefined));
  }

  settle(read: Tree): Reading {
    const byCiphertext = new Map<string, { comment: Comment; path: string }>();
    const byText = new Map<string, Comment[]>();
    for (const { comment, path } of commentsOf(this.#tree, EVERYTHING, false)) {
      const alike = byText.get(comment.text);
      if (comment.ciphertext !== undefined) byCiphertext.set(comment.ciphertext, { comment, path });
      else if (alike) alike.push(comment);
      else byText.set(comment.text, [comment]);
    }
    // An array gives up its last element at once, its first one slowly where there are many.
    for (const alike of byText.values()) alike.reverse();
    const reading: Reading = { isChanged: false, hasStray: false, isRight: this.selectsTheSame(read) };
    for (const { comment: written, path, selected } of commentsOf(read, this.#selector, true)) {
      const match = byCiphertext.get(written.text);
      const comment = match?.comment ?? byText.get(written.text)?.pop();
      if (!comment || written.text === '') continue;
      const sealedFor = match && (this.#sealed.get(comment) ?? match.path);
      if (!selected && sealedFor !== undefined) {
        reading.hasStray ||= !this.#clear.has(comment);
        reading.isChanged ||= this.#clear.has(comment);
        if (this.#clear.has(comment)) comment.ciphertext = undefined;
      } else if (selected && sealedFor !== path) {
        this.#sealed.set(comment, path);
        comment.ciphertext = this.#cipher.seal(encodeText(comment.text), 'comment', path);
        reading.isChanged = true;
      }
    }
    return reading;
  }

  /** Whether the comments that a reader finds select the values that those of the tree do. */
  selectsTheSame(read: Tree): boolean {
    if (this.#selector.subject !== 'comment') return true;
    const meant = selections(this.#tree, this.#selector, false);
    const found = selections(read, this.#selector, true);
    return meant.length === found.length && meant.every((selected, index) => selected === found[index]);
  }
}

interface FoundComment {
  comment: Comment;
  path: string;
  selected: boolean;
}

function commentsOf(tree: Tree, selector: Selector, sealed: boolean): FoundComment[] {
  const found: FoundComment[] = [];
  for (const document of tree.documents) {
    walk(document, selector, { sealed }, (node, path, selected) => {
      if (node.kind === 'comment') found.push({ comment: node, path, selected });
    });
  }
  return found;
}

/** Which leaves are selected, in order. */
function selections(tree: Tree, selector: Selector, sealed: boolean): boolean[] {
  const found: boolean[] = [];
  for (const document of tree.documents) {
    walk(document, selector, { sealed }, (node, _path, selected, { container }) => {
      if (node.kind === 'leaf' && !(sealed && container.kind === 'list' && isEncryptedComment(node)))
        found.push(selected);
    });
  }
  return found;
}
