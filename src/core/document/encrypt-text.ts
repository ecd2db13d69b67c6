/** Plain text to encrypted text. Upstream: `cmd/sops/encrypt.go`. */
import { prefixed, SopsError } from '../errors.ts';
import type { Format, Source } from '../formats/format.ts';
import type { Tree } from '../tree/node.ts';
import type { EmitSettings, EncryptionSettings, Environment } from './file.ts';
import { checkPlain, dropImplicit, emitEncrypted, encryptTreeAsFile } from './file.ts';
import { emitSettled } from './settle-comments.ts';
import { dropSpellings, hasDigitsToLose } from './spellings.ts';

export interface EncryptTextOptions extends EmitSettings {
  format: Format;
  /** Where the encrypted text is to be in another format. */
  outputFormat?: Format;
  settings: EncryptionSettings;
  environment: Environment;
}

/**
 * Encrypts a text: new data key, every selected value, the metadata at the end.
 *
 * @throws FormatError `unreadable-input`: the text is not in its format
 * @throws SopsError `empty-document`, `already-encrypted`, `dump`, `generic` (a key cannot wrap the data key), `encrypt-tree`
 */
export async function encryptText(source: Source, options: EncryptTextOptions): Promise<Source> {
  const { format, outputFormat = format, settings, environment } = options;
  const tree = parsePlain(source, options);
  if (outputFormat !== format) {
    dropSpellings(tree, hasDigitsToLose);
    dropImplicit(tree, format, outputFormat);
  }
  checkPlain(tree, outputFormat);
  outputFormat.checkHolds(tree, 'encrypted');
  const file = await encryptTreeAsFile(tree, format, outputFormat, settings, environment);
  const emit = (attempt: EmitSettings): Source => emitEncrypted(file, outputFormat, { ...options, ...attempt });
  // The parser attributes comments as the reader of the encrypted text will, but only in the layout that it read.
  const isOtherLayout = outputFormat !== format || format.movesComments?.(tree);
  return isOtherLayout ? emitSettled(file, outputFormat, environment, emit) : emit({});
}

function parsePlain(source: Source, { format, outputFormat = format, indent }: EncryptTextOptions): Tree {
  const tree = parse(source, format);
  if (indent === undefined || outputFormat !== format) return tree;
  // With an indentation of its own the text is first written anew, so that comments are attributed in that layout.
  return parse(format.emit(tree, { form: 'plain', indent }), format);
}

function parse(source: Source, format: Format): Tree {
  try {
    return format.parse(source, 'plain');
  } catch (error) {
    const isUnreadable = error instanceof SopsError && error.code === 'unreadable-input';
    throw isUnreadable ? prefixed('Error unmarshalling file: ', error) : error;
  }
}
