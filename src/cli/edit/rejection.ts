/** What is said about an edited text that cannot be saved, and what becomes of it. Upstream: `cmd/sops/edit.go`. */
import type { EditProblem } from '../../core/document/edit.ts';
import { sealRejected } from '../../core/document/edit.ts';
import { SopsError } from '../../core/errors.ts';
import { keepResult } from '../../node/editor/keep-result.ts';
import type { CommandContext } from '../command.ts';
import { bytesOf } from '../source.ts';
import { untilCancelled } from './cancellation.ts';
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
  const { opened, options, path } = editing;
  const isDump = error.code === 'dump' && !error.message.startsWith('Could not marshal tree: ');
  const reason = isDump ? `Could not marshal tree: ${error.message}` : error.message;
  return {
    message: MESSAGES[problem],
    reason: problem === 'keys' ? undefined : reason,
    end: async () => {
      // As it is, so that not even a text that is no YAML gets lost.
      const bytes = bytesOf(await sealRejected(opened, edited, options.environment));
      const message = problem === 'encryption' ? reason : `${MESSAGES[problem]} ${reason}`;
      const kept = keepResult(path, bytes, { isFormatKept: false, env: context.host.env });
      return withHint(new SopsError(error.code, message, { cause: error }), 'the edited text was', kept);
    },
  };
}

/**
 * A result that cannot be written.
 *
 * @throws SopsError that one, with the place where the result was kept
 */
export function rejectionOfWriting(
  context: CommandContext,
  { path }: Editing,
  result: Uint8Array,
  error: SopsError,
): Rejection {
  const kept = keepResult(path, result, { isFormatKept: true, env: context.host.env });
  if (kept !== undefined) throw withHint(error, 'the edited file was', kept);
  return { message: 'Could not write the file.', reason: error.message, end: () => Promise.resolve(error) };
}

function withHint(error: SopsError, what: string, kept: string | undefined): SopsError {
  if (kept === undefined) return error;
  return new SopsError(error.code, error.message, { cause: error.cause, hint: `${what} kept, encrypted, as ${kept}` });
}

/**
 * Waits until the user wants to go back to the editor.
 *
 * @throws SopsError when nobody is there, and `generic` when the user cancels
 */
export async function waitForNextRound({ host, output }: CommandContext, rejection: Rejection): Promise<void> {
  const { message, reason } = rejection;
  await output.log({
    logger: 'CMD',
    level: 'error',
    message: `${message} Press enter to return to the editor, or Ctrl+C to exit.`,
    fields: reason === undefined ? undefined : { error: reason },
  });
  const isLine = await untilCancelled(host.exec, (signal) => host.stdin.waitForLine(signal));
  // The end of the input that a terminal sends is a keystroke like any other; without a terminal nobody is there (D27).
  if (!isLine && !host.stdin.isTty) throw await rejection.end();
}
