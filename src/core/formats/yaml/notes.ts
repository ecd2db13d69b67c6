/**
 * What a note behind a ciphertext says about the scalar that it stands for: `ENC[…] ~p` that it was plain. (`ciphertext-note.ts`
 * has the rules that all formats share.)
 *
 * It describes a shape and holds nothing of the content: parts joined by `-`, each a letter with numbers joined by `.`.
 *
 * | part | meaning |
 * |---|---|
 * | `p`, `s`, `d` | plain, single- or double-quoted, where the carrier's own quotes do not say it |
 * | `t1` … `t6` | a tag that had to go, since it would change what upstream reads: {@link DROPPED_TAGS} |
 * | `u1.5` | a number with underscores at these places |
 * | `m76` | base64 in lines of 76 |
 * | `w60.72.4`, `12f4`, … | line breaks and escapes of a scalar that is no block: `flow-shape.ts` |
 * | `L2`, `G2`, `w80`, `f12.40`, `b3.2` | a block with its folds and blank lines: `block-shape.ts` |
 *
 * A note that does not fit the value is ignored, so it can never change what a file says.
 */
import { joinNote, splitNote } from '../ciphertext-note.ts';

export interface Note {
  parts: readonly string[];
}

/** Tags that make upstream read something else than the ciphertext, by their number in a note (from 1). */
export const DROPPED_TAGS: readonly string[] = ['!!int', '!!float', '!!bool', '!!timestamp', '!!binary', '!!merge'];

const PREFIX = 'ENC[AES256_GCM,';

/** Whether a value as it was read is a ciphertext. */
export function isCiphertext(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(PREFIX) && value.includes(']');
}

/** The ciphertext without what follows it. */
export function bareCiphertext(text: string): string {
  return splitNote(text).ciphertext;
}

/** The parts of the note behind a ciphertext; undefined if there is none. */
export function noteOf(text: string): Note | undefined {
  // A block ends with a line feed.
  const { note } = splitNote(text.trimEnd());
  return note === '' ? undefined : { parts: note.split('-') };
}

/** Whether a value as it was read is a ciphertext of a block whose header has a `+` that the value does not tell. */
export function becomesKeep(value: unknown): boolean {
  const parts = isCiphertext(value) ? noteOf(value)?.parts : undefined;
  return parts?.some((part) => /^[LG]\d+k/.test(part)) ?? false;
}

/** A ciphertext with a note of these parts. */
export function withNote(ciphertext: string, parts: readonly string[]): string {
  return joinNote(ciphertext, parts.join('-'));
}
