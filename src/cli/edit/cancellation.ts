import { SopsError } from '../../core/errors.ts';
import type { ExecHost } from '../../node/exec.ts';

/** What upstream takes for the user's wish to stop; other signals end the process as usual. */
const CANCELLING: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/**
 * Waits for something that takes as long as the user likes.
 *
 * @param start - starts it; when the signal is aborted, nothing of it may keep the process from ending
 * @throws SopsError `generic` when the user cancels
 */
export async function untilCancelled<T>(host: ExecHost, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let stop = (): void => undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    stop = host.listen(CANCELLING, () => {
      abort.abort();
      reject(new SopsError('generic', 'User canceled operation'));
    });
  });
  try {
    return await Promise.race([start(abort.signal), cancelled]);
  } finally {
    stop();
  }
}
