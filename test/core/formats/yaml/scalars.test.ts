import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readYaml } from '../../../../src/core/formats/yaml/read.ts';
import { goValue } from './go-value.ts';

/** Recorded from the reference: see `about` in the file. */
const { plain, tagged, keys } = JSON.parse(readFileSync(new URL('scalars.json', import.meta.url), 'utf8')) as {
  plain: [text: string, type: string, value: string][];
  tagged: [tag: string, text: string, type: string, value?: string][];
  keys: [text: string, type: string, value: string][];
};

function firstEntry(text: string) {
  const item = readYaml(text).documents[0]?.items[0];
  if (item?.kind !== 'entry') throw new Error('no entry');
  return item;
}

function read(text: string): [type: string, text: string] {
  const { value } = firstEntry(`k: ${text}\n`);
  if (value.kind !== 'leaf') throw new Error('no leaf');
  return goValue(value.value);
}

test.each(plain)('plain %j is a %s', (text, type, value) => {
  expect(read(text)).toEqual([type, value]);
});

test.each(tagged.filter(([, , type]) => type !== 'error'))('%s %s is a %s', (tag, text, type, value) => {
  expect(read(`${tag} ${text}`)).toEqual([type, value]);
});

test.each(tagged.filter(([, , type]) => type === 'error'))('%s %s does not fit its tag', (tag, text) => {
  const problem =
    tag === '!!binary'
      ? /^yaml: !!binary value contains invalid base64 data$/
      : /^yaml: line 1: cannot decode !![a-z]+ as a !![a-z]+$/;
  expect(() => read(`${tag} ${text}`)).toThrow(problem);
});

test.each(keys)('the key %s is a %s', (text, type, value) => {
  const { key, keyType } = firstEntry(`? ${text}\n: 1\n`);
  expect(keyType ?? { type: 'string', text: key }).toEqual({ type, text: value });
});

test('an integer beyond int64 keeps all its digits', () => {
  expect(firstEntry('k: 18446744073709551615\n').value).toMatchObject({ value: 18446744073709551615n });
});

test('binary data that is not UTF-8 stays bytes', () => {
  expect(firstEntry('k: !!binary /wCA\n').value).toMatchObject({ value: Uint8Array.of(0xff, 0x00, 0x80) });
});

test('a number keeps its spelling where it is not the canonical one', () => {
  expect(firstEntry('k: 3.0\n').value).toMatchObject({ value: 3, spelling: '3.0' });
  expect(firstEntry('k: 3\n').value).toMatchObject({ value: 3n, spelling: undefined });
});
