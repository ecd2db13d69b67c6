import { describe, expect, it } from 'vitest';
import { createLeafCipher } from '../../../src/core/cipher/leaf-cipher.ts';
import { portableCrypto } from '../../../src/core/cipher/portable-crypto.ts';
import { encryptText } from '../../../src/core/document/encrypt-text.ts';
import type { Environment } from '../../../src/core/document/file.ts';
import { emitPlain, openFile, readEncrypted, sealAndEmit } from '../../../src/core/document/file.ts';
import { formatOf } from '../../../src/core/formats/formats.ts';
import type { KeyPath } from '../../../src/core/tree/key-path.ts';
import type { Selection, SelectionSetting } from '../../../src/core/tree/selection.ts';
import { DEFAULT_SELECTION } from '../../../src/core/tree/selection.ts';
import { setValue } from '../../../src/core/tree/set.ts';
import { unsetValue } from '../../../src/core/tree/unset.ts';

const yaml = formatOf('yaml');

/** Keys that wrap without hiding anything; warnings go into a list. */
function surroundings(): Environment & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    crypto: portableCrypto,
    services: [
      {
        wrap: (_key, part) => Promise.resolve(portableCrypto.encodeBase64(part)),
        unwrap: (key) => Promise.resolve(portableCrypto.decodeBase64(key.enc) ?? new Uint8Array()),
      },
    ],
    now: () => new Date('2026-02-03T04:05:06Z'),
    warn: (message) => warnings.push(message),
    warnings,
  };
}

function selection(setting: SelectionSetting, text: string): Selection {
  return { setting, text };
}

async function encrypted(source: string, chosen: Selection, environment: Environment): Promise<string> {
  const key = { type: 'age', fields: { recipient: 'x' }, enc: '', createdAt: undefined } as const;
  const settings = { groups: [[key]], threshold: 0, selection: chosen, macOnlyEncrypted: false };
  return String(await encryptText(source, { format: yaml, settings, environment }));
}

/** The text without metadata, ciphertexts shortened. */
function shown(text: string): string {
  return text.replace(/^ *sops:\n(?: +.*\n?)*/m, '').replaceAll(/ENC\[[^\]]*type:(\w+)\]/g, 'ENC($1)');
}

interface Outcome {
  text: string;
  plain: string;
  warnings: string[];
}

/** What a change of an encrypted text makes of it, and what a reader says of the result. */
async function changed(source: string, chosen: Selection, path: KeyPath, value?: string): Promise<Outcome> {
  const environment = surroundings();
  const file = await openFile(readEncrypted(await encrypted(source, chosen, environment), yaml), environment);
  const [document] = file.tree.documents;
  if (!document) throw new TypeError('no document');
  if (value === undefined) unsetValue(document, path);
  else setValue(document, path, { kind: 'leaf', value });
  const text = String(await sealAndEmit(file, yaml, {}, environment));
  const read = await openFile(readEncrypted(text, yaml), environment);
  return { text: shown(text), plain: String(emitPlain(read, yaml, {})), warnings: environment.warnings };
}

describe('comments of a changed file', () => {
  it('an encrypted one gets the path of the container that it has now', async () => {
    const { text, warnings } = await changed('a:\n  # c\n  b: x\nd: v\n', DEFAULT_SELECTION, ['a', 'b']);
    expect(text).toBe('a: {}\n  #ENC(comment)\nd: ENC(str)\n');
    expect(warnings).toEqual([]);
  });

  it('an encrypted one stays in brackets where it would come among clear ones', async () => {
    const chosen = selection('encrypted_regex', '^data$');
    expect(await changed('data:\n  # pw\n  a: x\n  # foot\nz: v\n', chosen, ['data', 'a'])).toEqual({
      text: 'data: {\n  #ENC(comment)\n  #ENC(comment)\n  }\nz: v\n',
      plain: 'data: {\n  # pw\n  # foot\n  }\nz: v\n',
      warnings: [],
    });
  });

  it('the brackets of a list without indentation stand deeper than its key', async () => {
    const chosen = selection('encrypted_regex', '^data$');
    const { text } = await changed('data:\n# pw\n- x\nz: v\n', chosen, ['data', 1]);
    expect(text).toBe('data: [\n#ENC(comment)\n ]\nz: v\n');
  });

  it('a clear one is encrypted where it comes among encrypted ones', async () => {
    const chosen = selection('encrypted_regex', '^a$');
    expect(await changed('a:\n- k: x\n # c\n\n', chosen, ['d'], 'w')).toEqual({
      text: 'a:\n- k: ENC(str)\n #ENC(comment)\nd: w\n\n',
      plain: 'a:\n- k: x\n # c\nd: w\n\n',
      warnings: [],
    });
  });

  it('one that leaves a value in clear does so for no other value', async () => {
    const chosen = selection('unencrypted_comment_regex', 'clear');
    expect(await changed('a:\n  # clear\n  b: x\nd:\n  e: v\n', chosen, ['a', 'b'])).toEqual({
      text: 'a: {\n  # clear\n  }\nd:\n  e: ENC(str)\n',
      plain: 'a: {\n  # clear\n  }\nd:\n  e: v\n',
      warnings: [],
    });
  });
});

describe('comments around an alias', () => {
  it('get the path that they have when the alias is written out', async () => {
    const environment = surroundings();
    const source = '  a: &x\n    b: v\n  c: *x\n# end\n';
    const text = await encrypted(source, DEFAULT_SELECTION, environment);
    const file = await openFile(readEncrypted(text, yaml), environment);
    expect(environment.warnings).toEqual([]);
    expect(emitPlain(file, yaml, {})).toBe(source);
  });

  it('that select values are written out with it', async () => {
    const environment = surroundings();
    const source = 'a: &x\n  b: v # clear\n  c: z\nd: *x\n';
    const text = await encrypted(source, selection('unencrypted_comment_regex', 'clear'), environment);
    expect(shown(text)).toBe('a: &x\n  b: v # clear\n  c: ENC(str)\nd: !alias.x\n    b: v # clear\n    c: ENC(str)\n');
    const file = await openFile(readEncrypted(text, yaml), environment);
    expect(emitPlain(file, yaml, {})).toBe(source);
  });
});

describe('comments of a changed INI file', () => {
  it('are those of the next section when the last key above them goes', async () => {
    const environment = surroundings();
    const ini = formatOf('ini');
    const key = { type: 'age', fields: { recipient: 'x' }, enc: '', createdAt: undefined } as const;
    const settings = { groups: [[key]], threshold: 0, selection: DEFAULT_SELECTION, macOnlyEncrypted: false };
    const source = '[s]\na = x\n; c\nb = y\n\n[t]\nd = z\n';
    const encryptedText = await encryptText(source, { format: ini, settings, environment });
    const file = await openFile(readEncrypted(encryptedText, ini), environment);
    const [document] = file.tree.documents;
    if (!document) throw new TypeError('no document');
    unsetValue(document, ['s', 'b']);
    const text = await sealAndEmit(file, ini, {}, environment);
    const read = await openFile(readEncrypted(text, ini), environment);
    expect(environment.warnings).toEqual([]);
    expect(String(emitPlain(read, ini, {}))).toBe('[s]\na = x\n; c\n\n[t]\nd = z\n');
    const cipher = createLeafCipher(portableCrypto, file.dataKey);
    const [, comment = ''] = /^; (ENC\[.*type:comment\])$/m.exec(String(text)) ?? [];
    expect(cipher.open(comment, 't:').value).toBe('c');
  });
});
