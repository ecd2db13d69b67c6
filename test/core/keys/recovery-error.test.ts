import { describe, expect, test } from 'vitest';
import { KeyRecoveryError } from '../../../src/core/keys/recovery-error.ts';

const alice = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
const bob = 'age158tmrc2h6h5qrru83k4597nlcl7y049kvesva8l9v7dx72m9mg9qp4slz6';
const reason =
  'failed to create reader for decrypting sops data key with age: identity did not match any of the recipients: incorrect ' +
  "identity for recipient block. Did not find keys in locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE', " +
  "'SOPS_AGE_SSH_PRIVATE_KEY_CMD', '/h/.ssh/id_ed25519', '/h/.ssh/id_rsa', 'SOPS_AGE_KEY_FILE', and 'SOPS_AGE_KEY_CMD'.";

const withoutThreshold = `Recovery failed because no master key was able to decrypt the file. In
order for SOPS to recover the file, at least one key has to be successful,
but none were.`;

/** The texts are those of the reference program. */
describe('the text of a failed recovery', () => {
  test('with one group that succeeded and a threshold', () => {
    const error = new KeyRecoveryError(2, [
      { recovered: true },
      { recovered: false, failures: [{ key: bob, reasons: [reason] }] },
    ]);
    expect(error.message).toBe(`Failed to get the data key required to decrypt the SOPS file.

Group 0: SUCCESS

Group 1: FAILED
  ${bob}: FAILED
    - | failed to create reader for decrypting sops data key with
      | age: identity did not match any of the recipients: incorrect
      | identity for recipient block. Did not find keys in locations
      | 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
      | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD', '/h/.ssh/id_ed25519',
      | '/h/.ssh/id_rsa', 'SOPS_AGE_KEY_FILE', and
      | 'SOPS_AGE_KEY_CMD'.

Recovery failed because the file was encrypted with a Shamir threshold of
2, but only 1 part(s) were successfully recovered, one for each successful
key group. In order for SOPS to recover the file, at least 2 groups have to
be successful. In order for a group to be successful, decryption has to
succeed with any of the keys in that key group.`);
  });

  test('with no key service and two keys', () => {
    const failures = [alice, bob].map((key) => ({ key, reasons: [] }));
    expect(new KeyRecoveryError(0, [{ recovered: false, failures }]).message).toBe(
      `Failed to get the data key required to decrypt the SOPS file.

Group 0: FAILED
  ${alice}: FAILED
${'  '}
${'  '}
  ${bob}: FAILED


${withoutThreshold}`,
    );
  });

  test('with two services and a reason of several lines', () => {
    const failures = [{ key: alice, reasons: ['first', 'one\ntwo'] }];
    expect(new KeyRecoveryError(0, [{ recovered: false, failures }]).message).toBe(
      `Failed to get the data key required to decrypt the SOPS file.

Group 0: FAILED
  ${alice}: FAILED
    - | first
${'    '}
    - | one
      | two

${withoutThreshold}`,
    );
  });

  test('takes other words for the outcome', () => {
    const error = new KeyRecoveryError(0, [
      { recovered: true },
      { recovered: false, failures: [{ key: 'K', reasons: ['r'] }] },
    ]);
    expect(error.text({ success: '<ok>', failed: '<no>' }).split('\n').slice(2, 8)).toEqual([
      'Group 0: <ok>',
      '',
      'Group 1: <no>',
      '  K: <no>',
      '    - | r',
      '',
    ]);
  });
});
