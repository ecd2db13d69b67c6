import { redactSecrets } from './redact-secrets.ts';

/**
 * What went wrong, as a closed set. `src/cli/exit-status.ts` maps each code to upstream's exit status
 * (`cmd/sops/codes/codes.go`), so a code without a status is a type error there.
 */
export type SopsErrorCode =
  /** Anything that upstream ends with the generic status. */
  | 'generic'
  /** A file or stdin cannot be read, or plain text cannot be parsed. */
  | 'unreadable-input'
  /** A file cannot be created or opened for writing. */
  | 'unwritable-output'
  /** A tree cannot be written in the format asked for. */
  | 'dump'
  /** Metadata of an encrypted file, or a whole encrypted file, cannot be read. */
  | 'invalid-metadata'
  /** A malformed `--encryption-context`. */
  | 'invalid-encryption-context'
  /** A malformed path or value of `set` or `unset`. */
  | 'invalid-set'
  /** Parameters that exclude each other. */
  | 'conflicting-parameters'
  /** The MAC cannot be encrypted. */
  | 'encrypt-mac'
  /** The tree cannot be encrypted. */
  | 'encrypt-tree'
  /** The tree cannot be decrypted. */
  | 'decrypt-tree'
  /** Keys are to be added to or removed from a file that does not exist. */
  | 'keys-on-missing-file'
  /** The MAC is missing, cannot be decrypted, or does not match. */
  | 'mac-mismatch'
  /** A malformed `--extract` path. */
  | 'invalid-extract-path'
  /** There is no document to encrypt. */
  | 'empty-document'
  /** No file was named, or it does not exist. */
  | 'no-file'
  /** A malformed decryption order. */
  | 'invalid-decryption-order'
  /** No master key gives the data key. */
  | 'no-data-key'
  /** `edit`: nothing was changed. */
  | 'not-modified'
  /** The editor failed or could not be found. */
  | 'editor'
  /** The version of the file cannot be compared with the program's. */
  | 'invalid-version'
  /** The file is encrypted already, or uses the reserved key. */
  | 'already-encrypted'
  /** A creation rule, or the whole configuration, is invalid or lacks what is needed. */
  | 'invalid-config'
  /** A master key (recipient, fingerprint, resource name) or an identity is malformed. */
  | 'invalid-key'
  /** A key path leads nowhere. */
  | 'path-not-found';

/** What a {@link SopsError} can carry besides its code and message. */
export interface SopsErrorOptions {
  /** Where in the document: keys and list positions, outermost first. Never a value. */
  location?: readonly (string | number)[] | undefined;
  /** What to try next, one line. */
  hint?: string | undefined;
  cause?: unknown;
}

/**
 * The only error that this library throws on purpose. The message is one line unless upstream's text has more,
 * and never holds a secret value or key: a secret key in what the user gave, such as a path, is left out of message and hint (D60),
 * and a cause that shows it is left out as a whole.
 */
export class SopsError extends Error {
  override readonly name: string = 'SopsError';
  readonly code: SopsErrorCode;
  readonly location: readonly (string | number)[] | undefined;
  readonly hint: string | undefined;

  constructor(code: SopsErrorCode, message: string, options: SopsErrorOptions = {}) {
    super(redactSecrets(message), isTellable(options.cause) ? { cause: options.cause } : undefined);
    this.code = code;
    this.location = options.location;
    this.hint = options.hint === undefined ? undefined : redactSecrets(options.hint);
  }
}

function isTellable(cause: unknown): boolean {
  if (cause === undefined) return false;
  const text = cause instanceof Error ? cause.message : cause;
  return typeof text !== 'string' || redactSecrets(text) === text;
}

interface Position {
  line?: number | undefined;
  column?: number | undefined;
}

/** What a {@link FormatError} can carry besides its message and position. */
export interface FormatErrorOptions extends SopsErrorOptions {
  /** `unreadable-input` where it is left out. */
  code?: SopsErrorCode;
}

/** A text that its format's parser refuses. `line` and `column` are 1-based; the message holds no value of the file. */
export class FormatError extends SopsError {
  override readonly name: string = 'FormatError';
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, position: Position = {}, options: FormatErrorOptions = {}) {
    super(options.code ?? 'unreadable-input', message, options);
    this.line = position.line;
    this.column = position.column;
  }
}

/**
 * The error with words in front of its message; with `code`, of that code. A FormatError stays one. Anything but a SopsError is given
 * back as it is.
 */
export function prefixed(prefix: string, error: SopsError, code?: SopsErrorCode): SopsError;
export function prefixed(prefix: string, error: unknown, code?: SopsErrorCode): unknown;
export function prefixed(prefix: string, error: unknown, code?: SopsErrorCode): unknown {
  return error instanceof SopsError ? copyOf(error, { prefix, code }) : error;
}

/** The error with another hint; as it is without one. */
export function hinted(error: SopsError, hint: string | undefined): SopsError {
  return hint === undefined ? error : copyOf(error, { hint });
}

/** The error with the place in the document, unless it has one. */
export function located(error: SopsError, location: readonly (string | number)[]): SopsError {
  return error.location !== undefined ? error : copyOf(error, { location });
}

interface Changes extends SopsErrorOptions {
  prefix?: string;
  code?: SopsErrorCode | undefined;
}

function copyOf(error: SopsError, changes: Changes): SopsError {
  const { prefix = '', code = error.code, location = error.location, hint = error.hint } = changes;
  const message = prefix + error.message;
  const options = { cause: error, location, hint };
  return error instanceof FormatError
    ? new FormatError(message, error, { ...options, code })
    : new SopsError(code, message, options);
}
