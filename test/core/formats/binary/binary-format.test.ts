import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SopsError } from '../../../../src/core/errors.ts';
import { binaryFormat } from '../../../../src/core/formats/binary/binary-format.ts';
import { jsonFormat } from '../../../../src/core/formats/json/json-format.ts';
import type { Entry, Leaf, Tree, Value } from '../../../../src/core/tree/node.ts';

function treeOf(entries: [string, Value][], documents = 1): Tree {
  const items = entries.map(([key, value]): Entry => ({ kind: 'entry', key, value: { kind: 'leaf', value } }));
  return { documents: Array.from({ length: documents }, () => ({ kind: 'map', items })) };
}

function dataOf(tree: Tree): Value {
  return ((tree.documents[0]?.items[0] as Entry).value as Leaf).value;
}

function errorOf(run: () => unknown): SopsError {
  try {
    run();
  } catch (error) {
    return error as SopsError;
  }
  throw new Error('no error');
}

describe('binary files', () => {
  it('are one value and come back byte for byte, without a copy', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' })), (source) => {
        const tree = binaryFormat.parse(source, 'plain');
        expect(dataOf(tree)).toBe(source);
        expect(binaryFormat.emit(tree, { form: 'plain' })).toBe(source);
      }),
    );
  });

  it('write text with bytes that are not UTF-8 as those bytes', () => {
    expect(binaryFormat.emit(treeOf([['data', 'a\udcff']]), { form: 'plain' })).toEqual(Uint8Array.of(0x61, 0xff));
  });

  it('are JSON files when they are encrypted', () => {
    const tree = binaryFormat.parse('text', 'plain');
    ((tree.documents[0]?.items[0] as Entry).value as Leaf).ciphertext = 'ENC[x]';
    const text = binaryFormat.emit(tree, { form: 'encrypted', indent: 2 }) as string;
    expect(text).toBe('{\n  "data": "ENC[x]"\n}\n');
    expect(dataOf(binaryFormat.parse(text, 'encrypted'))).toBe('ENC[x]');
  });

  it('write the first value under data and nothing else', () => {
    expect(
      binaryFormat.emit(
        treeOf([
          ['x', '1'],
          ['data', 'text'],
          ['data', 'other'],
        ]),
        { form: 'plain' },
      ),
    ).toBe('text');
  });

  // Texts from the reference program.
  it.each<[Tree, string]>([
    [treeOf([['data', 'x']], 2), 'there must be exactly one tree branch'],
    [treeOf([], 0), 'there must be exactly one tree branch'],
    [treeOf([['data', 1n]]), "'data' key in tree does not have a string value"],
    [treeOf([['data', null]]), "'data' key in tree does not have a string value"],
    [treeOf([['x', 'y']]), 'no binary data found in tree'],
  ])('cannot be written from another document', (tree, reason) => {
    const error = errorOf(() => binaryFormat.emit(tree, { form: 'plain' }));
    expect([error.code, error.message]).toEqual(['dump', `error emitting binary store: ${reason}`]);
  });

  it('hold nothing encrypted that JSON cannot hold', () => {
    const tree = treeOf([['data', Number.NaN]]);
    expect(
      errorOf(() => {
        binaryFormat.checkHolds(tree, 'encrypted');
      }).message,
    ).toBe(errorOf(() => jsonFormat.emit(tree, { form: 'encrypted' })).message);
  });

  it('have no single values', () => {
    const error = errorOf(() => binaryFormat.emitValue({ kind: 'leaf', value: 1n }, { form: 'plain' }));
    expect([error.code, error.message]).toEqual([
      'dump',
      'Binary files are not structured and extracting a single value is not possible',
    ]);
  });

  it('start as a text that welcomes', () => {
    expect(binaryFormat.emit(binaryFormat.example(), { form: 'plain' })).toMatch(/^Welcome!/);
  });
});

describe('a file that is encrypted already', () => {
  const mac = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]';
  const yaml = `# note\na: x\nl:\n- y\nb: |\n    any text\nsops:\n    lastmodified: "2024-01-02T03:04:05Z"\n    mac: ${mac}\n    version: 3.13.3\n`;

  it.each([
    `{"sops": {"mac": "${mac}", "lastmodified": "x"}, "data": "${mac}"}`,
    yaml,
    yaml.replaceAll('\n', '\r\n'),
    `A=${mac}\n# x\nsops_lastmodified=2024-01-02T03:04:05Z\nsops_mac=${mac}\n`,
    `[s]\na = ${mac}\n\n[sops]\nlastmodified = 2024-01-02T03:04:05Z\nmac          = ${mac}\n`,
  ])('is refused as a binary file: %j', (text) => {
    for (const source of [text, new TextEncoder().encode(text)]) {
      expect(errorOf(() => binaryFormat.parse(source, 'plain')).code).toBe('already-encrypted');
    }
  });

  it.each([
    'sops: is a tool\n{"sops": "too"}\n',
    `An example:\n\n\`\`\`yaml\n${yaml}\`\`\`\n`,
    `Paste this.\n${yaml}`,
    yaml.replace(/ {4}mac.*\n/, ''),
    `{"sops": {"mac": "${mac}"}}`,
    `{"sops": {"mac": "${mac}", "lastmodified": "x"}} and more`,
    `echo A=${mac}\nsops_lastmodified=x\nsops_mac=${mac}\nexit\n`,
    `${yaml}\u0000`,
  ])('is told from data that mentions one: %j', (text) => {
    expect(dataOf(binaryFormat.parse(text, 'plain'))).toBe(text);
    expect(() => binaryFormat.parse(new TextEncoder().encode(text), 'plain')).not.toThrow();
  });
});
