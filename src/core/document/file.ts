/**
 * A whole file in its three states: plain text, encrypted, and encrypted but opened. This is where formats, cipher, keys and
 * metadata meet. Upstream: `cmd/sops/common/common.go`, `cmd/sops/encrypt.go`, `cmd/sops/decrypt.go`.
 */

import type { Crypto } from '../cipher/crypto.ts';
import type { LeafCipher } from '../cipher/leaf-cipher.ts';
import { createLeafCipher, ivOf } from '../cipher/leaf-cipher.ts';
import { createMarkedIv, isMarkedIv } from '../cipher/marked-iv.ts';
import { prefixed, SopsError } from '../errors.ts';
import type { EmitOptions, Format, Source } from '../formats/format.ts';
import { dataKeyLength, recoverDataKey, wrapDataKey } from '../keys/data-key.ts';
import type { KeyGroup, KeyService } from '../keys/master-key.ts';
import type { MetadataCarrier } from '../metadata/carrier.ts';
import { hasMetadata, putMetadata, removeMetadata, takeMetadata } from '../metadata/carrier.ts';
import { decodeMetadata } from '../metadata/decode-metadata.ts';
import { encodeMetadata } from '../metadata/encode-metadata.ts';
import type { Metadata } from '../metadata/metadata.ts';
import { UPSTREAM_VERSION } from '../metadata/metadata.ts';
import type { Node, Tree } from '../tree/node.ts';
import { wireText } from '../tree/scalar-text.ts';
import type { Selection } from '../tree/selection.ts';
import { createSelector, DEFAULT_SELECTION } from '../tree/selection.ts';
import { timeText } from '../tree/timestamp.ts';
import { decryptTree } from './decrypt-tree.ts';
import { encryptTree } from './encrypt-tree.ts';
import { emitSettled } from './settle-comments.ts';
import { dropSpellings } from './spellings.ts';
import { checkVersion } from './version.ts';

/** What every operation on encrypted files needs from its surroundings. */
export interface Environment {
  crypto: Crypto;
  /** Tried in order for each key. */
  services: readonly KeyService[];
  /** Names of key types in the order in which they are tried; others come last. Default: age, pgp. */
  decryptionOrder?: readonly string[] | undefined;
  /** A warning in one line, without a value. */
  warn?: ((message: string) => void) | undefined;
  now(): Date;
}

/** An encrypted file as it was read: its leaves are ciphertexts. */
export interface EncryptedFile {
  readonly format: Format;
  readonly tree: Tree;
  readonly metadata: Metadata;
  readonly carrier: MetadataCarrier | undefined;
}

/** A file whose leaves have their values. */
export interface OpenFile extends EncryptedFile {
  readonly dataKey: Uint8Array;
}

/** How a file is to be encrypted. */
export interface EncryptionSettings {
  groups: KeyGroup[];
  /** How many groups are needed for decryption; 0: all of them. */
  threshold: number;
  selection: Selection | undefined;
  macOnlyEncrypted: boolean;
}

/** How an encrypted or plain text is written. */
export type EmitSettings = Omit<EmitOptions, 'form'>;

/**
 * Reads an encrypted file. Nothing is decrypted.
 *
 * @throws SopsError `invalid-metadata`: it cannot be parsed, has no metadata, or metadata that make no sense
 */
export function readEncrypted(source: Source, format: Format): EncryptedFile {
  const tree = parseEncrypted(source, format);
  const { block, carrier } = takeMetadata(tree, format.metadataLayout);
  return { format, tree, metadata: decodeMetadata(block), carrier };
}

/** Upstream ends with the generic status when an encrypted file cannot be parsed, not with that of an unreadable file. */
function parseEncrypted(source: Source, format: Format): Tree {
  try {
    return format.parse(source, 'encrypted');
  } catch (error) {
    if (!(error instanceof SopsError) || error.code !== 'unreadable-input') throw error;
    throw prefixed('', error, 'invalid-metadata');
  }
}

/**
 * Decrypts a file in place: its data key, then every leaf, then the MAC.
 *
 * @param options - `ignoreMac`: takes any MAC; `isVersionChecked`, false: takes any version
 * @throws SopsError `no-data-key`, `decrypt-tree`, `mac-mismatch`, `invalid-version`
 */
export async function openFile(
  file: EncryptedFile,
  environment: Environment,
  options: { ignoreMac?: boolean; isVersionChecked?: boolean } = {},
): Promise<OpenFile> {
  if (options.isVersionChecked !== false) checkVersion(file.metadata.version);
  const dataKey = await findDataKey(file, environment);
  const { crypto } = environment;
  const { metadata, tree } = file;
  const cipher = cipherOf(crypto, dataKey);
  const computed = decryptTree(tree, {
    crypto,
    cipher,
    selector: await createSelector(metadata.selection),
    macOnlyEncrypted: metadata.macOnlyEncrypted,
    onClearComment: () => environment.warn?.(CLEAR_COMMENT),
  });
  if (!options.ignoreMac) checkMac(cipher, metadata, computed);
  const macIv = ivOf(crypto, metadata.mac);
  tree.endsOpen = macIv !== undefined && isMarkedIv(crypto, macIv);
  return { ...file, dataKey };
}

/** A data key of an impossible length is upstream's first value that does not decrypt. */
function cipherOf(crypto: Crypto, dataKey: Uint8Array): LeafCipher {
  try {
    return createLeafCipher(crypto, dataKey);
  } catch (error) {
    throw prefixed('Error decrypting tree: Error walking tree: Could not decrypt value: ', error, 'decrypt-tree');
  }
}

const CLEAR_COMMENT =
  'Found possibly unencrypted comment in file. This is to be expected if the file being decrypted was created with an older version of SOPS.';

/** The data key of a file. @throws SopsError `no-data-key` */
export function findDataKey(file: EncryptedFile, environment: Environment): Promise<Uint8Array> {
  const { groups, threshold } = file.metadata;
  return recoverDataKey(groups, threshold, environment.decryptionOrder, environment.services);
}

function checkMac(cipher: LeafCipher, metadata: Metadata, computed: string): void {
  let stored = '';
  if (metadata.mac !== '') {
    try {
      const opened = cipher.open(metadata.mac, metadata.lastModified);
      stored = opened.isComment ? '' : wireText(opened.value);
    } catch (error) {
      if (!(error instanceof SopsError)) throw error;
      throw new SopsError('mac-mismatch', `Cannot decrypt MAC: ${error.message}`, { cause: error });
    }
  }
  if (stored === computed) return;
  throw new SopsError(
    'mac-mismatch',
    `MAC mismatch. File has ${stored === '' ? 'no MAC' : stored}, computed ${computed}`,
  );
}

/**
 * Checks that a plain tree may be encrypted and written in a format.
 *
 * @throws SopsError `empty-document`, `already-encrypted`, `dump`
 */
export function checkPlain(tree: Tree, outputFormat: Format): void {
  if (tree.documents.length === 0) {
    throw new SopsError('empty-document', 'File cannot be completely empty, it must contain at least one document');
  }
  if (hasMetadata(tree, outputFormat.metadataLayout)) {
    throw new SopsError('already-encrypted', RESERVED_KEY_TEXT);
  }
}

/** Upstream's text: wrappers look for it. */
const RESERVED_KEY_TEXT = `The file you have provided contains a top-level entry called 'sops', or for
flat file formats top-level entries starting with 'sops_'. This is
generally due to the file already being encrypted. SOPS uses a top-level
entry called 'sops' to store the metadata required to decrypt the file. For
this reason, SOPS can not encrypt files that already contain such an entry.

If this is an unencrypted file, rename the 'sops' entry.

If this is an encrypted file and you want to edit it, use the editor mode,
for example: \`sops edit my_file.yaml\``;

/**
 * Makes an encrypted file of a plain tree, with a new data key.
 *
 * @throws SopsError `generic` when a key cannot wrap the data key, `encrypt-tree`, `dump`
 */
export async function encryptTreeAsFile(
  tree: Tree,
  format: Format,
  outputFormat: Format,
  settings: EncryptionSettings,
  environment: Environment,
): Promise<OpenFile> {
  const dataKey = environment.crypto.randomBytes(dataKeyLength);
  const threshold = await wrapNewDataKey(dataKey, settings, environment);
  const metadata: Metadata = {
    ...settings,
    threshold,
    version: UPSTREAM_VERSION,
    lastModified: '',
    mac: '',
  };
  const file: OpenFile = { format, tree, metadata, carrier: undefined, dataKey };
  await sealFile(file, outputFormat, environment);
  return file;
}

/** @throws SopsError `generic` with upstream's words in front of the reasons */
async function wrapNewDataKey(
  dataKey: Uint8Array,
  { groups, threshold }: Pick<EncryptionSettings, 'groups' | 'threshold'>,
  { services, crypto }: Environment,
): Promise<number> {
  try {
    return await wrapDataKey(dataKey, groups, threshold, services, crypto);
  } catch (error) {
    throw prefixed('Could not generate data key: ', error);
  }
}

/**
 * Encrypts what has no ciphertext yet and renews MAC and `lastmodified`.
 *
 * @param options - `isNewKey`: the data key was replaced: everything is encrypted again
 */
export async function sealFile(
  file: OpenFile,
  outputFormat: Format,
  environment: Environment,
  options: { isNewKey?: boolean } = {},
): Promise<void> {
  const { crypto } = environment;
  const { metadata } = file;
  const cipher = createLeafCipher(crypto, file.dataKey);
  const mac = encryptTree(file.tree, {
    crypto,
    cipher,
    selector: await createSelector(metadata.selection),
    macOnlyEncrypted: metadata.macOnlyEncrypted,
    isNewKey: options.isNewKey ?? false,
    clearValuesAsText: outputFormat.metadataLayout !== 'nested',
  });
  metadata.lastModified = timeText(environment.now());
  const iv = file.tree.endsOpen ? createMarkedIv(crypto) : undefined;
  metadata.mac = cipher.seal(crypto.encodeUtf8(mac), 'str', metadata.lastModified, iv);
}

/**
 * Gives a file a new data key, wrapped by all of its keys; every value is encrypted again when the file is sealed.
 *
 * @throws SopsError `generic` when a key cannot wrap the data key
 */
export async function renewDataKey(file: OpenFile, environment: Environment): Promise<OpenFile> {
  const dataKey = environment.crypto.randomBytes(dataKeyLength);
  file.metadata.threshold = await wrapNewDataKey(dataKey, file.metadata, environment);
  return { ...file, dataKey };
}

/** Takes out of a tree what its format has without writing it, where the other format could not hold that. */
export function dropImplicit(tree: Tree, from: Format, to: Format): void {
  if (to.hasUniqueKeys) from.dropImplicit?.(tree);
}

/** The plain text of an opened file. @throws SopsError `dump`: the format cannot hold it */
export function emitPlain(file: EncryptedFile, outputFormat: Format, settings: EmitSettings): Source {
  if (outputFormat !== file.format) {
    dropSpellings(file.tree);
    dropImplicit(file.tree, file.format, outputFormat);
    outputFormat.checkHolds(file.tree, 'plain');
  }
  return outputFormat.emit(file.tree, { form: 'plain', ...settings });
}

/**
 * A part of an opened file as `--extract` prints it: a string raw, a map as a document of its own, anything else as a value.
 *
 * @param settings - asked for only where there is something to lay out
 * @throws SopsError `dump`
 */
export function emitPart(node: Node, format: Format, settings: () => EmitSettings): Source {
  if (node.kind === 'map') return format.emit({ documents: [node] }, { form: 'plain', ...settings() });
  if (node.kind === 'leaf' && (typeof node.value === 'string' || node.value instanceof Uint8Array)) return node.value;
  return format.emitValue(node, { form: 'plain', ...settings() });
}

/**
 * The encrypted text of a sealed file. The metadata go where they were, or to the end.
 *
 * @throws SopsError `dump`
 */
export function emitEncrypted(file: EncryptedFile, outputFormat: Format, settings: EmitSettings): Source {
  refuseReservedKey(file.tree, outputFormat);
  const layout = outputFormat.metadataLayout;
  putMetadata(file.tree, () => encodeMetadata(file.metadata), layout, file.carrier);
  try {
    return outputFormat.emit(file.tree, { form: 'encrypted', ...settings });
  } finally {
    removeMetadata(file.tree, layout);
  }
}

function refuseReservedKey(tree: Tree, format: Format): void {
  for (const document of tree.documents) {
    if (!hasMetadata({ documents: [document] }, format.metadataLayout)) continue;
    throw new SopsError(
      'dump',
      'Could not marshal tree: Error marshaling metadata: Found key "sops" in encrypted data, which is a reserved key used for SOPS metadata',
    );
  }
}

/**
 * Seals an opened file whose tree was changed, and gives its encrypted text. Comments are sealed for the containers that a
 * reader of that very text will find.
 *
 * @throws SopsError `encrypt-tree`, `dump`: the format cannot hold the tree so that it can be read again
 */
export async function sealAndEmit(
  file: OpenFile,
  outputFormat: Format,
  settings: EmitSettings,
  environment: Environment,
  options: { isNewKey?: boolean } = {},
): Promise<Source> {
  if (outputFormat !== file.format) {
    dropImplicit(file.tree, file.format, outputFormat);
    outputFormat.checkHolds(file.tree, 'encrypted');
  }
  await sealFile(file, outputFormat, environment, options);
  return emitSettled(file, outputFormat, environment, (attempt) =>
    emitEncrypted(file, outputFormat, { ...settings, ...attempt }),
  );
}

/** The selection of a file that names none: upstream's default, but for what comes from binary files. */
export function defaultSelection(inputFormat: Format): Selection | undefined {
  return inputFormat.name === 'binary' ? undefined : DEFAULT_SELECTION;
}
