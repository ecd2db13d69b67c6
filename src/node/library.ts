/** The library for Node, Bun and Deno: files, the environment's identities, and `.sops.yaml`. */
import path from 'node:path';
import type { CreationSettings } from '../core/config/creation-rule.ts';
import { findCreationRule, pathForRules, selectionOfRule, settingsOfRule } from '../core/config/creation-rule.ts';
import type { Data } from '../core/document/data.ts';
import { SopsError } from '../core/errors.ts';
import type { FormatName } from '../core/formats/format.ts';
import { formatOfPath } from '../core/formats/formats.ts';
import type { KeyService } from '../core/keys/master-key.ts';
import type { DecryptOptions, EncryptOptions } from '../core/library.ts';
import { decrypt, decryptToBytes, decryptToData, encrypt } from '../core/library.ts';
import { encodeText } from '../core/tree/utf8.ts';
import { replaceFile } from './atomic-write.ts';
import { folderOfConfig, readConfig, searchConfig } from './config-discovery.ts';
import { nodeCrypto } from './crypto.ts';
import { readInput } from './files.ts';
import { createLocalKeyService } from './keys/local-service.ts';
import { createNodeKeyHost } from './keys/node-key-host.ts';

/** What the functions on files have in common. */
export interface FileOptions {
  /** The format of the file; unless given, its name tells: `.yaml`, `.yml`, `.json`, `.env`, `.ini`, anything else is binary. */
  format?: FormatName;
  /** Where identities and agents are looked for, instead of the process's environment. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Options of {@link decryptFile}. */
export type DecryptFileOptions = FileOptions & Partial<DecryptOptions>;

/** Options of {@link encryptFile}. */
export interface EncryptFileOptions extends FileOptions, Partial<Omit<EncryptOptions, 'format'>> {
  /** Writes the result over the file, whole or not at all, unless the file changed meanwhile. */
  inPlace?: boolean;
  /** The configuration; unless given, the nearest `.sops.yaml` in or above the working folder. */
  config?: string;
}

/**
 * Decrypts a file, with the identities of the environment (`SOPS_AGE_KEY`, `SOPS_AGE_KEY_FILE`, `keys.txt`, SSH keys, gpg …) after
 * those of the options.
 *
 * @example
 * ```ts
 * const text = await decryptFile('values.secret.yaml');
 * ```
 *
 * @throws SopsError `unreadable-input`, and what `decrypt` throws
 */
export async function decryptFile(file: string, options: DecryptFileOptions = {}): Promise<string> {
  return decrypt(readInput(file), completed(file, options));
}

/** Decrypts a file to bytes, for content that need not be UTF-8. @throws as {@link decryptFile} */
export async function decryptFileToBytes(file: string, options: DecryptFileOptions = {}): Promise<Uint8Array> {
  return decryptToBytes(readInput(file), completed(file, options));
}

/**
 * Decrypts a file to data with types.
 *
 * @example
 * ```ts
 * const { database } = await decryptFileToData('values.secret.yaml');
 * ```
 *
 * @throws as {@link decryptFile}
 */
export async function decryptFileToData(file: string, options: DecryptFileOptions = {}): Promise<Data> {
  return decryptToData(readInput(file), completed(file, options));
}

/**
 * Encrypts a file: for the recipients or groups given, else by the first rule of `.sops.yaml` that matches it. Settings given win
 * over the rule's.
 *
 * @returns the encrypted text
 * @throws SopsError `unreadable-input`, `unwritable-output`, `invalid-config`, and what `encrypt` throws
 */
export async function encryptFile(file: string, options: EncryptFileOptions = {}): Promise<string> {
  const { inPlace, config, ...rest } = options;
  const rule = await ruleFor(path.resolve(file), config);
  const hasKeys = rest.recipients !== undefined || rest.groups !== undefined;
  if (!hasKeys && !rule) {
    throw new SopsError('invalid-config', 'no .sops.yaml with creation rules found, and no recipients given');
  }
  const selection = rule && selectionOfRule(rule);
  const bytes = readInput(file);
  const text = await encrypt(bytes, {
    ...(rule && !hasKeys ? { groups: rule.keyGroups } : {}),
    ...(rule ? { threshold: rule.shamirThreshold, macOnlyEncrypted: rule.macOnlyEncrypted } : {}),
    ...(selection ? { selection } : {}),
    ...completed(file, rest),
  });
  if (inPlace) await replaceFile(path.resolve(file), encodeText(text), { expected: bytes });
  return text;
}

async function ruleFor(file: string, config: string | undefined): Promise<CreationSettings | undefined> {
  const folder = process.cwd();
  const found = config ?? searchConfig(folder).path;
  if (found === undefined) return undefined;
  const rule = await findCreationRule(
    readConfig(folder, found),
    pathForRules(file, folderOfConfig(folder, found), path.sep),
  );
  return rule && settingsOfRule(rule);
}

function completed<T extends FileOptions & { services?: readonly KeyService[] }>(
  file: string,
  options: T,
): T & { format: FormatName; services: readonly KeyService[]; crypto: typeof nodeCrypto } {
  return {
    crypto: nodeCrypto,
    ...options,
    format: options.format ?? formatOfPath(file).name,
    services: [...(options.services ?? []), localKeyService(options.env)],
  };
}

/**
 * The keys of this machine as a key service: identities of the environment, SSH keys, age plugins, gpg. They are looked for when the
 * first key is tried.
 *
 * @param env - in place of the process's environment
 */
export function localKeyService(env: Readonly<Record<string, string | undefined>> = process.env): KeyService {
  return createLocalKeyService(createNodeKeyHost({ env, platform: process.platform }));
}
