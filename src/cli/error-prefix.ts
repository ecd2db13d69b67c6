import type { SopsErrorCode } from '../core/errors.ts';
import { SopsError } from '../core/errors.ts';

/** The error with words in front of its message; with `code`, of that code. Anything but a SopsError is given back as it is. */
export function prefixed(prefix: string, error: unknown, code?: SopsErrorCode): unknown {
  if (!(error instanceof SopsError)) return error;
  return new SopsError(code ?? error.code, prefix + error.message, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.location === undefined ? {} : { location: error.location }),
  });
}

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
