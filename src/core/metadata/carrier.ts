/**
 * Takes the metadata out of a tree and puts it back where it was. Upstream: `stores/metadata.go`
 * (`ExtractMetadata`, `SerializeMetadata`).
 */
import { SopsError } from '../errors.ts';
import type { MetadataLayout } from '../formats/format.ts';
import type { Comment, Entry, Leaf, MapNode, Tree } from '../tree/node.ts';
import { flatten, unflatten } from './flatten.ts';
import { METADATA_KEY, METADATA_PREFIX } from './metadata.ts';
import { reconcile, reconcileEntries } from './reconcile.ts';

/** The entries that were taken out of one document, each with the item that stood behind it. */
interface Taken {
  entry: Entry;
  next: Entry | Comment | undefined;
}

/** Where the metadata of a file stood, one list for each document. */
export interface MetadataCarrier {
  layout: MetadataLayout;
  documents: Taken[][];
}

/**
 * Removes the metadata entries from the tree.
 *
 * @returns the nested metadata, and where it was
 * @throws SopsError `invalid-metadata` when there is none, or it is no map
 */
export function takeMetadata(tree: Tree, layout: MetadataLayout): { block: MapNode; carrier: MetadataCarrier } {
  const carrier = findMetadata(tree, layout);
  const first = carrier.documents[0]?.map(({ entry }) => entry) ?? [];
  if (first.length === 0) throw new SopsError('invalid-metadata', 'sops metadata not found');
  const block = layout === 'nested' ? nestedBlock(first) : unflattenBlock(first, layout);
  removeEntries(tree, carrier);
  return { block, carrier };
}

/** Removes the metadata entries unread: those that {@link putMetadata} has put there. */
export function removeMetadata(tree: Tree, layout: MetadataLayout): void {
  removeEntries(tree, findMetadata(tree, layout));
}

/** Whether the first document has what looks like a metadata block: a reserved key. */
export function hasMetadata(tree: Tree, layout: MetadataLayout): boolean {
  return tree.documents[0]?.items.some((item) => isMetadata(item, layout)) ?? false;
}

function findMetadata(tree: Tree, layout: MetadataLayout): MetadataCarrier {
  const documents = tree.documents.map((document, index) => {
    if (layout === 'prefixed' && index > 0) return [];
    const taken: Taken[] = [];
    for (const [position, item] of document.items.entries()) {
      if (isMetadata(item, layout)) taken.push({ entry: item, next: document.items[position + 1] });
    }
    return taken;
  });
  return { layout, documents };
}

function isMetadata(item: Entry | Comment, layout: MetadataLayout): item is Entry {
  if (item.kind !== 'entry' || item.keyType) return false;
  return layout === 'prefixed' ? item.key.startsWith(METADATA_PREFIX) : item.key === METADATA_KEY;
}

function removeEntries(tree: Tree, { documents }: MetadataCarrier): void {
  for (const [index, taken] of documents.entries()) {
    const document = tree.documents[index];
    if (!document || taken.length === 0) continue;
    const entries = new Set<Entry | Comment>(taken.map(({ entry }) => entry));
    document.items = document.items.filter((item) => !entries.has(item));
  }
}

function nestedBlock(entries: Entry[]): MapNode {
  const [entry, second] = entries;
  if (second) throw new SopsError('invalid-metadata', 'Found duplicate sops entry');
  if (entry?.value.kind !== 'map') throw new SopsError('invalid-metadata', 'Found sops entry that is not a mapping');
  return entry.value;
}

function unflattenBlock(entries: Entry[], layout: MetadataLayout): MapNode {
  if (layout === 'prefixed') {
    return unflatten(entries.map((entry) => ({ ...entry, key: entry.key.slice(METADATA_PREFIX.length) })));
  }
  const section = nestedBlock(entries);
  const flat = section.items.filter((item) => item.kind === 'entry');
  if (flat.length === 0) throw new SopsError('invalid-metadata', 'sops metadata not found');
  return unflatten(flat.map((entry) => ({ ...entry, value: unescapeLeaf(entry.value) })));
}

/** INI holds a line break as the two characters `\n`; releases 3.13.0 and 3.13.1 wrote real ones, which stay. */
function unescapeLeaf(node: Entry['value']): Entry['value'] {
  if (node.kind !== 'leaf' || typeof node.value !== 'string') return node;
  return { kind: 'leaf', value: node.value.replaceAll('\\n', '\n') };
}

/**
 * Adds the metadata to every document: in place of the block that `carrier` remembers, else at the end.
 *
 * @param block - the nested metadata; each document gets nodes of its own
 */
export function putMetadata(tree: Tree, block: () => MapNode, layout: MetadataLayout, carrier?: MetadataCarrier): void {
  const former = carrier?.layout === layout ? carrier.documents : [];
  for (const [index, document] of tree.documents.entries()) {
    const taken = former[index] ?? [];
    if (layout === 'prefixed') putPrefixed(document, prefixedEntries(block()), taken);
    else if (layout === 'section') putSection(document, sectionOf(block()), taken);
    else putNested(document, block(), taken);
  }
}

function putNested(document: MapNode, block: MapNode, taken: Taken[]): void {
  const [former] = taken;
  if (!former) {
    document.items.push({ kind: 'entry', key: METADATA_KEY, value: block });
    return;
  }
  former.entry.value = reconcile(former.entry.value, block);
  insertBefore(document, former.entry, former.next);
}

/** Upstream aligns a section by its longest key, so one with other keys is written anew, in its place. */
function putSection(document: MapNode, section: MapNode, taken: Taken[]): void {
  const [former] = taken;
  if (former?.entry.value.kind === 'map' && !hasSameKeys(former.entry.value, section)) {
    insertBefore(document, { kind: 'entry', key: METADATA_KEY, value: section }, former.next);
  } else {
    putNested(document, section, taken);
  }
}

function hasSameKeys(a: MapNode, b: MapNode): boolean {
  const keysOf = ({ items }: MapNode): string =>
    JSON.stringify(items.flatMap((item) => (item.kind === 'entry' ? [item.key] : [])).sort());
  return keysOf(a) === keysOf(b);
}

function putPrefixed(document: MapNode, entries: Entry[], taken: Taken[]): void {
  const behind = new Map(taken.map(({ entry, next }) => [entry, next]));
  const isTaken = (item: Entry | Comment): boolean => item.kind === 'entry' && behind.has(item);
  const merged = reconcileEntries(
    taken.map(({ entry }) => entry),
    entries,
  );
  let next: Entry | Comment | undefined;
  for (const entry of merged.toReversed() as Entry[]) {
    // A line in front of data goes back to its place, any other in front of the metadata line that follows it now.
    const former = behind.get(entry);
    const isBeforeData = former !== undefined && document.items.includes(former) && !isTaken(former);
    insertBefore(document, entry, isBeforeData ? former : next);
    next = entry;
  }
}

function insertBefore(document: MapNode, entry: Entry, next: Entry | Comment | undefined): void {
  const at = next ? document.items.indexOf(next) : -1;
  if (at < 0) document.items.push(entry);
  else document.items.splice(at, 0, entry);
}

function prefixedEntries(block: MapNode): Entry[] {
  return flatten(block).map((entry) => ({ ...entry, key: METADATA_PREFIX + entry.key }));
}

function sectionOf(block: MapNode): MapNode {
  const items = flatten(block).map((entry) => ({ ...entry, value: escapeLeaf(entry.value) }));
  return { kind: 'map', items };
}

function escapeLeaf(node: Entry['value']): Leaf {
  const value = node.kind === 'leaf' ? node.value : null;
  return { kind: 'leaf', value: typeof value === 'string' ? value.replaceAll('\n', '\\n') : value };
}
