/** What changes in the text of a scalar. */
import type { Leaf } from '../../tree/node.ts';
import { openScalar, putScalar, sealScalar, styleNote } from './carrier.ts';
import type { Edit } from './edits.ts';
import type { LayoutContext } from './layout-context.ts';
import { afterBreak, isBlankBetween, lineEnd } from './layout-context.ts';
import { bareCiphertext, isCiphertext } from './notes.ts';
import type { EntryOrigin, LeafOrigin } from './origin.ts';
import { isSameValue } from './reads-as.ts';
import type { ScalarPlace } from './rendering.ts';
import { renderCarried } from './rendering.ts';

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
  const isCarrier = source.form === 'encrypted' && isCiphertext(origin.value);
  const ciphertext = form === 'encrypted' ? leaf.ciphertext : undefined;
  if (ciphertext === undefined) {
    if (isSameValue(leaf.value, origin.value)) return NONE;
    const place = placeOf(context, leaf, origin, inList);
    return isCarrier ? openScalar(leaf, origin, place) : putChanged(leaf, origin, place, entry);
  }
  if (!isCarrier) return sealScalar(leaf, origin, ciphertext, placeOf(context, leaf, origin, inList));
  const old = bareCiphertext(String(origin.value));
  const next = bareCiphertext(ciphertext);
  if (old === next) return NONE;
  const at = source.text.indexOf(old, origin.start);
  if (at >= origin.start && at + old.length <= origin.end) return [{ start: at, end: at + old.length, text: next }];
  return [{ start: origin.start, end: origin.end, text: `"${next}"` }];
}

/** A clear value that was changed keeps its quotes. */
function putChanged(leaf: Leaf, origin: LeafOrigin, place: ScalarPlace, entry: EntryOrigin | undefined): Edit[] {
  const { style } = origin;
  const carrier = style === 'single' || style === 'double' ? style : place.flow ? 'single' : 'plain';
  const parts = styleNote(origin, place);
  const note = parts.length === 0 ? undefined : { parts };
  const rendering = renderCarried(leaf, carrier, note, { ...place, tag: origin.tag?.text ?? '' });
  // `{a}` and `? a` have no colon yet.
  if (entry && entry.colon < 0) {
    const colon = place.flow ? ': ' : `${place.lineBreak}${' '.repeat(Math.max(origin.indent, 0))}: `;
    return putScalar({ ...rendering, head: colon + rendering.head }, origin);
  }
  return putScalar(rendering, origin);
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
    following: flow && /[,\]}]/.test(text.charAt(origin.end)) ? text.charAt(origin.end) : '',
    isBlankBelow: false,
    isTextEnd: false,
  };
  if (flow) return place;
  if (origin.style !== 'literal' && origin.style !== 'folded') {
    // Only a scalar of several lines, in the text or by its note, has to know what stands around it.
    const isShort = typeof leaf.value === 'string' ? !leaf.value.includes('\n') : !(leaf.value instanceof Uint8Array);
    if (isShort && !/[\n\r~]/.test(text.slice(origin.start, origin.end))) return place;
  }
  const last = lineEnd(text, origin.end);
  const below = afterBreak(text, last);
  if (below > last) place.lineBreak = text.slice(last, below);
  place.isBlankBelow = below < text.length && isBlankBetween(text, below, lineEnd(text, below));
  place.isTextEnd = last === context.textEnd;
  return place;
}
