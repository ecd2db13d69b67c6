import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesBelow } from '../../../src/node/publish/source-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'files-'));
const locate = (relative: string): string => path.resolve(folder, relative);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('files come in byte order, a folder in its place, links not followed', () => {
  for (const name of ['s/b/z', 's/b.x', 's/B', 's/a/2', 's/a/10', 's/ä', 's/\u{1f600}', 's/\uffee']) {
    mkdirSync(path.dirname(locate(name)), { recursive: true });
    writeFileSync(locate(name), '');
  }
  symlinkSync(locate('s/a'), locate('s/link'));
  mkdirSync(locate('s/empty'));
  const names = ['B', 'a/10', 'a/2', 'b/z', 'b.x', 'link', 'ä', '\uffee', '\u{1f600}'];
  expect(filesBelow('s', locate)).toEqual(names.map((name) => `s/${name}`));
  expect(filesBelow('./s/', locate)).toEqual(names.map((name) => `s/${name}`));
  expect(filesBelow(locate('s'), locate)).toEqual(names.map((name) => locate(`s/${name}`)));
});

test('a folder that cannot be read is an error', () => {
  expect(() => filesBelow('nothing', locate)).toThrow('open nothing: no such file or directory');
});
