import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SopsError } from '../../src/core/errors.ts';
import { absolutePath, fileKind, findFileKind, readInput, workingFolder } from '../../src/node/files.ts';
import { temporaryFolder } from './child-module.ts';

test.each([
  ['f', '/a/b/f'],
  ['../f', '/a/f'],
  ['./x/../f//', '/a/b/f'],
  ['/x/./y', '/x/y'],
  ['../../../f', '/f'],
  ['', '/a/b'],
])('%j made absolute in /a/b is %s', (file, expected) => {
  expect(absolutePath('/a/b', file)).toBe(expected);
});

describe('the working folder', () => {
  test('is PWD where that leads to it, a symbolic link in it included', () => {
    const folder = temporaryFolder();
    const link = path.join(temporaryFolder(), 'link');
    symlinkSync(folder, link);
    expect(workingFolder(folder, link)).toBe(link);
  });

  test.each([undefined, '', 'relative', '/nowhere', '/'])('is the real folder where PWD is %j', (pwd) => {
    const folder = temporaryFolder();
    expect(workingFolder(folder, pwd)).toBe(folder);
  });
});

describe('readInput', () => {
  test('gives the bytes of a file', () => {
    const file = path.join(temporaryFolder(), 'f');
    writeFileSync(file, Buffer.from([0, 255, 10]));
    expect([...readInput(file)]).toEqual([0, 255, 10]);
  });

  test('reads what has no size', () => {
    expect(Buffer.from(readInput('/proc/self/cmdline')).toString()).toContain('node');
    const pipe = path.join(temporaryFolder(), 'p');
    execFileSync('sh', ['-c', `mkfifo ${pipe}; (head -c 200000 /dev/zero > ${pipe}) > /dev/null 2>&1 &`]);
    expect(readInput(pipe).length).toBe(200_000);
  });

  test.each([
    ['missing', 'open', 'no such file or directory'],
    ['folder', 'read', 'is a directory'],
    ['f/x', 'open', 'not a directory'],
  ])('refuses %s with the text of Go', (name, operation, reason) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'f'), '');
    mkdirSync(path.join(folder, 'folder'));
    const file = path.join(folder, name);
    expect(() => readInput(file)).toThrow(
      new SopsError('unreadable-input', `Error reading file: ${operation} ${file}: ${reason}`),
    );
    expect(() => readInput(file, 'it')).toThrow(
      new SopsError('unreadable-input', `Error reading file: ${operation} it: ${reason}`),
    );
  });
});

test('findFileKind follows links and finds nothing where there is nothing', () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'f'), '');
  symlinkSync('f', path.join(folder, 'link'));
  symlinkSync('nowhere', path.join(folder, 'dangling'));
  const kinds = ['f', 'link', '.', 'dangling', 'f/x'].map((name) => findFileKind(path.join(folder, name)));
  expect([...kinds, findFileKind('/dev/null')]).toEqual(['file', 'file', 'folder', undefined, undefined, 'other']);
});

test.each([
  ['none', 'no such file or directory'],
  ['f/x', 'not a directory'],
])('fileKind refuses %s with the text of Go', (name, reason) => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'f'), '');
  expect(() => fileKind(path.join(folder, name), name)).toThrow(new SopsError('generic', `stat ${name}: ${reason}`));
});

test('an empty name leads to nothing, whatever it is as an absolute path', () => {
  const folder = temporaryFolder();
  expect(() => fileKind(folder, '')).toThrow(new SopsError('generic', 'stat : no such file or directory'));
  expect(() => readInput(folder, '')).toThrow(
    new SopsError('unreadable-input', 'Error reading file: open : no such file or directory'),
  );
});
