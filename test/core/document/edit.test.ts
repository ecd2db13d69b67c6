import { describe, expect, it } from 'vitest';
import { portableCrypto } from '../../../src/core/cipher/portable-crypto.ts';
import type { EditOptions, EditResult } from '../../../src/core/document/edit.ts';
import { sealEdit, sealRejected, startNewFile, textToEdit } from '../../../src/core/document/edit.ts';
import type { Environment, OpenFile } from '../../../src/core/document/file.ts';
import { openFile, readEncrypted } from '../../../src/core/document/file.ts';
import type { Source } from '../../../src/core/formats/format.ts';
import { formatOf } from '../../../src/core/formats/formats.ts';
import type { KeyGroup } from '../../../src/core/keys/master-key.ts';
import { DEFAULT_SELECTION } from '../../../src/core/tree/selection.ts';
import { decodeText, encodeText } from '../../../src/core/tree/utf8.ts';

const json = formatOf('json');

/** Keys that wrap without hiding anything, and count how often. */
function surroundings(): { environment: Environment; wrapped: string[] } {
  const wrapped: string[] = [];
  const environment: Environment = {
    crypto: portableCrypto,
    services: [
      {
        wrap: (key, part) => {
          wrapped.push(String(key.fields['recipient']));
          return Promise.resolve(portableCrypto.encodeBase64(part));
        },
        unwrap: (key) => Promise.resolve(portableCrypto.decodeBase64(key.enc) ?? new Uint8Array()),
      },
    ],
    now: () => new Date('2026-02-03T04:05:06Z'),
  };
  return { environment, wrapped };
}

function group(...names: string[]): KeyGroup {
  return names.map((name) => ({ type: 'age', fields: { recipient: name }, enc: '', createdAt: undefined }));
}

function textOf(source: Source): string {
  return typeof source === 'string' ? source : decodeText(source);
}

async function fileWith(
  text: string,
  groups: KeyGroup[],
  environment: Environment,
): Promise<{ file: OpenFile; encrypted: string }> {
  const settings = { groups, threshold: 0, selection: DEFAULT_SELECTION, macOnlyEncrypted: false };
  const example = await startNewFile(json, settings, environment);
  const encrypted = sealed(await sealEdit(example, encodeText(text), optionsWith(environment, false)));
  return { file: await openFile(readEncrypted(encrypted, json), environment), encrypted };
}

function optionsWith(environment: Environment, showMetadata: boolean): EditOptions {
  return { outputFormat: json, showMetadata, environment };
}

function sealed(result: EditResult): string {
  expect(result.problem).toBeUndefined();
  return result.problem === undefined ? textOf(result.text) : '';
}

function ivs(text: string): string[] {
  return [...text.matchAll(/iv:([^,]*),tag:[^,]*,type:(?:int|float)/g)].map((match) => match[1] ?? '');
}

describe('a value that was edited', () => {
  it('gets a new IV, and every other one keeps its ciphertext', async () => {
    const { environment } = surroundings();
    const { file, encrypted } = await fileWith('{"a": 1, "b": 2, "c": [3, 4]}', [group('x')], environment);
    const options = optionsWith(environment, false);
    const edited = sealed(await sealEdit(file, encodeText('{"a": 1, "b": 5, "c": [4, 3]}'), options));
    const [a, b, ...c] = ivs(encrypted);
    const [newA, newB, ...newC] = ivs(edited);
    expect(newA).toBe(a);
    expect(newC).toEqual(c.reverse());
    expect(newB).not.toBe(b);
  });

  it('that gets the type or the path of another one does not get its ciphertext', async () => {
    const { environment } = surroundings();
    const { file, encrypted } = await fileWith('{"a": 1, "b": 2}', [group('x')], environment);
    const edited = sealed(await sealEdit(file, encodeText('{"a": 1.5, "b": 1}'), optionsWith(environment, false)));
    expect(ivs(edited).filter((iv) => ivs(encrypted).includes(iv))).toEqual([]);
  });
});

describe('the text that the editor leaves', () => {
  it('comes back as it is where commas start the lines', async () => {
    const { environment } = surroundings();
    const { file } = await fileWith('{\n  "a": 1\n}', [group('x')], environment);
    const text = '{\n  "a": 1\n, "b": 2}';
    const edited = sealed(await sealEdit(file, encodeText(text), optionsWith(environment, false)));
    const opened = await openFile(readEncrypted(edited, json), environment);
    expect(textOf(textToEdit(opened, optionsWith(environment, false)))).toBe(text);
  });

  it('has no comment on the metadata: one above them in INI is encrypted as the last of the section before', async () => {
    const { environment } = surroundings();
    const ini = formatOf('ini');
    const settings = { groups: [group('x')], threshold: 0, selection: DEFAULT_SELECTION, macOnlyEncrypted: false };
    const options = { outputFormat: ini, showMetadata: true, environment };
    const file = await startNewFile(ini, settings, environment);
    const metadata = textOf(textToEdit(file, options)).replace(/^[^]*(?=\[sops\])/, '');
    const text = sealed(await sealEdit(file, encodeText(`[s]\na = x\n; secret\n\n${metadata}`), options));
    expect(text).toMatch(/^\[s\]\na = ENC\[.*\]\n; ENC\[.*,type:comment\]\n\n\[sops\]\n/);
    const opened = await openFile(readEncrypted(text, ini), environment);
    expect(textOf(textToEdit(opened, { ...options, showMetadata: false }))).toBe('[s]\na = x\n; secret\n');
  });
});

describe('an edit that fails', () => {
  it('leaves the file as it was, for another text', async () => {
    const { environment } = surroundings();
    const { file } = await fileWith('{"a": 1}', [group('x')], environment);
    for (const showMetadata of [false, true]) {
      const options = optionsWith(environment, showMetadata);
      const before = textOf(textToEdit(file, options));
      const problems: [string, string][] = [
        ['{', 'syntax'],
        showMetadata ? ['{"a": 2}', 'metadata'] : ['{"sops": 1}', 'content'],
      ];
      for (const [text, problem] of problems) {
        expect((await sealEdit(file, encodeText(text), options)).problem).toBe(problem);
        expect(textOf(textToEdit(file, options))).toBe(before);
      }
      const edited = sealed(await sealEdit(file, encodeText(before.replace('1', '2')), options));
      const opened = await openFile(readEncrypted(edited, json), environment);
      expect(textOf(textToEdit(opened, optionsWith(environment, false)))).toBe('{"a": 2}');
    }
  });

  it('has a text that can be kept whatever it is', async () => {
    const { environment } = surroundings();
    const { file } = await fileWith('{"a": 1}', [group('x')], environment);
    const text = new Uint8Array([0x7b, 0xff, 0x00]);
    const kept = await sealRejected(file, text, environment);
    const binary = formatOf('binary');
    const opened = await openFile(readEncrypted(kept, binary), environment);
    const shown = textToEdit(opened, { outputFormat: binary, showMetadata: false, environment });
    expect(typeof shown === 'string' ? encodeText(shown) : shown).toEqual(text);
  });
});

describe('keys of a shown metadata block', () => {
  async function editKeys(change: (text: string) => string): Promise<{ result: EditResult; wrapped: string[] }> {
    const { environment, wrapped } = surroundings();
    const { file } = await fileWith('{"a": 1}', [group('x', 'y'), group('z')], environment);
    wrapped.length = 0;
    const options = optionsWith(environment, true);
    const shown = textOf(textToEdit(file, options));
    const changed = change(shown);
    expect(changed).not.toBe(shown);
    const result = await sealEdit(file, encodeText(changed), options);
    if (result.problem === undefined) await openFile(readEncrypted(textOf(result.text), json), environment);
    return { result, wrapped };
  }

  function changeBlock(change: (block: { key_groups: { age: unknown[] }[] }) => void): (text: string) => string {
    return (text) => {
      const data = JSON.parse(text) as { sops: { key_groups: { age: unknown[] }[] } };
      change(data.sops);
      return JSON.stringify(data);
    };
  }

  it('are not wrapped again when only values change, or keys are taken away', async () => {
    expect((await editKeys((text) => text.replace('"a": 1', '"a": 2'))).wrapped).toEqual([]);
    const shorter = changeBlock(({ key_groups }) => key_groups[0]?.age.pop());
    expect((await editKeys(shorter)).wrapped).toEqual([]);
  });

  it('are wrapped anew, all of them, when one is added or a group more or less', async () => {
    const added = changeBlock(({ key_groups }) => key_groups[1]?.age.push({ recipient: 'new', enc: '' }));
    expect((await editKeys(added)).wrapped).toEqual(['x', 'y', 'z', 'new']);
    const fewer = changeBlock(({ key_groups }) => key_groups.pop());
    expect((await editKeys((text) => fewer(text).replace('"shamir_threshold":2,', ''))).wrapped).toEqual(['x', 'y']);
  });

  it('that nothing could be decrypted with are refused', async () => {
    const emptied = changeBlock(({ key_groups }) => (key_groups[1] ? (key_groups[1].age = []) : undefined));
    const { result } = await editKeys(emptied);
    expect(result.problem === undefined ? '' : result.error.message).toBe(
      'Could not generate data key: [empty key group provided]',
    );
    const tooMany = await editKeys((text) => text.replace('"shamir_threshold": 2', '"shamir_threshold": 3'));
    expect(tooMany.result.problem).toBe('encryption');
  });
});
