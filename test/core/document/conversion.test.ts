import { describe, expect, it } from 'vitest';
import { portableCrypto } from '../../../src/core/cipher/portable-crypto.ts';
import { encryptText } from '../../../src/core/document/encrypt-text.ts';
import type { Environment, OpenFile } from '../../../src/core/document/file.ts';
import { emitPlain, openFile, readEncrypted, renewDataKey, sealAndEmit } from '../../../src/core/document/file.ts';
import type { FormatName, Source } from '../../../src/core/formats/format.ts';
import { formatOf } from '../../../src/core/formats/formats.ts';
import type { Selection } from '../../../src/core/tree/selection.ts';
import { DEFAULT_SELECTION } from '../../../src/core/tree/selection.ts';

/** Keys that wrap without hiding anything. */
const environment: Environment = {
  crypto: portableCrypto,
  services: [
    {
      wrap: (_key, part) => Promise.resolve(portableCrypto.encodeBase64(part)),
      unwrap: (key) => Promise.resolve(portableCrypto.decodeBase64(key.enc) ?? new Uint8Array()),
    },
  ],
  now: () => new Date('2026-02-03T04:05:06Z'),
};

async function encrypted(
  source: Source,
  from: FormatName,
  to: FormatName = from,
  selection: Selection = DEFAULT_SELECTION,
): Promise<string> {
  const key = { type: 'age', fields: { recipient: 'x' }, enc: '', createdAt: undefined } as const;
  const settings = { groups: [[key]], threshold: 0, selection, macOnlyEncrypted: false };
  const formats = { format: formatOf(from), outputFormat: formatOf(to) };
  return String(await encryptText(source, { ...formats, settings, environment }));
}

async function opened(text: string, format: FormatName): Promise<OpenFile> {
  return openFile(readEncrypted(text, formatOf(format)), environment);
}

async function decrypted(text: string, from: FormatName, to: FormatName = from): Promise<string> {
  return String(emitPlain(await opened(text, from), formatOf(to), {}));
}

async function rotated(text: string, from: FormatName, to: FormatName): Promise<string> {
  const file = await renewDataKey(await opened(text, from), environment);
  return String(await sealAndEmit(file, formatOf(to), {}, environment, { isNewKey: true }));
}

describe('another output format that cannot hold the data', () => {
  it('is refused by whatever seals the file again', async () => {
    const text = await encrypted('A=1\nA=2\n', 'dotenv');
    await expect(rotated(text, 'dotenv', 'yaml')).rejects.toMatchObject({
      code: 'dump',
      message: 'Error marshaling to YAML: a map has a key twice',
    });
  });

  it('is refused by decryption, too', async () => {
    const text = await encrypted('{"a": 1, "a": 2}', 'json');
    await expect(decrypted(text, 'json', 'yaml')).rejects.toMatchObject({
      code: 'dump',
      message: 'Error marshaling to YAML: a map has a key twice',
    });
  });

  it('lets decryption take the first document of several where upstream does', async () => {
    expect(await decrypted(await encrypted('a: x\n---\nb: y\n', 'yaml'), 'yaml', 'json')).toBe('{\n\t"a": "x"\n}\n');
  });
});

describe('the section DEFAULT of an INI file', () => {
  it('is in YAML once, the unwritten one giving way to the one that is written', async () => {
    const text = '[DEFAULT]\na = x\n';
    expect(await decrypted(await encrypted(text, 'ini', 'yaml'), 'yaml')).toBe('DEFAULT:\n    a: x\n');
    const file = await encrypted(text, 'ini');
    expect(await decrypted(file, 'ini', 'yaml')).toBe('DEFAULT:\n    a: x\n');
    expect(await decrypted(await rotated(file, 'ini', 'yaml'), 'yaml')).toBe('DEFAULT:\n    a: x\n');
  });

  it('is refused where both have keys', async () => {
    await expect(encrypted('a = x\n[DEFAULT]\na = y\n', 'ini', 'yaml')).rejects.toMatchObject({
      code: 'dump',
      message: 'Error marshaling to YAML: a map has a key twice',
    });
  });
});

describe('bytes that are not UTF-8, which JSON cannot hold', () => {
  const message = 'Error marshaling to json: a clear value that is not UTF-8 text: the file could not be decrypted';
  const selection: Selection = { setting: 'encrypted_regex', text: 'nothing' };

  it('are refused in a clear value', async () => {
    for (const to of ['json', 'binary'] as const) {
      await expect(encrypted(Uint8Array.of(0xff), 'binary', to, selection)).rejects.toMatchObject({
        code: 'dump',
        message,
      });
    }
  });

  it('are refused in a key', async () => {
    await expect(encrypted(Uint8Array.of(0xff, 0x3d, 0x31), 'dotenv', 'json')).rejects.toMatchObject({
      code: 'dump',
      message: 'Error marshaling to json: a key that is not UTF-8 text',
    });
  });

  it('may be in an encrypted value', async () => {
    const text = await encrypted(Uint8Array.of(0xff), 'binary');
    const file = await opened(text, 'binary');
    expect(emitPlain(file, formatOf('binary'), {})).toEqual(Uint8Array.of(0xff));
  });
});

describe('comments that decide what is encrypted', () => {
  const selection: Selection = { setting: 'encrypted_comment_regex', text: 'secret' };
  const refusal = { code: 'dump', message: 'a comment would decide about other values than it does' };

  it('must not get lost in a format without comments', async () => {
    await expect(encrypted('# secret\na: x\n', 'yaml', 'json', selection)).rejects.toMatchObject(refusal);
    const text = await encrypted('# secret\na: x\n', 'yaml', 'yaml', selection);
    await expect(rotated(text, 'yaml', 'json')).rejects.toMatchObject(refusal);
  });

  it('must not get lost where a format has no place for them', async () => {
    await expect(encrypted('# secret\ns:\n  a: x\n', 'yaml', 'ini', selection)).rejects.toMatchObject(refusal);
  });

  it('may go where nothing depends on them', async () => {
    const text = await encrypted('# other\na: x\n', 'yaml', 'json', selection);
    expect(await decrypted(text, 'json')).toBe('{\n\t"a": "x"\n}\n');
  });
});

describe('a comment of several lines from another format', () => {
  it('has a # in front of each line in YAML', async () => {
    const text = await encrypted('[s]\n; k\n; l\na = x\n', 'ini', 'yaml');
    expect(await decrypted(text, 'yaml')).toBe('DEFAULT: {}\ns:\n    a: x\n    #k\n    # ; l\n');
  });

  it('has no more lines for the line break of a CR LF file', async () => {
    const text = await encrypted('# c\r\nA=x\n', 'dotenv', 'yaml');
    expect(await decrypted(text, 'yaml')).toBe('# c\nA: x\n');
  });
});
