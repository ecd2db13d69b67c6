import type { ChildEnd } from '../node/child-process.ts';
import { failureText } from '../node/child-process.ts';
import type { CommandContext } from './command.ts';
import { SUCCESS } from './exit-status.ts';

/** Upstream's status for a command that ended by a signal of its own. */
const SIGNALLED = 255;

/**
 * Ends as a command that was run did: its exit status, and one line on stderr for a failure. A signal that this process got too ends
 * both without a word, as it ends upstream: what a shell or a supervisor makes of the end is the same.
 *
 * @param end - undefined for a command in the background
 * @param options - `isSilent`: the command took the place of this program: no line, and its signal becomes that of this process
 * @returns the exit status
 */
export async function endLike(
  { host, output }: CommandContext,
  end: ChildEnd | undefined,
  options: { isSilent?: boolean } = {},
): Promise<number> {
  if (end === undefined) return SUCCESS;
  if (end.signal !== undefined && (options.isSilent || end.isShared)) host.endBySignal(end.signal);
  const failure = failureText(end);
  if (failure !== undefined && !options.isSilent) await output.note(failure);
  return end.signal === undefined ? end.status : SIGNALLED;
}
