import { prefixed, SopsError } from '../core/errors.ts';

/** What upstream says before an error of writing an encrypted file. */
export const MARSHAL_PREFIX: string = 'Could not marshal tree: ';

/** Runs an action; a SopsError of code `dump` gets words in front of it, unless it has them. */
export function withDumpPrefix<T>(prefix: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw isDump(error, prefix) ? prefixed(prefix, error) : error;
  }
}

/** {@link withDumpPrefix} for what takes its time. */
export async function withDumpPrefixAsync<T>(prefix: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw isDump(error, prefix) ? prefixed(prefix, error) : error;
  }
}

function isDump(error: unknown, prefix: string): boolean {
  return error instanceof SopsError && error.code === 'dump' && !error.message.startsWith(prefix);
}
