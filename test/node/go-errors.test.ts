import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { goErrorText, goReason, systemCode } from '../../src/node/go-errors.ts';

function nodeError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('an error of the system is told as Go tells it', () => {
  const missing = nodeError(() => readFileSync('/nowhere/x'));
  expect(systemCode(missing)).toBe('ENOENT');
  expect(goErrorText('open', 'x', missing)).toBe('open x: no such file or directory');
  expect(goReason(nodeError(() => readdirSync('/dev/null')))).toBe('not a directory');
});

test('an error that Go has no words for here keeps those of Node', () => {
  const error = Object.assign(new Error("EUCLEAN: structure needs cleaning, open '/a, b'"), {
    code: 'EUCLEAN',
    syscall: 'open',
  });
  expect(goReason(error)).toBe('structure needs cleaning');
  expect(goReason(new Error('something else'))).toBe('something else');
  expect(systemCode(new Error('something else'))).toBe(undefined);
});

test('the errors of files have the words of Go on every system', () => {
  const codes = [
    'EACCES',
    'EBUSY',
    'EDQUOT',
    'EEXIST',
    'EFBIG',
    'EIO',
    'EISDIR',
    'ENOENT',
    'ENOSPC',
    'ENOTDIR',
    'EROFS',
    'ETXTBSY',
  ];
  const words = codes.map((code) => goReason(Object.assign(new Error(), { code, syscall: 'write' })));
  expect(codes.every((code) => code in constants.errno)).toBe(true);
  expect(words).toEqual([
    'permission denied',
    'device or resource busy',
    'disk quota exceeded',
    'file exists',
    'file too large',
    'input/output error',
    'is a directory',
    'no such file or directory',
    'no space left on device',
    'not a directory',
    'read-only file system',
    'text file busy',
  ]);
});
