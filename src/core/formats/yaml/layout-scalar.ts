/** What changes in the text of a scalar. */
import type { Leaf } from '../../tree/node.ts';
import { keptTag, openScalar, putScalar, sealScalar, styleNote } from './carrier.ts';
import type { Edit } from './edits.ts';
import type { LayoutContext } from './layout-context.ts';
import { afterBreak, depthBelow, isBlankBetween, lineEnd } from './layout-context.ts';
import { bareCiphertext, isCiphertext } from './notes.ts';
import type { EntryOrigin, LeafOrigin } from './origin.ts';
import { isSameValue } from './reads-as.ts';
import type { ScalarPlace } from './rendering.ts';
import { renderCanonical, renderCarried } from './rendering.ts';

const NONE: readonly Edit[] = [];

/** The changes that make a scalar of the text say what its leaf does. */
export function scalarEdits(
  context: LayoutContext,
  leaf: Leaf,
  origin: LeafOrigin,
  inList: boolean,
  entry: EntryOrigin | undefined,
): readonly Edit[] {
  const { form, source } = context;
  const carried = source.form === 'encrypted' && isCiphertext(origin.value) ? origin.value : undefined;
  const ciphertext = form === 'encrypted' ? leaf.ciphertext : undefined;
  if (carried !== undefined && ciphertext !== undefined) return exchange(source.text, origin, carried, ciphertext);
  if (ciphertext === undefined && isSameValue(leaf.value, origin.value)) return NONE;
  const place = placeOf(context, leaf, origin, inList);
  const edits =
    ciphertext !== undefined
      ? sealScalar(leaf, origin, ciphertext, place)
      : carried !== undefined
        ? openScalar(leaf, origin, place)
        : putChanged(leaf, origin, place);
  if (origin.start < origin.end) return edits;
  const front = missingFront(source.text, origin, entry, place);
  return edits.map((edit) => (edit.start === origin.start ? { ...edit, text: front + edit.text } : edit));
}

/** Another ciphertext in the place of one, its quotes and note kept. */
function exchange(text: string, origin: LeafOrigin, carried: string, ciphertext: string): readonly Edit[] {
  const old = bareCiphertext(carried);
  const next = bareCiphertext(ciphertext);
  if (old === next) return NONE;
  const at = text.indexOf(old, origin.start);
  if (at >= origin.start && at + old.length <= origin.end) return [{ start: at, end: at + old.length, text: next }];
  return [{ start: origin.start, end: origin.end, text: `"${next}"` }];
}

/** A clear value that was changed keeps its quotes, unless they only were what the canonical style gave the former value. */
function putChanged(leaf: Leaf, origin: LeafOrigin, place: ScalarPlace): Edit[] {
  const { style, source, start, end } = origin;
  const isQuoted = style === 'single' || style === 'double';
  const former = renderCanonical({ kind: 'leaf', value: origin.value }, place);
  const isCanonical = !place.flow && former.tag === '' && former.head + former.below === source.text.slice(start, end);
  const carrier = isQuoted && !isCanonical ? style : place.flow ? 'single' : 'plain';
  const parts = styleNote(leaf, origin, place);
  const note = parts.length === 0 ? undefined : { parts };
  return putScalar(leaf, renderCarried(leaf, carrier, note, { ...place, tag: keptTag(leaf, origin) }), origin);
}

/** What has to stand in front of a value that was missing. */
function missingFront(text: string, origin: LeafOrigin, entry: EntryOrigin | undefined, place: ScalarPlace): string {
  // `{a}` and `? a` have no colon yet.
  if (entry && entry.colon < 0) {
    return place.flow ? ': ' : `${place.lineBreak}${' '.repeat(Math.max(origin.indent, 0))}: `;
  }
  return /[ \t\n]/.test(text.charAt(origin.start - 1)) ? '' : ' ';
}

/** Whether there is a line break, or the `~` of a note, between two positions. */
function mayHaveLines(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x0a || code === 0x0d || code === 0x7e) return true;
  }
  return false;
}

function placeOf(context: LayoutContext, leaf: Leaf, origin: LeafOrigin, inList: boolean): ScalarPlace {
  const { step, source } = context;
  const { text } = source;
  const { flow, indent } = origin;
  const place: ScalarPlace = {
    flow,
    indent,
    inList,
    step,
    lineBreak: context.lineBreak,
    tag: '',
    isBlankBelow: false,
    depthBelow: -1,
    isTextEnd: false,
  };
  if (flow) return place;
  if (origin.style !== 'literal' && origin.style !== 'folded') {
    // Only a scalar of several lines, in the text or by its note, has to know what stands around it.
    const isShort = typeof leaf.value === 'string' ? !leaf.value.includes('\n') : !(leaf.value instanceof Uint8Array);
    if (isShort && !mayHaveLines(text, origin.start, origin.end)) return place;
  }
  const last = lineEnd(text, origin.end);
  const below = afterBreak(text, last);
  if (below > last) place.lineBreak = text.slice(last, below);
  place.isBlankBelow = below < text.length && isBlankBetween(text, below, lineEnd(text, below));
  place.depthBelow = depthBelow(text, below);
  place.isTextEnd = last === context.textEnd && !context.hasTail;
  return place;
}
