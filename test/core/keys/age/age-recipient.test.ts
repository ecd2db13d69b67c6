import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAgeRecipient } from '../../../../src/core/keys/age/age-recipient.ts';
import { encodeBech32 } from '../../../../src/core/keys/age/bech32.ts';

const alice = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIII92sz7O/hNPm43QGGysEgaA1RmIpiWS5ac5PwNJ2m';
const pq =
  /age1pq1\S+/.exec(readFileSync(new URL('../../../conformance/keys/pq.age', import.meta.url), 'utf8'))?.[0] ?? '';

const native = 'failed to parse input as Bech32-encoded age public key: malformed recipient';
const plugin = 'failed to parse input as age key from age plugin: invalid recipient encoding:';
const sshKey = 'failed to parse input as age-ssh public key: malformed SSH recipient:';
const noKey = 'ssh: no key found; last parsing error for ignored line:';

function messageOf(text: string): string {
  try {
    parseAgeRecipient(text);
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a recipient', () => {
  test.each([
    [alice, 'x25519', alice],
    [` ${alice}\n`, 'x25519', alice],
    [pq, 'hybrid', pq],
    ['age1drawer1wfjkgm3f0ve', 'plugin', 'age1drawer1wfjkgm3f0ve'],
    [`${ssh}  a comment`, 'ssh', `${ssh}  a comment`],
  ])('is kept as written, but for white space around: %s', (text, kind, kept) => {
    expect(parseAgeRecipient(text)).toMatchObject({ kind, text: kept });
  });

  /** The texts of the reference program. */
  test.each([
    [
      'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvx',
      (t: string) => `${native} "${t}": invalid checksum`,
    ],
    ['age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq', (t: string) => `${native} "${t}": invalid checksum`],
    ['age1', (t: string) => `${native} "${t}": separator '1' at invalid position: pos=3, len=4`],
    ['age1Ms667', (t: string) => `${native} "${t}": mixed case`],
    ['age1pq1xxx', (t: string) => `${native} "${t}": separator '1' at invalid position: pos=6, len=10`],
    ['age1drawer1wfjkgm3f0vf', () => `${plugin} invalid checksum`],
    ['age1dr%awer1wfjkg', () => `${plugin} separator '1' at invalid position: pos=11, len=17`],
    ['ssh-ed25519 AAAA', (t: string) => `${sshKey} "${t}": ${noKey} ssh: short read`],
    ['ssh-ed25519', (t: string) => `${sshKey} "${t}": ssh: no key found`],
    ['ssh-ed25519 !!!', (t: string) => `${sshKey} "${t}": ${noKey} illegal base64 data at input byte 0`],
    [
      ssh.replace('ssh-ed25519', 'ssh-rsa'),
      (t: string) =>
        `${sshKey} "${t}": ${noKey} ssh: authorized keys key type mismatch: human-readable type "ssh-rsa", encoded type "ssh-ed25519"`,
    ],
    [
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      (t: string) => `${sshKey} "${t}": invalid Ed25519 public key: edwards25519: invalid point encoding`,
    ],
    ['nobody', () => 'failed to parse input, unknown recipient type: "nobody"'],
    ['', () => 'failed to parse input, unknown recipient type: ""'],
    [alice.toUpperCase(), (t: string) => `failed to parse input, unknown recipient type: "${t}"`],
  ])('is refused in the words of the reference program: %s', (text, expected) => {
    expect(messageOf(text)).toBe(expected(text));
  });

  test('of the post-quantum kind has reduced coefficients and the right length', () => {
    const make = (change: (bytes: Uint8Array) => void): string => {
      const bytes = new Uint8Array(1216);
      change(bytes);
      return encodeBech32('age1pq', bytes);
    };
    const invalid = make((bytes) => bytes.set([0xff, 0xff]));
    expect(messageOf(make(() => undefined))).toBe('nothing was thrown');
    expect(messageOf(invalid)).toBe(`${native} "${invalid}": invalid MLKEM768-X25519 public key`);
    const short = encodeBech32('age1pq', new Uint8Array(1215));
    expect(messageOf(short)).toBe(`${native} "${short}": invalid MLKEM768-X25519 public key`);
  });

  test.each([
    'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305',
    'age-secret-key-1fqxppt5t90z0e7f5xp3j4zuexjsphqqz7kvv30pkjzlk2ywcydzst7a305',
    'AGE-SECRET-KEY-PQ-1QQQ',
    'AGE-PLUGIN-DRAWER-1WFJKG8UPJ0U',
    '"AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305"',
    '-----BEGIN OPENSSH PRIVATE KEY----- b3Blbn',
  ])('that is a secret key is not repeated in the message', (text) => {
    expect(messageOf(text)).toBe('failed to parse input, a secret key cannot be a recipient');
  });
});
