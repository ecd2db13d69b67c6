import { describe, expect, test } from 'vitest';
import type { MasterKey } from '../../../../src/core/keys/master-key.ts';
import { createAgeAccess } from '../../../../src/node/keys/age/age-access.ts';
import type { MemoryHost, MemoryHostOptions } from '../memory-host.ts';
import { memoryHost } from '../memory-host.ts';
import { bobIdentity } from './fixture.ts';

const recipient = 'age1drawer1wfjkgm3f0ve';
const identity = 'AGE-PLUGIN-DRAWER-1WFJKG8UPJ0U';
const env = { HOME: '/h', XDG_CONFIG_HOME: '/x', SOPS_AGE_KEY: `${identity} ${bobIdentity}` };
const key = (enc = ''): MasterKey => ({ type: 'age', fields: { recipient }, enc });
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
const say = (words: string, body: Uint8Array | string = ''): string[] => [`-> ${words}`, base64(body)];

/** Plays a plugin: collects what the client says up to "done", then speaks line by line, waiting for each answer. */
function plugin(phase2: (heard: readonly string[]) => readonly string[][], answers: string[] = []) {
  return () => {
    const heard: string[] = [];
    let script: (readonly string[])[] | undefined;
    return {
      answer(line: string): readonly string[] {
        if (script === undefined) {
          heard.push(line);
          if (line !== '' || heard.at(-2) !== '-> done') return [];
          script = [...phase2(heard)];
        } else {
          answers.push(line);
          // An answer is an opening line and a short body line.
          if (line.startsWith('->')) return [];
        }
        return script.shift() ?? [];
      },
    };
  };
}

/** Keeps the file key in the open, turned around. */
const drawer: NonNullable<MemoryHostOptions['talk']> = (name, args) => {
  if (name !== 'age-plugin-drawer') return undefined;
  const bodyAfter = (heard: readonly string[], opening: string): Uint8Array =>
    Buffer.from(heard[heard.findIndex((line) => line.startsWith(opening)) + 1] ?? '', 'base64').reverse();
  return plugin((heard) =>
    args[0] === '--age-plugin=recipient-v1'
      ? [say('msg', 'hello'), say('recipient-stanza 0 drawer red', bodyAfter(heard, '-> wrap-file-key')), say('done')]
      : [say('file-key 0', bodyAfter(heard, '-> recipient-stanza 0 drawer')), say('done')],
  )();
};

const host = (talk: MemoryHostOptions['talk'], more: MemoryHostOptions = {}): MemoryHost =>
  memoryHost({ env, ...(talk === undefined ? {} : { talk }), ...more });
const reasonOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const wrapFailed =
  'failed to create writer for encrypting sops data key with age: failed to wrap key for recipient #0: drawer plugin:';

describe('a plugin', () => {
  test('wraps and unwraps the file key, started in the temporary folder, once for each', async () => {
    const machine = host(drawer);
    const access = createAgeAccess(machine);
    const enc = await access.wrap(key(), dataKey);
    expect([...(await access.unwrap(key(enc)))]).toEqual([...dataKey]);
    expect(machine.log.filter((line) => /^(start|inform|close)/.test(line))).toEqual([
      'start age-plugin-drawer --age-plugin=recipient-v1',
      'inform drawer plugin: hello',
      'close',
      'start age-plugin-drawer --age-plugin=identity-v1',
      'close',
    ]);
  });

  test('is told the recipient, and the identity with all stanzas', async () => {
    const seen: string[] = [];
    const listening = (name: string, args: readonly string[]) => {
      const inner = drawer(name, args);
      return inner && { ...inner, answer: (line: string) => (seen.push(line), inner.answer(line)) };
    };
    const access = createAgeAccess(host(listening));
    await access.unwrap(key(await access.wrap(key(), dataKey)));
    const known = seen.filter((line) => line.startsWith('-> ') && !line.startsWith('-> grease-'));
    expect(known).toEqual([
      `-> add-recipient ${recipient}`,
      '-> wrap-file-key',
      '-> extension-labels',
      '-> done',
      '-> ok',
      '-> ok',
      `-> add-identity ${identity}`,
      '-> recipient-stanza 0 drawer red',
      '-> done',
      '-> ok',
    ]);
  });

  test('that is missing is named', async () => {
    expect(await reasonOf(createAgeAccess(host(undefined)).wrap(key(), dataKey))).toBe(
      `${wrapFailed} couldn't start plugin: "drawer" plugin not found: exec: "age-plugin-drawer": executable file not found in $PATH`,
    );
  });

  test.each([
    [[say('error internal', 'the drawer is stuck')], 'the drawer is stuck'],
    [[say('done')], 'received zero recipient stanzas'],
    [[say('recipient-stanza 0')], 'malformed recipient stanza: unexpected argument count'],
    [[say('recipient-stanza x drawer')], 'malformed recipient stanza: invalid index'],
    [[say('recipient-stanza 1 drawer')], 'malformed recipient stanza: unexpected index'],
    [[say('labels a'), say('labels b')], 'repeated labels stanza'],
    [[['garbage']], 'malformed stanza opening line: "garbage\\n"'],
  ])('that answers %j ends the wrapping', async (script, reason) => {
    const talk = () => plugin(() => script)();
    expect(await reasonOf(createAgeAccess(host(talk)).wrap(key(), dataKey))).toBe(`${wrapFailed} ${reason}`);
  });

  test('without a file key for the message leaves the others their turn', async () => {
    const enc = await createAgeAccess(host(drawer)).wrap(key(), dataKey);
    const talk = () => plugin(() => [say('done')])();
    expect(await reasonOf(createAgeAccess(host(talk)).unwrap(key(enc)))).toMatch(
      /^failed to create reader for decrypting sops data key with age: no identity matched any of the recipients\. /,
    );
    const alone = host(talk, { env: { ...env, SOPS_AGE_KEY: identity } });
    expect(await reasonOf(createAgeAccess(alone).unwrap(key(enc)))).toMatch(
      /age: identity did not match any of the recipients: drawer plugin: incorrect identity for recipient block\. /,
    );
  });

  test.each([
    [[say('error', 'no')], 'no'],
    [[say('file-key')], 'malformed file-key stanza: unexpected arguments count'],
    [[say('file-key 1')], 'malformed file-key stanza: unexpected index'],
    [[say('file-key 0'), say('file-key 0')], 'received duplicated file-key stanza'],
  ])('that answers %j ends the unwrapping', async (script, reason) => {
    const enc = await createAgeAccess(host(drawer)).wrap(key(), dataKey);
    const talk = () => plugin(() => script)();
    const text = await reasonOf(createAgeAccess(host(talk)).unwrap(key(enc)));
    expect(text.split('. ')[0]).toBe(
      `failed to create reader for decrypting sops data key with age: drawer plugin: ${reason}`,
    );
  });
});

describe('a plugin asks', () => {
  async function ask(request: string[], answers: readonly (string | Error)[]): Promise<unknown[]> {
    const received: string[] = [];
    const talk = () => plugin(() => [request, say('error', 'enough')], received)();
    const machine = host(talk, { answers });
    await reasonOf(createAgeAccess(machine).wrap(key(), dataKey));
    return [received.slice(0, 2), machine.log.filter((line) => line.startsWith('prompt'))];
  }

  test.each<[string, string[], (string | Error)[], string[], string[]]>([
    ['for a secret', say('request-secret', 'PIN?'), ['1234'], ['-> ok', base64('1234')], ['prompt secret PIN?']],
    ['for a value', say('request-public', 'Name?'), ['ann'], ['-> ok', base64('ann')], ['prompt line Name?']],
    [
      'where there is no terminal',
      say('request-secret', 'PIN?'),
      [new Error('no')],
      ['-> fail', ''],
      ['prompt secret PIN?'],
    ],
    [
      'for one word',
      say(`confirm ${base64('Sure')}`, 'Go on?'),
      [''],
      ['-> ok yes', ''],
      ['prompt secret Go on? (press enter for "Sure")'],
    ],
    [
      'to choose, until an answer counts',
      say(`confirm ${base64('A')} ${base64('B')}`, 'Which?'),
      ['x', '2'],
      ['-> ok no', ''],
      Array<string>(2).fill('prompt character Which? (press [1] for "A" or [2] for "B")'),
    ],
    ['what nobody knows', say('dance', ''), [], ['-> unsupported', ''], []],
  ])('%s', async (_name, request, answers, received, prompts) => {
    expect(await ask(request, answers)).toEqual([received, prompts]);
  });
});
