/**
 * The literal of a leaf that stands in a text: unchanged, or in the spelling that it had.
 *
 * A ciphertext takes the place of a value and of its spelling. Where the value was spelled in another way than Go's, a note
 * behind the `]` says how, ` ~` and the letters of `json-string.ts`, or `d` for a number without exponent. Decryption ignores
 * what follows the `]` (upstream: `aes/cipher.go`), so the note is the layout's alone.
 */

import type { Leaf, Value } from '../../tree/node.ts';
import { decimalText } from '../../tree/scalar-text.ts';
import { joinNote, splitNote } from '../ciphertext-note.ts';
import type { Form } from '../format.ts';
import type { LeafSpan } from './json-source.ts';
import { describeSpelling, quote, respell } from './json-string.ts';
import { leafText, valueText } from './json-writer.ts';

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * @param span - where the leaf stands; undefined for one that is new there
 * @returns undefined when the source has it already
 * @throws SopsError `dump` for NaN and infinity
 */
export function respelledLeaf(leaf: Leaf, span: LeafSpan | undefined, form: Form, maps: number): string | undefined {
  const former = typeof span?.value === 'string' ? splitNote(span.value) : undefined;
  if (form === 'encrypted' && leaf.ciphertext !== undefined) {
    const { ciphertext } = splitNote(leaf.ciphertext);
    if (former?.ciphertext === ciphertext) return undefined;
    return quote(joinNote(ciphertext, span === undefined ? '' : noteOf(leaf, span, former?.note ?? '')));
  }
  if (span !== undefined && isSameValue(span.value, leaf.value)) return undefined;
  return spelled(leaf, former?.note ?? '', maps) ?? leafText(leaf, form, maps);
}

/** The spelling that a note, or the leaf itself, asks for. Undefined when it cannot be had. */
function spelled(leaf: Leaf, note: string, maps: number): string | undefined {
  const { value, spelling } = leaf;
  if (typeof value === 'string') return respell(value, note);
  if (typeof value !== 'number') return undefined;
  if (spelling !== undefined && NUMBER.test(spelling) && Number(spelling) === value) return spelling;
  return note === 'd' && Number.isFinite(value) ? decimalText(value) : valueText(value, maps);
}

/** What the note for a value in the spelling of `span` is; the empty text for none. */
function noteOf(leaf: Leaf, { value, source, start, end }: LeafSpan, formerNote: string): string {
  if (isSameValue(value, leaf.value)) {
    const literal = source.text.slice(start, end);
    if (typeof leaf.value === 'string') return describeSpelling(literal, leaf.value) ?? '';
    if (typeof leaf.value !== 'number' || leaf.spelling !== undefined) return '';
    return literal === decimalText(leaf.value) && literal !== valueText(leaf.value, 0) ? 'd' : '';
  }
  // The source has the former ciphertext: what its note says goes on if it makes sense for the value of now.
  if (formerNote === '') return '';
  const literal = spelled({ kind: 'leaf', value: leaf.value }, formerNote, 0);
  return literal === undefined || literal === valueText(leaf.value, 0) ? '' : formerNote;
}

function isSameValue(a: Value, b: Value): boolean {
  return Object.is(a, b);
}
