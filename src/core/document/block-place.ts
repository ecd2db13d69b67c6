/**
 * Puts the text of a metadata block back into a text that was edited without it, so that the block stays where it was and as
 * it was written. This works on text alone, whatever its format: the caller reads the result and compares.
 */

/** A piece of text and where it goes. */
interface Insertion {
  at: number;
  text: string;
}

/**
 * @param edited - what became of `former`
 * @param former - the text without the block
 * @param complete - the same text with the block
 * @returns `edited` with the block; undefined where its place cannot be told
 */
export function insertBlock(edited: string, former: string, complete: string): string | undefined {
  const insertions = findInsertions(former, complete);
  if (insertions === undefined) return undefined;
  const head = commonHead(former, edited);
  const tail = commonTail(former, edited);
  const pieces: string[] = [];
  let position = 0;
  for (const { at, text } of insertions) {
    const target = movedTo(at, former, edited, head, tail);
    if (target === undefined || target < position) return undefined;
    // A block that began a line has to begin one again, and one at the end of the text has to end its line.
    if (startsLine(former, at) && !startsLine(edited, target)) return undefined;
    if (at === former.length && !text.endsWith('\n')) return undefined;
    pieces.push(edited.slice(position, target), text);
    position = target;
  }
  pieces.push(edited.slice(position));
  return pieces.join('');
}

/** What `complete` has and `former` has not. Undefined when it is not the same text with something added. */
function findInsertions(former: string, complete: string): Insertion[] | undefined {
  const head = commonHead(former, complete);
  if (head + commonTail(former, complete) < former.length) return findAddedLines(former, complete);
  return [{ at: head, text: complete.slice(head, head + complete.length - former.length) }];
}

/** The same line by line, for several blocks in one text. */
function findAddedLines(former: string, complete: string): Insertion[] | undefined {
  const lines = linesOf(former);
  const insertions: Insertion[] = [];
  let index = 0;
  let at = 0;
  let added: string[] = [];
  const finish = (): void => {
    if (added.length > 0) insertions.push({ at, text: added.join('') });
    added = [];
  };
  for (const line of linesOf(complete)) {
    const expected = lines[index];
    if (line !== expected) {
      added.push(line);
      continue;
    }
    finish();
    at += expected.length;
    index++;
  }
  finish();
  return index === lines.length ? insertions : undefined;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Where a position of the former text is in the edited one; undefined inside of what was changed. */
function movedTo(at: number, former: string, edited: string, head: number, tail: number): number | undefined {
  const isBehindChange = at >= former.length - tail;
  if (at <= head && (at === 0 || !isBehindChange)) return at;
  return isBehindChange ? at + edited.length - former.length : undefined;
}

function startsLine(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === '\n';
}

function commonHead(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

function commonTail(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}
