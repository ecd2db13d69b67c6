/** An edit of a whole file: the text that the editor shows, and the encrypted text of what comes back. Upstream: `cmd/sops/edit.go`. */
import { prefixed, SopsError } from '../errors.ts';
import type { Form, Format, Source } from '../formats/format.ts';
import { formatOf } from '../formats/formats.ts';
import { wrapDataKey } from '../keys/data-key.ts';
import type { MetadataCarrier } from '../metadata/carrier.ts';
import { putMetadata, removeMetadata, takeMetadata } from '../metadata/carrier.ts';
import { encodeMetadata } from '../metadata/encode-metadata.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { UPSTREAM_VERSION } from '../metadata/metadata.ts';
import type { Leaf, Tree } from '../tree/node.ts';
import { isSameTree } from '../tree/same-tree.ts';
import { createSelector } from '../tree/selection.ts';
import { decodeText } from '../tree/utf8.ts';
import { insertBlock } from './block-place.ts';
import type { EmitSettings, EncryptionSettings, Environment, OpenFile } from './file.ts';
import { checkPlain, emitPlain, sealAndEmit } from './file.ts';
import { reuseCiphertexts } from './reuse-ciphertexts.ts';
import { takeShownMetadata, wrapForChangedKeys } from './shown-metadata.ts';
import { isOlder } from './version.ts';

export interface EditOptions extends EmitSettings {
  /** The format of the editor's text and of the result. */
  outputFormat: Format;
  /** Whether the metadata block is shown, and taken as it comes back (`--show-master-keys`). */
  showMetadata: boolean;
  environment: Environment;
}

/** What keeps an edited text from being encrypted. */
export type EditProblem =
  /** It cannot be parsed. */
  | 'syntax'
  /** The metadata block that was shown is gone or makes no sense. */
  | 'metadata'
  /** It is empty, or has a reserved key. */
  | 'content'
  /** There is no master key. */
  | 'keys'
  /** It can be parsed, but not encrypted, or not written in its format. */
  | 'encryption';

export type EditResult =
  | { readonly text: Source; readonly problem?: undefined }
  | { readonly problem: EditProblem; readonly error: SopsError };

/** The time that upstream shows for a file that was never encrypted. */
const NEVER = '0001-01-01T00:00:00Z';

/**
 * Makes a new file with the format's example, and a data key.
 *
 * @throws SopsError `generic`: a key cannot wrap the data key; the bare reasons
 */
export async function startNewFile(
  format: Format,
  settings: EncryptionSettings,
  { crypto, services }: Environment,
): Promise<OpenFile> {
  const dataKey = crypto.randomBytes(32);
  const threshold = await wrapDataKey(dataKey, settings.groups, settings.threshold, services, crypto);
  const metadata = { ...settings, threshold, version: UPSTREAM_VERSION, lastModified: NEVER, mac: '' };
  return { format, tree: format.example(), metadata, carrier: undefined, dataKey };
}

/** The clear text of an opened file, for the editor. @throws SopsError `dump` */
export function textToEdit(file: OpenFile, options: EditOptions): Source {
  const { outputFormat, indent, defaultIndent } = options;
  if (!options.showMetadata) return emitPlain(file, outputFormat, { indent, defaultIndent });
  const form = formToEdit(options);
  const tree = form === 'encrypted' ? withClearRoot(file.tree) : file.tree;
  const layout = outputFormat.metadataLayout;
  putMetadata(tree, () => encodeMetadata(file.metadata), layout, file.carrier);
  try {
    const text = outputFormat.emit(tree, { form, indent, defaultIndent });
    return isMetadataLast(file) && typeof text === 'string' ? withoutBlankEnd(text) : text;
  } finally {
    removeMetadata(tree, layout);
  }
}

function isMetadataLast({ carrier }: OpenFile): boolean {
  return carrier?.documents.at(-1)?.every(({ next }) => next === undefined) ?? false;
}

/** Blank lines behind the metadata are nobody's: what a user leaves blank at the end stands in front of them. */
function withoutBlankEnd(text: string): string {
  return text.replace(/(\r?\n)(?:[ \t]*\r?\n)+$/, '$1');
}

/** A binary file's own text has no place for metadata: with them, its JSON is shown. */
function formToEdit({ outputFormat, showMetadata }: EditOptions): Form {
  return showMetadata && outputFormat.name === 'binary' ? 'encrypted' : 'plain';
}

/**
 * Encrypts an edited text with the data key of the file. A value whose path, type and text did not change keeps its ciphertext;
 * the layout is the one of the edited text; the metadata block stays as it was where it was, if that can be told. The version
 * is raised to this program's. The file itself does not change, so that this can be done again with another text.
 *
 * @returns the encrypted text, or what is wrong with the edited one
 */
export async function sealEdit(file: OpenFile, edited: Uint8Array, options: EditOptions): Promise<EditResult> {
  const { outputFormat, environment } = options;
  let problem: EditProblem = 'syntax';
  try {
    const tree = outputFormat.parse(edited, formToEdit(options));
    problem = 'metadata';
    const shown = options.showMetadata ? takeShownMetadata(tree, outputFormat) : undefined;
    problem = 'content';
    checkPlain(tree, outputFormat);
    problem = 'keys';
    const metadata: Metadata = { ...(shown?.metadata ?? file.metadata) };
    if (metadata.groups.every((group) => group.length === 0)) throw new SopsError('generic', 'there is no master key');
    problem = 'encryption';
    if (shown) await wrapForChangedKeys(metadata, shownBefore(file, options), file.dataKey, environment);
    if (isOlder(metadata.version, UPSTREAM_VERSION)) metadata.version = UPSTREAM_VERSION;
    outputFormat.checkHolds(tree, 'encrypted');
    const placed = shown ? { tree, carrier: shown.carrier } : placeOf(tree, edited, file, options);
    await reuseUnchanged(file.tree, placed.tree, metadata);
    const sealed: OpenFile = { ...placed, format: outputFormat, metadata, dataKey: file.dataKey };
    const { indent, defaultIndent } = options;
    return { text: await sealAndEmit(sealed, outputFormat, { indent, defaultIndent }, environment) };
  } catch (error) {
    if (error instanceof SopsError) return { problem, error };
    throw error;
  }
}

/** The shown metadata as they come back when nobody touches them. */
function shownBefore(file: OpenFile, options: EditOptions): Metadata {
  const tree = options.outputFormat.parse(textToEdit(file, options), formToEdit(options));
  return takeShownMetadata(tree, options.outputFormat).metadata;
}

async function reuseUnchanged(former: Tree, edited: Tree, { selection }: Metadata): Promise<void> {
  const selector = await createSelector(selection);
  try {
    reuseCiphertexts(former, edited, selector);
  } catch (error) {
    throw prefixed('Error encrypting tree: Error walking tree: ', error, 'encrypt-tree');
  }
}

/** Where the metadata go in the edited text: a tree with the same content as `tree`, and their place in it. */
function placeOf(
  tree: Tree,
  edited: Uint8Array,
  file: OpenFile,
  options: EditOptions,
): { tree: Tree; carrier: MetadataCarrier | undefined } {
  const { outputFormat } = options;
  const anywhere = { tree, carrier: undefined };
  if (file.carrier === undefined || file.format !== outputFormat || options.indent !== undefined) return anywhere;
  if (outputFormat.name === 'binary') return { tree: withData(file.tree, tree), carrier: file.carrier };
  const former = textOf(textToEdit(file, options));
  const complete = textOf(textToEdit(file, { ...options, showMetadata: true }));
  const text = insertBlock(decodeText(edited), former, complete);
  if (text === undefined) return anywhere;
  try {
    const placed = outputFormat.parse(text, 'plain');
    const { carrier } = takeMetadata(placed, outputFormat.metadataLayout);
    const plain = textOf(outputFormat.emit(placed, { form: 'plain' }));
    return isSameTree(placed, tree) && plain === decodeText(edited) ? { tree: placed, carrier } : anywhere;
  } catch (error) {
    if (error instanceof SopsError) return anywhere;
    throw error;
  }
}

function textOf(source: Source): string {
  return typeof source === 'string' ? source : decodeText(source);
}

/** The envelope of a binary file with other content. */
function withData(envelope: Tree, { documents: [content] }: Tree): Tree {
  const data = content?.items.find((item) => item.kind === 'entry')?.value;
  if (data?.kind !== 'leaf') return envelope;
  return withRootLeaves(envelope, ({ origin }) => ({ kind: 'leaf', value: data.value, origin }));
}

function withClearRoot(tree: Tree): Tree {
  return withRootLeaves(tree, (leaf) => ({ ...leaf, ciphertext: undefined }));
}

function withRootLeaves(tree: Tree, change: (leaf: Leaf) => Leaf): Tree {
  const documents = tree.documents.map((document) => ({
    ...document,
    items: document.items.map((item) =>
      item.kind === 'entry' && item.value.kind === 'leaf' ? { ...item, value: change(item.value) } : item,
    ),
  }));
  return { ...tree, documents };
}

/**
 * Encrypts a text that could not be encrypted in its own format: as the content of a binary file, for the same keys.
 *
 * @throws SopsError `dump`
 */
export async function sealRejected(file: OpenFile, edited: Uint8Array, environment: Environment): Promise<Source> {
  const format = formatOf('binary');
  const metadata = { ...file.metadata, selection: undefined, macOnlyEncrypted: false };
  const sealed: OpenFile = { ...file, format, metadata, carrier: undefined, tree: format.parse(edited, 'plain') };
  return sealAndEmit(sealed, format, {}, environment);
}
