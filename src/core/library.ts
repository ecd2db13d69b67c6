/** The library for every runtime: text, format and keys in, text out. */

import type { Crypto } from './cipher/crypto.ts';
import { portableCrypto } from './cipher/portable-crypto.ts';
import type { Data } from './document/data.ts';
import { dataOf } from './document/data.ts';
import { encryptText } from './document/encrypt-text.ts';
import type { Environment, OpenFile } from './document/file.ts';
import { defaultSelection, emitPart, emitPlain, openFile, readEncrypted } from './document/file.ts';
import { SopsError } from './errors.ts';
import type { Format, FormatName, Source } from './formats/format.ts';
import { formatOf } from './formats/formats.ts';
import { createAgeKeyService } from './keys/age/age-key-service.ts';
import { portableAge } from './keys/age/portable-age.ts';
import { keyTypeOf } from './keys/key-types.ts';
import type { KeyGroup, KeyService } from './keys/master-key.ts';
import { extract } from './tree/extract.ts';
import type { KeyPath } from './tree/key-path.ts';
import { parseKeyPath } from './tree/key-path.ts';
import type { MapNode, Node } from './tree/node.ts';
import type { Selection } from './tree/selection.ts';
import { decodeText, encodeText } from './tree/utf8.ts';

/** What {@link encrypt} and {@link decrypt} have in common. */
export interface CommonOptions {
  /** The format of the text. */
  format: FormatName;
  /** The format of the result; the same unless given. */
  outputFormat?: FormatName;
  /** Writes the whole result anew with so many blanks of indentation (JSON: -1 is a tab) instead of keeping its layout. */
  indent?: number;
  /** Access to master keys beside the identities given: tried first, in order. */
  services?: readonly KeyService[];
  /** The primitives; those of `@noble` unless given. `sops-ts/node` gives `nodeCrypto`, which is several times faster. */
  crypto?: Crypto;
}

/** How {@link encrypt} is to encrypt. */
export interface EncryptOptions extends CommonOptions {
  /** age recipients, `age1…` or `age1pq1…`: each of them can decrypt. */
  recipients?: readonly string[];
  /** Key groups in place of `recipients`: with several, parts of as many groups as `threshold` are needed. */
  groups?: readonly KeyGroup[];
  /** How many groups are needed for decryption; all of them unless given. */
  threshold?: number;
  /** Which values are encrypted; unless given, all but those whose key ends in `_unencrypted`. */
  selection?: Selection;
  /** Whether the MAC covers encrypted values only, so that the others may be changed freely. */
  macOnlyEncrypted?: boolean;
}

/** How {@link decrypt} is to decrypt. */
export interface DecryptOptions extends CommonOptions {
  /** age identities, `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`. */
  identities?: readonly string[];
  /** A part of the first document, as keys and list positions or in the form `["key"][0]`. */
  extract?: KeyPath | string;
  /** Takes the file although its MAC is missing or wrong: somebody may have changed, added or removed values. */
  ignoreMac?: boolean;
  /** Is told, in one line without a value, what is odd about the file. */
  onWarning?: (message: string) => void;
}

/**
 * Encrypts a text, with a new data key. Keys, comments' places and the whole layout stay as they are; each selected value
 * becomes `ENC[AES256_GCM,…]`, and the metadata block is added at the end.
 *
 * @example
 * ```ts
 * const encrypted = await encrypt('password: hunter2\n', { format: 'yaml', recipients: ['age1…'] });
 * ```
 *
 * @param source - the plain text, or its bytes (binary files)
 * @returns the text that `sops decrypt` reads as well
 * @throws FormatError `unreadable-input`: the text is not in its format
 * @throws SopsError `already-encrypted`, `empty-document`, `dump` (the output format cannot hold the data), `invalid-key`,
 *   `generic` (a key cannot wrap the data key), `invalid-config` (a regex that does not compile), `encrypt-tree`
 *
 * Upstream: `cmd/sops/encrypt.go`.
 */
export async function encrypt(source: Source, options: EncryptOptions): Promise<string> {
  const format = formatOf(options.format);
  const result = await encryptText(source, {
    format,
    ...outputOf(options),
    settings: {
      groups: groupsOf(options),
      threshold: options.threshold ?? 0,
      selection: options.selection ?? defaultSelection(format),
      macOnlyEncrypted: options.macOnlyEncrypted ?? false,
    },
    environment: environmentOf(options, []),
  });
  return typeof result === 'string' ? result : decodeText(result);
}

function groupsOf({ recipients, groups }: EncryptOptions): KeyGroup[] {
  if (groups) return groups.map((group) => group.map((key) => ({ ...key })));
  if (!recipients?.length) throw new SopsError('invalid-key', 'no recipients given');
  const age = keyTypeOf('age');
  return [recipients.flatMap((recipient) => age.parseList(recipient))];
}

/**
 * Decrypts a text. The layout is the one of the encrypted text, so that what was encrypted here comes back byte for byte.
 *
 * @example
 * ```ts
 * const plain = await decrypt(encrypted, { format: 'yaml', identities: ['AGE-SECRET-KEY-1…'] });
 * ```
 *
 * @returns the plain text; with `extract` a string value as it is, anything else in the output format
 * @throws SopsError `invalid-metadata` (not an encrypted file, or one that makes no sense), `no-data-key`, `decrypt-tree`,
 *   `mac-mismatch`, `path-not-found`, `invalid-extract-path`, `dump` (the content is not text: use {@link decryptToBytes})
 *
 * Upstream: `cmd/sops/decrypt.go`.
 */
export async function decrypt(source: Source, options: DecryptOptions): Promise<string> {
  const result = await decryptSource(source, options);
  const text = typeof result === 'string' ? result : decodeText(result);
  if (!text.isWellFormed())
    throw new SopsError('dump', 'the content is not UTF-8 text', { hint: 'use decryptToBytes' });
  return text;
}

/**
 * Decrypts to bytes, as {@link decrypt} does to text: for binary files, and for any content that need not be UTF-8.
 *
 * @throws as {@link decrypt}
 */
export async function decryptToBytes(source: Source, options: DecryptOptions): Promise<Uint8Array> {
  const result = await decryptSource(source, options);
  return typeof result === 'string' ? encodeText(result) : result;
}

/**
 * Decrypts to data with types: maps as objects, lists as arrays, integers, floats, booleans, dates and null as such. Of several
 * documents the first counts.
 *
 * @example
 * ```ts
 * const { database } = await decryptToData(encrypted, { format: 'yaml', identities });
 * ```
 *
 * @throws as {@link decrypt}
 */
export async function decryptToData(source: Source, options: DecryptOptions): Promise<Data> {
  const file = await open(source, options);
  return dataOf(partOf(file, options.extract));
}

async function decryptSource(source: Source, options: DecryptOptions): Promise<Source> {
  const file = await open(source, options);
  const { outputFormat = file.format, indent } = outputOf(options);
  if (options.extract === undefined || options.extract.length === 0) return emitPlain(file, outputFormat, { indent });
  return emitPart(partOf(file, options.extract), outputFormat, () => ({ indent }));
}

function partOf(file: OpenFile, path: KeyPath | string | undefined): Node {
  const root: MapNode = file.tree.documents[0] ?? { kind: 'map', items: [] };
  if (path === undefined) return root;
  return extract(root, typeof path === 'string' ? parseKeyPath(path) : path);
}

function open(source: Source, options: DecryptOptions): Promise<OpenFile> {
  const file = readEncrypted(source, formatOf(options.format));
  const environment = environmentOf(options, options.identities ?? []);
  return openFile(file, { ...environment, warn: options.onWarning }, { ignoreMac: options.ignoreMac ?? false });
}

function outputOf({ outputFormat, indent }: CommonOptions): { outputFormat?: Format; indent?: number | undefined } {
  return outputFormat ? { outputFormat: formatOf(outputFormat), indent } : { indent };
}

function environmentOf(
  { services = [], crypto = portableCrypto }: CommonOptions,
  identities: readonly string[],
): Environment {
  return {
    crypto,
    services: [...services, createAgeKeyService(portableAge, identities)],
    now: () => new Date(),
  };
}
