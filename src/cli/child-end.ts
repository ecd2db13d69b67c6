import type { ChildEnd } from '../node/child-process.ts';
import { failureText } from '../node/child-process.ts';
import type { CommandContext } from './command.ts';
import { SUCCESS } from './exit-status.ts';

/** Upstream's status for a command that a signal ended. */
const SIGNALLED = 255;

/**
 * Ends as a command that was run did: its exit status, and one line on stderr for a failure.
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
  if (options.isSilent && end.signal !== undefined) host.endBySignal(end.signal);
  const failure = failureText(end);
  if (failure !== undefined && !options.isSilent) await output.note(failure);
  return end.signal === undefined ? end.status : SIGNALLED;
}
