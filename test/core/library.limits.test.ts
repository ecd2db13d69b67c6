import { beforeAll, describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/core/index.ts';
import { decrypt, decryptToData, encrypt } from '../../src/core/index.ts';
import { createAgeKeyService } from '../../src/core/keys/age/age-key-service.ts';
import { generateIdentity } from '../../src/core/keys/age/keygen.ts';
import { nodeCrypto } from '../../src/node/crypto.ts';
import { nativeAge } from '../../src/node/keys/age/native-age.ts';

const LEVELS = 100_000;
const LONG = 20_000_000;

let recipient = '';
let options: { services: ReturnType<typeof createAgeKeyService>[]; crypto: typeof nodeCrypto };

beforeAll(async () => {
  const pair = await generateIdentity(nativeAge);
  recipient = pair.recipient;
  options = { services: [createAgeKeyService(nativeAge, [pair.identity])], crypto: nodeCrypto };
});

async function problemOf(text: string, format: FormatName): Promise<string> {
  try {
    await encrypt(text, { format, recipients: [recipient], ...options });
    return 'encrypted';
  } catch (error) {
    return `${(error as { code?: string }).code ?? 'no code'}: ${(error as Error).message}`;
  }
}

describe('what is too deep or refers to itself is refused', () => {
  const cases: [string, FormatName, string, string][] = [
    [
      'objects',
      'json',
      `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`,
      'dump: Error marshaling to json: exceeded max depth',
    ],
    [
      'arrays',
      'json',
      `{"a":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}}`,
      'dump: Error marshaling to json: exceeded max depth',
    ],
    [
      'flow lists',
      'yaml',
      `a: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}\n`,
      'unreadable-input: Error unmarshalling file: yaml: exceeded max depth of 10000',
    ],
    [
      'block lists on one line',
      'yaml',
      `a:\n  ${'- '.repeat(LEVELS)}x\n`,
      'unreadable-input: Error unmarshalling file: yaml: line 2: exceeded max depth of 10000',
    ],
    [
      'an anchor inside itself',
      'yaml',
      'a: &a\n  b: *a\n',
      'unreadable-input: Error unmarshalling file: yaml: line 2: anchor value contains itself',
    ],
    [
      'nine lists of nine aliases each',
      'yaml',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index] ?? ''}`).join(',')}]\n`).join('')}`,
      'unreadable-input: Error unmarshalling file: yaml: document contains excessive aliasing',
    ],
  ];

  test.each(cases)('%s in %s', async (_name, format, text, problem) => {
    expect(await problemOf(text, format)).toBe(problem);
  });
});

describe('a value of twenty million characters comes back', () => {
  const value = 'x'.repeat(LONG);
  const texts: [FormatName, string][] = [
    ['yaml', `a: ${value}\n`],
    ['json', `{"a":"${value}"}`],
    ['dotenv', `A=${value}\n`],
    ['ini', `[s]\na = ${value}\n`],
    ['binary', value],
  ];

  test.each(texts)('%s', async (format, text) => {
    const encrypted = await encrypt(text, { format, recipients: [recipient], ...options });
    expect((await decrypt(encrypted, { format, ...options })) === text).toBe(true);
  });
});

test('ten thousand levels are encrypted and come back', async () => {
  const text = `a: ${'['.repeat(9_990)}x${']'.repeat(9_990)}\n`;
  const encrypted = await encrypt(text, { format: 'yaml', recipients: [recipient], ...options });
  expect(await decrypt(encrypted, { format: 'yaml', ...options })).toBe(text);
});

test('very many keys that look like metadata are refused', async () => {
  const lines = Array.from({ length: 300_000 }, (_, index) => `sops_key_${index}=value\n`).join('');
  expect(await problemOf(lines, 'dotenv')).toMatch(/^already-encrypted: /);
  await expect(decryptToData(lines, { format: 'dotenv', ...options })).rejects.toThrow('cannot parse "" as "2006"');
});

test('a metadata key of a million parts is refused', async () => {
  const line = `sops_a${'__map_b'.repeat(1_000_000)}=value\n`;
  await expect(decryptToData(line, { format: 'dotenv', ...options })).rejects.toThrow('cannot parse "" as "2006"');
});
