/** What is said about an edited text that cannot be saved, and what becomes of it. Upstream: `cmd/sops/edit.go`. */
import type { EditProblem } from '../../core/document/edit.ts';
import { sealEdit, sealRejected } from '../../core/document/edit.ts';
import type { SopsError } from '../../core/errors.ts';
import { prefixed } from '../../core/errors.ts';
import { keepResult } from '../../node/editor/keep-result.ts';
import type { CommandContext } from '../command.ts';
import { MARSHAL_PREFIX } from '../error-prefix.ts';
import { bytesOf } from '../source.ts';
import type { Cancellation } from './cancellation.ts';
import type { Editing } from './editing.ts';

/** Why the text goes back to the editor. */
export interface Rejection {
  readonly message: string;
  readonly reason: string | undefined;
  readonly error: SopsError;
  /** Keeps what was typed, for want of another round; gives the error that ends the command. */
  end(): Promise<SopsError>;
}

/** Upstream's words, but for the last: there upstream ends and drops the text. */
const MESSAGES: Readonly<Record<EditProblem, string>> = {
  syntax: 'Could not load tree, probably due to invalid syntax.',
  metadata: 'SOPS metadata is invalid.',
  content: 'Tree not valid for encryption.',
  keys: "No master keys were provided, so sops can't encrypt the file.",
  encryption: 'Could not encrypt the file.',
};

/** A text that cannot be encrypted. */
export function rejectionOf(
  context: CommandContext,
  editing: Editing,
  edited: Uint8Array,
  { problem, error }: { problem: EditProblem; error: SopsError },
): Rejection {
  const isDump = error.code === 'dump' && !error.message.startsWith(MARSHAL_PREFIX);
  const dumpPrefix = isDump ? MARSHAL_PREFIX : '';
  return {
    message: MESSAGES[problem],
    reason: problem === 'keys' ? undefined : dumpPrefix + error.message,
    error,
    end: async () => {
      const prefix = problem === 'encryption' ? '' : `${MESSAGES[problem]} `;
      await keepRejected(context, editing, edited);
      return prefixed(prefix + dumpPrefix, error);
    },
  };
}

/**
 * A result that cannot be written.
 *
 * @throws SopsError `error`, when the result could be kept elsewhere
 */
export async function rejectionOfWriting(
  context: CommandContext,
  editing: Editing,
  result: Uint8Array,
  error: SopsError,
): Promise<Rejection> {
  if (await isKept(context, editing, result, { isFormatKept: true })) throw error;
  return { message: 'Could not write the file.', reason: error.message, error, end: () => Promise.resolve(error) };
}

/** Keeps a text that was typed before the edit was broken off. */
export async function keepBrokenOff(context: CommandContext, editing: Editing, edited: Uint8Array): Promise<void> {
  const result = await sealEdit(editing.opened, edited, editing.options);
  if (result.problem !== undefined) return keepRejected(context, editing, edited);
  await isKept(context, editing, bytesOf(result.text), { isFormatKept: true });
}

/** As it is, so that not even a text that cannot be parsed gets lost. */
async function keepRejected(context: CommandContext, editing: Editing, edited: Uint8Array): Promise<void> {
  const { opened, options } = editing;
  const bytes = bytesOf(await sealRejected(opened, edited, options.environment));
  await isKept(context, editing, bytes, { isFormatKept: false });
}

async function isKept(
  { host, output }: CommandContext,
  { path }: Editing,
  bytes: Uint8Array,
  { isFormatKept }: { isFormatKept: boolean },
): Promise<boolean> {
  const kept = keepResult(path, bytes, { isFormatKept, env: host.env });
  if (kept !== undefined) await output.warn('The edited text was kept, encrypted.', { file: kept });
  return kept !== undefined;
}

/**
 * Waits until the user wants to go back to the editor.
 *
 * @throws SopsError when nobody is there, and `generic` when the user cancels
 */
export async function waitForNextRound(
  { host, output }: CommandContext,
  rejection: Rejection,
  cancellation: Cancellation,
): Promise<void> {
  const { message, reason } = rejection;
  await output.log({
    logger: 'CMD',
    level: 'error',
    message: `${message} Press enter to return to the editor, or Ctrl+C to exit.`,
    fields: reason === undefined ? undefined : { error: reason },
  });
  await output.place(rejection.error);
  const isLine = await cancellation.until((signal) => host.stdin.waitForLine(signal));
  // The end of the input that a terminal sends is a keystroke like any other; without a terminal nobody is there (D27).
  if (!isLine && !host.stdin.isTty) throw await rejection.end();
}
