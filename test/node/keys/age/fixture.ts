import { readFileSync } from 'node:fs';

/** A key or message of this folder's fixtures. */
export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}

/** A key of the conformance cases. */
export function testKey(name: string): string {
  return readFileSync(new URL(`../../../conformance/keys/${name}`, import.meta.url), 'utf8');
}

export const alice = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
export const aliceIdentity = 'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305';
export const bobIdentity = 'AGE-SECRET-KEY-1TLEMMX02WGEH82AUAPMA9EM3GVA9K3AQ2LHLEPSJAGWXDNS45WVSQZ06WU';
/** What every message of the fixtures holds. */
export const payload = 'the file key fits';
