import { describe, expect, test } from 'vitest';
import { parseAgeIdentities } from '../../../../src/core/keys/age/age-identity.ts';

const alice = 'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305';
const bob = 'AGE-SECRET-KEY-1TLEMMX02WGEH82AUAPMA9EM3GVA9K3AQ2LHLEPSJAGWXDNS45WVSQZ06WU';
const drawer = 'AGE-PLUGIN-DRAWER-1WFJKG8UPJ0U';

const texts = (text: string, severalPerLine = false): string[] =>
  parseAgeIdentities(text, { severalPerLine }).map((identity) => identity.text);

describe('identities', () => {
  test.each([
    ['', []],
    ['# only a comment\n\n', []],
    [`# c\n${alice}\n\n#d\n${bob}`, [alice, bob]],
    [`${alice}\r\n${drawer}\r\n`, [alice, drawer]],
    [`  ${alice} \t\n`, [alice]],
    [`# ${'x'.repeat(70_000)}\n${alice}\n`, [alice]],
  ])('stand one a line, with comments and white space between', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  test('stand several on a line where that is allowed', () => {
    expect(texts(` ${alice}  ${bob}\n# c\n${drawer}`, true)).toEqual([alice, bob, drawer]);
    expect(() => texts(`${alice} ${bob}`)).toThrow(/^malformed secret key: /);
    expect(() => texts(`${alice} # comment`, true)).toThrow('unknown identity type');
  });

  test('of plugins name the plugin in lower case', () => {
    expect(parseAgeIdentities(drawer)).toEqual([{ kind: 'plugin', text: drawer, plugin: 'drawer' }]);
  });

  /** The texts of the reference program, none of which quotes the key. */
  test.each([
    ['nonsense', 'unknown identity type'],
    ['age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd', 'unknown identity type'],
    [`${alice.slice(0, -1)}6`, 'malformed secret key: invalid checksum'],
    ['AGE-SECRET-KEY-1', "malformed secret key: separator '1' at invalid position: pos=15, len=16"],
    ['AGE-SECRET-KEY-1notupper', 'malformed secret key: mixed case'],
    ['AGE-PLUGIN-DRAWER-1WFJKG8UPJ0V', 'invalid identity encoding: invalid checksum'],
    ['AGE-PLUGIN-', "invalid identity encoding: separator '1' at invalid position: pos=-1, len=11"],
  ])('are refused: %s', (text, message) => {
    expect(() => texts(`${bob}\n${text}`)).toThrow(expect.objectContaining({ message }));
  });
});
