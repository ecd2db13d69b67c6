import { expect, test } from 'vitest';
import { createApproval } from '../../../src/cli/commands/keyservice.ts';
import type { MasterKey } from '../../../src/core/keys/master-key.ts';
import { runWith } from '../memory-host.ts';

const age: MasterKey = { type: 'age', fields: { recipient: 'age1x' }, enc: '' };

/** Asks for these keys at once. @returns what became of each, and all that was printed */
async function approve(answers: string, ...keys: MasterKey[]): Promise<{ results: unknown[]; printed: string }> {
  const bytes = Buffer.from(answers);
  let position = 0;
  let printed = '';
  const approval = createApproval({
    readByte: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return bytes[position++];
    },
    print: (text) => Promise.resolve(void (printed += text)),
  });
  const { signal } = new AbortController();
  const asked = keys.map((key) => approval({ kind: 'decrypt', key, signal }));
  const results = await Promise.all(
    asked.map((each) =>
      each.then(
        () => 'yes',
        (error: unknown) => String(error),
      ),
    ),
  );
  return { results, printed };
}

test('every request is asked for, one at a time, and named by its key', async () => {
  const kms: MasterKey = { type: 'kms', fields: { arn: 'arn:x', role: 'r', aws_profile: 'p' }, enc: '' };
  expect(await approve('y\nn\ny\n', age, kms, age)).toEqual({
    results: ['yes', 'RpcError: rpc error: code = PermissionDenied desc = Request rejected by user', 'yes'],
    printed:
      '\nReceived decrypt request using age key with recipient age1x. Respond to request? (y/n): ' +
      '\nReceived decrypt request using AWS KMS key with ARN arn:x. Respond to request? (y/n): ' +
      '\nReceived decrypt request using age key with recipient age1x. Respond to request? (y/n): ',
  });
});

test('without an answer the request is refused with the reason', async () => {
  const { results } = await approve('\n', age, age);
  expect(results).toEqual(['SopsError: unexpected newline', 'SopsError: EOF']);
});

test('a name from the client cannot draw on the terminal', async () => {
  const { printed } = await approve('n\n', { ...age, fields: { recipient: 'a\n\x1b[2J' } });
  expect(printed).toBe(
    '\nReceived decrypt request using "age key with recipient a\\n\\x1b[2J". Respond to request? (y/n): ',
  );
});

test('a request that nobody waits for any more is not asked for', async () => {
  let printed = '';
  const approval = createApproval({
    readByte: () => Promise.resolve(undefined),
    print: (text) => Promise.resolve(void (printed += text)),
  });
  await expect(approval({ kind: 'encrypt', key: age, signal: AbortSignal.abort() })).rejects.toMatchObject({
    status: 1,
  });
  expect(printed).toBe('');
});

test('an address that cannot be listened on is logged as an error and ends the command with 1', async () => {
  expect(await runWith({}, 'keyservice', '--network', 'carrier-pigeon')).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^\[CMD\]\t time="[^"]*" level=error msg="Error running keyservice: listen carrier-pigeon: unknown network carrier-pigeon"\n\[CMD\]\t time="[^"]*" level=fatal msg="listen carrier-pigeon: unknown network carrier-pigeon"\n$/,
    ) as string,
  });
});
