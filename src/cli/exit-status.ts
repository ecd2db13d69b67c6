import type { SopsErrorCode } from '../core/errors.ts';

/** Exit statuses that no {@link SopsErrorCode} stands for. */
export const SUCCESS = 0;
export const FAILURE = 1;
/** `help`, `groups` or `completion` with a word they do not know. */
export const UNKNOWN_TOPIC = 3;
/** Nobody reads stdout any more: what a shell reports of a program that SIGPIPE ended. */
export const BROKEN_PIPE = 141;

/** Upstream: `cmd/sops/codes/codes.go`. */
const STATUS: Readonly<Record<SopsErrorCode, number>> = {
  generic: 1,
  'invalid-metadata': 1,
  'invalid-config': 1,
  'invalid-key': 1,
  'path-not-found': 1,
  'unreadable-input': 2,
  'unwritable-output': 3,
  dump: 4,
  'invalid-encryption-context': 6,
  'invalid-set': 7,
  'conflicting-parameters': 8,
  'encrypt-mac': 21,
  'encrypt-tree': 23,
  'decrypt-tree': 25,
  'keys-on-missing-file': 49,
  'mac-mismatch': 51,
  'invalid-extract-path': 91,
  'empty-document': 92,
  'no-file': 100,
  'invalid-decryption-order': 112,
  'no-data-key': 128,
  'not-modified': 200,
  editor: 201,
  // Upstream's 202 is for a version that edit cannot compare; such a file is refused before, when it is read.
  'invalid-version': 1,
  'already-encrypted': 203,
};

/** The exit status for an error's code. */
export function exitStatus(code: SopsErrorCode): number {
  return STATUS[code];
}
