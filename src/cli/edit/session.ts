/** The rounds of an edit, from the text in the editor to the file that was written. Upstream: `cmd/sops/edit.go`. */
import type { ChildProcess } from 'node:child_process';
import { basename, join } from 'node:path';
import { sealEdit, textToEdit } from '../../core/document/edit.ts';
import { SopsError } from '../../core/errors.ts';
import { replaceFile } from '../../node/atomic-write.ts';
import { runEditor } from '../../node/editor/editor.ts';
import { readErrorText, readWhole } from '../../node/files.ts';
import { goErrorText, goReason } from '../../node/go-errors.ts';
import type { TemporaryFolder } from '../../node/temporary-folder.ts';
import { createTemporaryFolder } from '../../node/temporary-folder.ts';
import type { CommandContext } from '../command.ts';
import { MARSHAL_PREFIX, withDumpPrefix } from '../error-prefix.ts';
import { bytesOf } from '../source.ts';
import { Cancellation } from './cancellation.ts';
import type { Editing } from './editing.ts';
import type { Rejection } from './rejection.ts';
import { keepBrokenOff, rejectionOf, rejectionOfWriting, waitForNextRound } from './rejection.ts';

/**
 * Lets the user edit the clear text until it can be encrypted, and writes the result.
 *
 * @throws SopsError `not-modified`, `editor`, `generic` when the user cancels, and whatever keeps the result from being written
 */
export async function runSession(context: CommandContext, editing: Editing): Promise<void> {
  const { opened, options, path } = editing;
  const original = bytesOf(withDumpPrefix(MARSHAL_PREFIX, () => textToEdit(opened, options)));
  const { env, exec } = context.host;
  let file: string | undefined;
  const cancellation = new Cancellation(exec, () => (file === undefined ? undefined : findChanged(file, original)));
  try {
    const folder = createTemporaryFolder({ env, cleanup: exec.cleanup, size: original.length });
    try {
      file = placeText(folder, basename(path), original);
      await editUntilSaved(context, editing, { file, original, cancellation });
    } finally {
      await removeFolder(context, folder);
    }
  } catch (error) {
    const { text } = cancellation;
    if (text !== undefined) await keepBrokenOff(context, editing, text);
    throw error;
  } finally {
    cancellation.stop();
  }
}

/** What the rounds have in common. */
interface Rounds {
  readonly file: string;
  readonly original: Uint8Array;
  readonly cancellation: Cancellation;
}

async function editUntilSaved(context: CommandContext, editing: Editing, rounds: Rounds): Promise<void> {
  const { file, original, cancellation } = rounds;
  for (;;) {
    await letEdit(context, file, cancellation);
    const edited = readEdited(file);
    if (Buffer.compare(edited, original) === 0) throw new SopsError('not-modified', 'File has not changed, exiting.');
    const rejection = await save(context, editing, edited, cancellation);
    if (rejection === undefined) return;
    await waitForNextRound(context, rejection, cancellation);
  }
}

function findChanged(file: string, original: Uint8Array): Uint8Array | undefined {
  try {
    const text = readWhole(file);
    return Buffer.compare(text, original) === 0 ? undefined : text;
  } catch {
    return undefined;
  }
}

function placeText(folder: TemporaryFolder, name: string, text: Uint8Array): string {
  try {
    return folder.writeFile(name, text);
  } catch (error) {
    const reason = goErrorText('open', join(folder.path, name), error);
    throw new SopsError('unwritable-output', `Could not create temporary file: ${reason}`, { cause: error });
  }
}

function letEdit({ host }: CommandContext, file: string, cancellation: Cancellation): Promise<void> {
  return cancellation.until((signal) => {
    // When the user cancels, the editor is left to itself, as upstream leaves it.
    const onStart = (child: ChildProcess): void => {
      if (signal.aborted) child.unref();
      signal.addEventListener('abort', () => {
        child.unref();
      });
    };
    return runEditor(file, { env: host.env, onStart });
  });
}

function readEdited(file: string): Uint8Array {
  try {
    return readWhole(file);
  } catch (error) {
    throw new SopsError('unreadable-input', `Could not hash file: ${readErrorText(file, error)}`, { cause: error });
  }
}

/** Encrypts and writes the edited text. @returns why it cannot be, unless that ends the command */
async function save(
  context: CommandContext,
  editing: Editing,
  edited: Uint8Array,
  cancellation: Cancellation,
): Promise<Rejection | undefined> {
  const result = await cancellation.until(() => sealEdit(editing.opened, edited, editing.options));
  if (result.problem !== undefined) return rejectionOf(context, editing, edited, result);
  const bytes = bytesOf(result.text);
  try {
    await replaceFile(editing.path, bytes, { expected: editing.expected, cleanup: context.host.exec.cleanup });
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    return await rejectionOfWriting(context, editing, bytes, error);
  }
  await context.output.log({ logger: 'CMD', level: 'info', message: 'File written successfully' });
  return undefined;
}

async function removeFolder({ output }: CommandContext, folder: TemporaryFolder): Promise<void> {
  try {
    folder.remove();
  } catch (error) {
    await output.warn(`Could not remove the clear text in ${folder.path}: ${goReason(error)}`);
  }
}
