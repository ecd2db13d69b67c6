import { describe, expect, test } from 'vitest';
import { recoverDataKey, wrapDataKey } from '../../../src/core/keys/data-key.ts';
import type { KeyGroup, KeyService, MasterKey } from '../../../src/core/keys/master-key.ts';
import { KeyRecoveryError } from '../../../src/core/keys/recovery-error.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const randomness = { randomBytes: (length: number) => globalThis.crypto.getRandomValues(new Uint8Array(length)) };

const key = (fp: string): MasterKey => ({ type: 'pgp', fields: { fp }, enc: '' });

/** Wraps in the open; fails for the keys named, and notes whom it was asked for. */
function service(failing: readonly string[] = [], asked: string[] = []): KeyService {
  const check = ({ fields }: MasterKey, verb: string): void => {
    asked.push(`${verb} ${String(fields['fp'])}`);
    if (failing.includes(String(fields['fp']))) throw new Error(`no ${String(fields['fp'])}`);
  };
  return {
    async wrap(master, plaintext) {
      check(master, 'wrap');
      return Buffer.from(plaintext).toString('hex');
    },
    async unwrap(master) {
      check(master, 'unwrap');
      return Uint8Array.from(Buffer.from(master.enc, 'hex'));
    },
  };
}

async function wrapped(groups: KeyGroup[], threshold = 0): Promise<KeyGroup[]> {
  await wrapDataKey(dataKey, groups, threshold, [service()], randomness);
  return groups;
}

async function messageOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe('wrapping', () => {
  test('gives every key of a single group the data key itself and keeps the threshold', async () => {
    const groups = [[key('A'), key('B')]];
    expect(await wrapDataKey(dataKey, groups, 0, [service()], randomness)).toBe(0);
    expect(await wrapDataKey(dataKey, groups, 2, [service()], randomness)).toBe(2);
    const hex = Buffer.from(dataKey).toString('hex');
    expect(groups.flat().map(({ enc }) => enc)).toEqual([hex, hex]);
  });

  test('gives the keys of a group its part, 33 bytes with the position last; no threshold means all groups', async () => {
    const groups = [[key('A'), key('B')], [key('C')], [key('D')]];
    expect(await wrapDataKey(dataKey, groups, 0, [service()], randomness)).toBe(3);
    const parts = groups.map((group) => group.map(({ enc }) => [enc.length, enc.slice(-2)]));
    expect(parts).toEqual([
      [
        [66, '01'],
        [66, '01'],
      ],
      [[66, '02']],
      [[66, '03']],
    ]);
    expect(groups[0]?.[0]?.enc).toBe(groups[0]?.[1]?.enc);
  });

  test('asks the next service where one fails', async () => {
    const groups = [[key('A')]];
    await wrapDataKey(dataKey, groups, 0, [service(['A']), service()], randomness);
    expect(groups[0]?.[0]?.enc).toBe(Buffer.from(dataKey).toString('hex'));
  });

  test('changes no key when one of them fails, and gives every reason', async () => {
    const groups = [[key('A'), key('B')], [key('C')]];
    const services = [service(['B', 'C']), service(['B'])];
    expect(await messageOf(wrapDataKey(dataKey, groups, 0, services, randomness))).toBe(
      '[failed to encrypt new data key with master key "B": no B failed to encrypt new data key with master key "B": no B]',
    );
    expect(groups.flat().map(({ enc }) => enc)).toEqual(['', '', '']);
  });

  test.each([
    ['no service', [[key('A')]], 0, [], '[no key services provided, cannot update master keys]'],
    ['no group', [], 0, [service()], '[no key groups provided]'],
    ['an empty group', [[key('A')], []], 0, [service()], '[empty key group provided]'],
    [
      'a threshold above the number of groups',
      [[key('A')], [key('B')]],
      3,
      [service()],
      '[could not split data key into parts for Shamir: parts cannot be less than threshold]',
    ],
    [
      'a threshold of one',
      [[key('A')], [key('B')]],
      1,
      [service()],
      '[could not split data key into parts for Shamir: threshold must be at least 2]',
    ],
  ])('refuses %s', async (_name, groups, threshold, services, message) => {
    expect(await messageOf(wrapDataKey(dataKey, groups, threshold, services, randomness))).toBe(message);
  });
});

describe('recovery', () => {
  test('takes the first key of a group that succeeds, in the decryption order', async () => {
    const groups = await wrapped([[key('A'), key('B'), key('C')]]);
    const asked: string[] = [];
    expect([...(await recoverDataKey(groups, 0, undefined, [service(['A'], asked)]))]).toEqual([...dataKey]);
    expect(asked).toEqual(['unwrap A', 'unwrap B']);
  });

  test('asks no group beyond the threshold', async () => {
    const groups = await wrapped([[key('A')], [key('B')], [key('C')], [key('D')]], 2);
    const asked: string[] = [];
    expect([...(await recoverDataKey(groups, 2, undefined, [service(['A'], asked)]))]).toEqual([...dataKey]);
    expect(asked).toEqual(['unwrap A', 'unwrap B', 'unwrap C']);
  });

  test('without a threshold in the file combines what every group gives', async () => {
    const groups = await wrapped([[key('A')], [key('B')], [key('C')]], 3);
    const asked: string[] = [];
    expect([...(await recoverDataKey(groups, 0, undefined, [service([], asked)]))]).toEqual([...dataKey]);
    expect(asked).toEqual(['unwrap A', 'unwrap B', 'unwrap C']);
  });

  test('reports every group and key when too few groups succeed', async () => {
    const groups = await wrapped([[key('A'), key('B')], [key('C')]], 2);
    const failure = await recoverDataKey(groups, 2, undefined, [service(['A', 'B']), service(['A', 'B'])]).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(KeyRecoveryError);
    expect(failure).toMatchObject({
      code: 'no-data-key',
      threshold: 2,
      groups: [
        {
          recovered: false,
          failures: [
            { key: 'A', reasons: ['no A', 'no A'] },
            { key: 'B', reasons: ['no B', 'no B'] },
          ],
        },
        { recovered: true },
      ],
      summary: 'Error getting data key: 2 successful groups required, got 1',
    });
  });

  test.each([
    ['two copies of one share', 'duplicate part detected', [[key('A')], [key('B')]]],
    [
      'one share where the file has no threshold',
      'less than two parts cannot be used to reconstruct the secret',
      [[key('A')], [key('X')]],
    ],
  ])('says that the parts do not fit: %s', async (_name, reason, groups) => {
    const [first = []] = await wrapped([[key('A')], [key('B')]]);
    for (const master of groups.flat()) master.enc = first[0]?.enc ?? '';
    expect(await messageOf(recoverDataKey(groups, 0, undefined, [service(['X'])]))).toBe(
      `could not get data key from shamir parts: ${reason}`,
    );
  });

  test('does not judge the length of what was wrapped', async () => {
    const groups = [[key('A')]];
    expect([...(await recoverDataKey(groups, 0, undefined, [service()]))]).toEqual([]);
  });
});
