/** What is said about an edited text that cannot be saved, and what becomes of it. Upstream: `cmd/sops/edit.go`. */
import type { EditProblem } from '../../core/document/edit.ts';
import { sealEdit, sealRejected } from '../../core/document/edit.ts';
import { SopsError } from '../../core/errors.ts';
import { keepResult } from '../../node/editor/keep-result.ts';
import type { CommandContext } from '../command.ts';
import { bytesOf } from '../source.ts';
import type { Cancellation } from './cancellation.ts';
import type { Editing } from './editing.ts';

/** Why the text goes back to the editor. */
export interface Rejection {
  readonly message: string;
  readonly reason: string | undefined;
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
  const isDump = error.code === 'dump' && !error.message.startsWith('Could not marshal tree: ');
  const reason = isDump ? `Could not marshal tree: ${error.message}` : error.message;
  return {
    message: MESSAGES[problem],
    reason: problem === 'keys' ? undefined : reason,
    end: async () => {
      const message = problem === 'encryption' ? reason : `${MESSAGES[problem]} ${reason}`;
      const kept = await keepRejected(context, editing, edited);
      return withPlace(new SopsError(error.code, message, { cause: error }), kept);
    },
  };
}

/**
 * A result that cannot be written.
 *
 * @throws SopsError that one, with the place where the result was kept
 */
export function rejectionOfWriting(
  { host }: CommandContext,
  { path }: Editing,
  result: Uint8Array,
  error: SopsError,
): Rejection {
  const kept = keepResult(path, result, { isFormatKept: true, env: host.env });
  if (kept !== undefined) throw withPlace(error, kept);
  return { message: 'Could not write the file.', reason: error.message, end: () => Promise.resolve(error) };
}

/** Keeps a text that was typed before the edit was broken off; gives the error with the place where it is. */
export async function keepBrokenOff(
  context: CommandContext,
  editing: Editing,
  edited: Uint8Array,
  error: SopsError,
): Promise<SopsError> {
  const result = await sealEdit(editing.opened, edited, editing.options);
  if (result.problem !== undefined) return withPlace(error, await keepRejected(context, editing, edited));
  const { env } = context.host;
  return withPlace(error, keepResult(editing.path, bytesOf(result.text), { isFormatKept: true, env }));
}

/** As it is, so that not even a text that cannot be parsed gets lost. */
async function keepRejected(
  { host }: CommandContext,
  { opened, options, path }: Editing,
  edited: Uint8Array,
): Promise<string | undefined> {
  const bytes = bytesOf(await sealRejected(opened, edited, options.environment));
  return keepResult(path, bytes, { isFormatKept: false, env: host.env });
}

function withPlace(error: SopsError, kept: string | undefined): SopsError {
  if (kept === undefined) return error;
  return new SopsError(error.code, error.message, {
    cause: error.cause,
    hint: `the edited text was kept, encrypted, in ${kept}`,
  });
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
  const isLine = await cancellation.until((signal) => host.stdin.waitForLine(signal));
  // The end of the input that a terminal sends is a keystroke like any other; without a terminal nobody is there (D27).
  if (!isLine && !host.stdin.isTty) throw await rejection.end();
}
