import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SopsError } from '../../src/core/errors.ts';
import { Cleanup } from '../../src/node/cleanup.ts';
import { createTemporaryFolder } from '../../src/node/temporary-folder.ts';
import { canRun, temporaryFolder } from './child-module.ts';

const hasSharedMemory = canRun('sh', '-c', 'test "$(stat -f -c %T /dev/shm)" = tmpfs && test -k /dev/shm');

describe('a temporary folder', () => {
  test('is where TMPDIR says, for its owner alone, with files for their owner alone', () => {
    const place = temporaryFolder();
    const folder = createTemporaryFolder({ env: { TMPDIR: place }, cleanup: new Cleanup(), prefix: '.sops' });
    expect(path.dirname(folder.path)).toBe(place);
    expect(path.basename(folder.path)).toMatch(/^\.sops\d+$/);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    const file = folder.writeFile('name.yaml', new TextEncoder().encode('text'));
    expect(file).toBe(path.join(folder.path, 'name.yaml'));
    expect(readFileSync(file, 'utf8')).toBe('text');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('goes with all that is in it', () => {
    const place = temporaryFolder();
    const folder = createTemporaryFolder({ env: { TMPDIR: place }, cleanup: new Cleanup() });
    mkdirSync(path.join(folder.path, 'a/b'), { recursive: true });
    writeFileSync(path.join(folder.path, 'a/b/.swp'), '');
    folder.remove();
    expect(readdirSync(place)).toEqual([]);
    folder.remove();
  });

  test('goes when the program ends, unless it was left to somebody else', () => {
    const place = temporaryFolder();
    const cleanup = new Cleanup();
    createTemporaryFolder({ env: { TMPDIR: place }, cleanup });
    const released = createTemporaryFolder({ env: { TMPDIR: place }, cleanup });
    released.release();
    cleanup.run();
    expect(readdirSync(place)).toEqual([path.basename(released.path)]);
  });

  test('that cannot be made is an error with the text of Go', () => {
    const cleanup = new Cleanup();
    expect(() => createTemporaryFolder({ env: { TMPDIR: '/nowhere/at/all' }, cleanup })).toThrow(
      new SopsError(
        'unwritable-output',
        'Could not create temporary directory: stat /nowhere/at/all: no such file or directory',
      ),
    );
    expect(() =>
      createTemporaryFolder({ env: { TMPDIR: '/nowhere' }, cleanup, errorCode: 'generic', errorPrefix: '' }),
    ).toThrow(new SopsError('generic', 'stat /nowhere: no such file or directory'));
  });

  test.runIf(hasSharedMemory)('is in memory where TMPDIR does not say otherwise', () => {
    const folder = createTemporaryFolder({ env: {}, cleanup: new Cleanup() });
    expect(path.dirname(folder.path)).toBe('/dev/shm');
    folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });

  test('is not in memory that is too small for what it is to hold', () => {
    const folder = createTemporaryFolder({ env: {}, cleanup: new Cleanup(), size: 2 ** 50 });
    expect(path.dirname(folder.path)).not.toBe('/dev/shm');
    folder.remove();
  });
});

describe('Cleanup', () => {
  test('runs what is left, the newest first, once, and goes on behind a failure', () => {
    const calls: string[] = [];
    const cleanup = new Cleanup(() => calls.push('first added'));
    cleanup.add(() => calls.push('a'));
    const remove = cleanup.add(() => calls.push('b'));
    cleanup.add(() => {
      throw new Error('failed');
    });
    cleanup.add(() => calls.push('c'));
    remove();
    cleanup.run();
    cleanup.run();
    expect(calls).toEqual(['first added', 'c', 'a']);
  });
});
