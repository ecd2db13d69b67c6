import { describe, expect, test } from 'vitest';
import { runKeyCommand, startErrorText } from '../../../src/node/keys/key-command.ts';
import type { MemoryHostOptions } from './memory-host.ts';
import { memoryHost, systemError } from './memory-host.ts';

const run = (command: string, outcome: MemoryHostOptions['run']): Promise<string> =>
  runKeyCommand(
    memoryHost({ env: { CMD: command }, ...(outcome === undefined ? {} : { run: outcome }) }),
    'CMD',
    'age1x',
  ).then(
    (bytes) => Buffer.from(bytes).toString(),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('a command for keys', () => {
  test('is split as a shell splits, run without one, and told the recipient', async () => {
    const calls: unknown[] = [];
    const output = await run(`show "a b" $HOME | cat`, (command, args, { env }) => {
      calls.push([command, args, env]);
      return { stdout: 'key', stderr: 'dropped' };
    });
    expect(output).toBe('key');
    expect(calls).toEqual([['show', ['a b', '$HOME', '|', 'cat'], { SOPS_AGE_RECIPIENT: 'age1x' }]]);
  });

  test.each<[string, MemoryHostOptions['run'], string]>([
    ['', () => ({}), 'no command in CMD'],
    ['  # nothing', () => ({}), 'no command in CMD'],
    ['cat "x', () => ({}), 'failed to parse command cat "x: EOF found when expecting closing quote'],
    ['show', () => ({ status: 3 }), 'failed to execute command show: exit status 3'],
    ['show', () => ({ signal: 'killed' }), 'failed to execute command show: signal: killed'],
    ['show x', undefined, 'failed to execute command show x: exec: "show": executable file not found in $PATH'],
    ['./show', undefined, 'failed to execute command ./show: fork/exec ./show: no such file or directory'],
  ])('%j can fail', async (command, outcome, expected) => {
    expect(await run(command, outcome)).toBe(expected);
  });

  test('without the right to run it', () => {
    expect(startErrorText('show', systemError('EACCES'))).toBe('exec: "show": permission denied');
    expect(startErrorText('/bin/show', systemError('EACCES'))).toBe('fork/exec /bin/show: permission denied');
  });
});
