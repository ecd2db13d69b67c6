import { SopsError } from '../errors.ts';
import { redactSecrets } from '../redact-secrets.ts';
import { wrapWords } from './word-wrap.ts';

/** A key that did not give its group's part: one reason per key service, in the order in which they were asked. */
export interface KeyFailure {
  /** The key's text: recipient, fingerprint, resource name. */
  readonly key: string;
  readonly reasons: readonly string[];
}

/** What became of a group: its part was recovered, or every key of it failed. */
export type GroupResult =
  | { readonly recovered: true }
  | { readonly recovered: false; readonly failures: readonly KeyFailure[] };

/** The words for the outcome; a terminal may want them coloured. */
export interface RecoveryWords {
  readonly success: string;
  readonly failed: string;
}

/** The data key cannot be recovered. The message is the whole text that upstream prints, of several lines. */
export class KeyRecoveryError extends SopsError {
  override readonly name: string = 'KeyRecoveryError';
  /** As the file says; 0 when it says nothing. */
  readonly threshold: number;
  readonly groups: readonly GroupResult[];

  constructor(threshold: number, groups: readonly GroupResult[]) {
    // Before the text is wrapped: line breaks would hide a secret key.
    const shown = groups.map(withoutSecrets);
    super('no-data-key', recoveryText(threshold, shown));
    this.threshold = threshold;
    this.groups = shown;
  }

  /** The message with other words for success and failure. */
  text(words: RecoveryWords): string {
    return recoveryText(this.threshold, this.groups, words);
  }

  /** The short form that `groups` prints. */
  get summary(): string {
    const recovered = String(countRecovered(this.groups));
    return `Error getting data key: ${String(this.threshold)} successful groups required, got ${recovered}`;
  }
}

const plainWords: RecoveryWords = { success: 'SUCCESS', failed: 'FAILED' };

/** Upstream: `usererrors.go`. */
function recoveryText(threshold: number, groups: readonly GroupResult[], words: RecoveryWords = plainWords): string {
  const blocks = groups.map((group, index) => groupText(group, index, words)).join('\n\n');
  const trailer = wrapWords(trailerText(threshold, countRecovered(groups)), 75);
  return `Failed to get the data key required to decrypt the SOPS file.\n\n${blocks}\n\n${trailer}`;
}

function withoutSecrets(group: GroupResult): GroupResult {
  if (group.recovered) return group;
  const failures = group.failures.map(({ key, reasons }) => ({
    key: redactSecrets(key),
    reasons: reasons.map(redactSecrets),
  }));
  return { recovered: false, failures };
}

function countRecovered(groups: readonly GroupResult[]): number {
  return groups.filter((group) => group.recovered).length;
}

function trailerText(threshold: number, recovered: number): string {
  if (threshold === 0) {
    return (
      'Recovery failed because no master key was able to decrypt the file. In order for SOPS to recover the file, ' +
      'at least one key has to be successful, but none were.'
    );
  }
  return (
    `Recovery failed because the file was encrypted with a Shamir threshold of ${String(threshold)}, ` +
    `but only ${String(recovered)} part(s) were successfully recovered, one for each successful key group. ` +
    `In order for SOPS to recover the file, at least ${String(threshold)} groups have to be successful. ` +
    'In order for a group to be successful, decryption has to succeed with any of the keys in that key group.'
  );
}

function groupText(group: GroupResult, index: number, words: RecoveryWords): string {
  if (group.recovered) return `Group ${String(index)}: ${words.success}`;
  const keys = group.failures.map((failure) => keyFailureText(failure, words)).join('\n\n');
  return `Group ${String(index)}: ${words.failed}\n${prefixLines(keys, '  ')}`;
}

function keyFailureText(failure: KeyFailure, words: RecoveryWords): string {
  const reasons = failure.reasons.map((reason) => `-${prefixLines(wrapWords(reason, 60) || ' ', '  | ').slice(1)}`);
  return `${failure.key}: ${words.failed}\n${prefixLines(reasons.join('\n\n'), '  ')}`;
}

/** Puts the prefix before every line; nothing follows a final line feed. */
function prefixLines(text: string, prefix: string): string {
  return text.replace(/[^\n]*\n|[^\n]+$/g, (line) => prefix + line);
}
