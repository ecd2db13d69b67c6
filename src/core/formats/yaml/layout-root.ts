/** The metadata at the end of each document, and the roots that have nothing else. */
import type { MapNode, Tree } from '../../tree/node.ts';
import { emitCanonicalNode } from './canonical.ts';
import { closeBlock } from './layout-block.ts';
import type { LayoutContext } from './layout-context.ts';
import { isStartOfLine } from './layout-context.ts';
import type { Gap } from './layout-match.ts';
import { nullTag, rememberedNull } from './layout-null.ts';
import type { CollectionOrigin, EntryOrigin, YamlSource } from './origin.ts';
import type { RememberedCollection, RememberedEntry } from './source-items.ts';
import { isMetadata, originOf } from './source-items.ts';

/**
 * Writes new metadata at the very end of a document, behind all comments: upstream decides by what follows where a comment
 * belongs. Where they are the only content, a null that stood there gives place to them and is remembered.
 */
export function insertMetadata(
  context: LayoutContext,
  document: number,
  root: CollectionOrigin,
  gaps: readonly Gap[],
  depth: number,
): void {
  const { source, form, step, lineBreak, edits } = context;
  const place = source.documents[document];
  if (!place) return;
  if (root.style === 'null' && root.end > root.start) edits.push({ start: root.start, end: root.end, text: '' });
  const gap = gaps.at(-1);
  const entry = gap && !gap.next ? gap.inserted.at(-1) : undefined;
  if (!gap || !entry || !isMetadata(entry)) return;
  gap.inserted.pop();
  const tag = root.style === 'null' ? nullTag(place, root) : undefined;
  const map: MapNode = { kind: 'map', items: [entry] };
  const tagged = tag === undefined ? {} : { tagged: { node: entry.value, tag } };
  const margin = ' '.repeat(root.column);
  const lines = emitCanonicalNode(map, { form, indent: step, ...tagged })
    .slice(0, -1)
    .split('\n')
    .map((line) => (line === '' ? '' : margin + line));
  const at = place.insertAt;
  const { text } = source;
  const isLineStart = isStartOfLine(text, at);
  const body = lines.join(lineBreak);
  if (!isLineStart) closeBlock(context, gap.before);
  // A text without a last line break gets none: that tells decryption to leave none.
  edits.push({ start: at, end: at, text: isLineStart ? body + lineBreak : lineBreak + body, depth: depth - 1 });
}

/** Puts back the null that was a document's root before it had metadata. Gives false where there was none. */
export function restoreNull(context: LayoutContext, document: number, gaps: readonly Gap[]): boolean {
  const { source, edits } = context;
  const place = source.documents[document];
  const entry = gaps.flatMap(({ removed }) => removed).find(isMetadata);
  const origin = entry && (entry.origin as RememberedEntry).value;
  const tag = origin && origin.kind !== 'alias' ? origin.tag?.text : undefined;
  const former = place && tag !== undefined ? rememberedNull(place, source.text, tag) : undefined;
  if (former && former.word !== '') edits.push({ start: former.at, end: former.at, text: former.word });
  return former !== undefined;
}

/** Columns of an indentation in the metadata block of an encrypted text; undefined if there is none in block style. */
export function metadataStep(tree: Tree): number | undefined {
  for (const document of tree.documents) {
    const root = originOf(document);
    if (root?.kind !== 'collection') continue;
    const entry = (root as RememberedCollection).items?.find(isMetadata);
    const value = entry && (entry.origin as RememberedEntry).value;
    if (value?.kind === 'collection' && value.style === 'block') return clampStep(value.column - root.column);
  }
  return undefined;
}

function clampStep(step: number): number | undefined {
  return step >= 2 && step <= 9 ? step : undefined;
}

/**
 * Whether an encrypted text is JSON that was read as YAML: its metadata have their key in quotes, which YAML's writers never
 * give it. There is no YAML layout to keep then.
 */
export function isJson(tree: Tree, source: YamlSource): boolean {
  const [document] = tree.documents;
  const root = document && originOf(document);
  if (root?.kind !== 'collection' || root.style !== 'flow') return false;
  const entry = (root as RememberedCollection).items?.find(isMetadata);
  return entry !== undefined && source.text[(entry.origin as EntryOrigin).keyStart] === '"';
}
