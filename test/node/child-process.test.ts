import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SopsError } from '../../src/core/errors.ts';
import { failureText, lookUpProgram, runProgram } from '../../src/node/child-process.ts';
import { temporaryFolder } from './child-module.ts';

const env = { PATH: process.env['PATH'] };

function program(content: string, mode = 0o755): string {
  const file = path.join(temporaryFolder(), 'program');
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

test.each([
  ['exit 0', undefined],
  ['exit 3', 'exit status 3'],
  ['kill -9 $$', 'signal: killed'],
  ['kill -TERM $$', 'signal: terminated'],
  ['kill -INT $$', 'signal: interrupt'],
])('a shell that runs %j ends with %j', async (command, expected) => {
  expect(failureText(await runProgram('/bin/sh', ['-c', command], { env }))).toBe(expected);
});

describe('a program that cannot be started', () => {
  test.each([
    ['x-no-such-program', 'exec: "x-no-such-program": executable file not found in $PATH'],
    ['/nowhere/ed', 'fork/exec /nowhere/ed: no such file or directory'],
  ])('%s is an error with the text of Go', async (name, message) => {
    await expect(runProgram(name, [], { env })).rejects.toThrow(new SopsError('generic', message));
  });

  test('is one without execute permission', async () => {
    const file = program('#!/bin/sh\n', 0o644);
    await expect(runProgram(file, [], { env })).rejects.toThrow(
      new SopsError('generic', `fork/exec ${file}: permission denied`),
    );
  });
});

describe('lookUpProgram', () => {
  test('takes the first program of the name, folders and files that are no programs left out', () => {
    const file = program('');
    const plain = program('', 0o644);
    expect(lookUpProgram('program', `/nowhere:${path.dirname(plain)}:${path.dirname(file)}:/bin`)).toBe(file);
  });

  test.each(['.', '', 'relative'])('refuses what %j in PATH finds in the working folder', (folder) => {
    const here = process.cwd();
    const name = path.basename(process.execPath);
    const relative = path.relative(here, path.dirname(process.execPath));
    const searchPath = folder === 'relative' ? relative : folder;
    const expected =
      folder === 'relative'
        ? 'cannot run executable found relative to current directory'
        : 'executable file not found in $PATH';
    expect(() => lookUpProgram(name, searchPath)).toThrow(new SopsError('generic', `exec: "${name}": ${expected}`));
  });
});
