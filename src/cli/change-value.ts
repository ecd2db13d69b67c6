/** What `set`, `unset` and `--set` have in common: open a file, change its first document, seal it and write it back. */

import { refuseExposed, valuesSelectedByComments } from '../core/document/exposed-value.ts';
import type { Environment } from '../core/document/file.ts';
import { checkPlain, sealAndEmit } from '../core/document/file.ts';
import { SopsError } from '../core/errors.ts';
import type { KeyPath } from '../core/tree/key-path.ts';
import { parseKeyPath } from '../core/tree/key-path.ts';
import type { MapNode } from '../core/tree/node.ts';
import type { CommandContext } from './command.ts';
import type { Configuration } from './configuration.ts';
import { MARSHAL_PREFIX, withDumpPrefix, withDumpPrefixAsync } from './error-prefix.ts';
import { emitSettings, inputFormat, namingPath, outputFormat } from './formats.ts';
import { openSource } from './open-source.ts';
import { readSource, writeInPlace } from './source.ts';

/**
 * Reads the path to a value.
 *
 * @param refusal - the message for one that is malformed, or empty
 * @throws SopsError `invalid-set`
 */
export function readValuePath(text: string, refusal: string): KeyPath {
  let path: KeyPath = [];
  try {
    path = parseKeyPath(text);
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
  }
  if (path.length === 0) throw new SopsError('invalid-set', refusal);
  return path;
}

/**
 * Changes the first document of a file.
 *
 * @param change - makes the change; false: leave the file as it is
 * @param options - `isChecked`: the result is checked as a plain file is before it is encrypted
 * @throws SopsError
 */
export async function changeFile(
  context: CommandContext,
  file: string,
  { config }: Configuration,
  environment: Environment,
  change: (document: MapNode) => boolean,
  options: { isChecked: boolean },
): Promise<void> {
  const naming = namingPath(context, file);
  const target = outputFormat(context, naming);
  const source = await readSource(context, file);
  const opened = await openSource(context, source, inputFormat(context, naming), environment);
  const encrypted = await valuesSelectedByComments(opened);
  const [document] = opened.tree.documents;
  if (document === undefined || !change(document)) return;
  if (options.isChecked) {
    checkPlain(opened.tree, target);
    withDumpPrefix(MARSHAL_PREFIX, () => {
      target.checkHolds(opened.tree, 'encrypted');
    });
  }
  const result = await withDumpPrefixAsync(MARSHAL_PREFIX, async () =>
    sealAndEmit(opened, target, emitSettings(context, target, config.stores), environment),
  );
  refuseExposed(encrypted);
  await writeInPlace(context, source, file, result);
}
