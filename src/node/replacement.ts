import { SopsError } from '../core/errors.ts';
import type { Cleanup } from './cleanup.ts';
import { goErrorText } from './go-errors.ts';

/** A file to be replaced, and what to say when that fails. */
export interface Replacement extends WriteFailures {
  /** The path as it was given, for messages. */
  readonly path: string;
  /** The file itself, links followed. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Of a file that is created. */
  readonly mode: number;
  /** Whether the bytes are a secret. */
  readonly isClear: boolean;
  /** Removes what is not complete when a signal comes. */
  readonly cleanup: Cleanup | undefined;
  /** Reads the file and throws when it holds anything but what was expected. */
  checkUnchanged(): void;
}

/** Makes upstream's errors out of Node's. */
export interface WriteFailures {
  opening(cause: unknown): SopsError;
  /** @param addition - behind the text */
  writing(cause: unknown, addition?: string): SopsError;
}

/** What stands before Go's text, such as `open /x: permission denied`. */
export interface WritePrefixes {
  readonly openError: string;
  readonly writeError: string;
}

/** The errors of a file. */
export function failuresOf(name: string, prefixes: WritePrefixes): WriteFailures {
  return {
    opening: (cause) =>
      new SopsError('unwritable-output', prefixes.openError + goErrorText('open', name, cause), { cause }),
    writing: (cause, addition = '') =>
      new SopsError('generic', prefixes.writeError + goErrorText('write', name, cause) + addition, { cause }),
  };
}

/** The refusal to overwrite what somebody else has written in the meantime. */
export function changedError(path: string, how: string, cause?: unknown): SopsError {
  return new SopsError(
    'unwritable-output',
    `Could not write ${path}: it has changed since it was read (${how}); nothing was written`,
    { hint: 'run the command again', cause },
  );
}
