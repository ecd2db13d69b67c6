import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/core/index.ts';
import { decrypt, decryptToData, encrypt, SopsError } from '../../src/core/index.ts';
import { createAgeKeyService } from '../../src/core/keys/age/age-key-service.ts';
import { generateIdentity } from '../../src/core/keys/age/keygen.ts';
import { nodeCrypto } from '../../src/node/crypto.ts';
import { nativeAge } from '../../src/node/keys/age/native-age.ts';
import { runs } from '../property.ts';

const SECRETS = ['correct horse', 'battery staple', 'tr0ub4dor'];

const PLAIN: Record<FormatName, string> = {
  yaml: `# head\na: ${SECRETS[0]}\nb:\n  - "${SECRETS[1]}"\n  - c: ${SECRETS[2]} # note\n`,
  json: JSON.stringify({ a: SECRETS[0], b: [SECRETS[1], { c: SECRETS[2] }] }, undefined, 2),
  dotenv: `# head\nA=${SECRETS[0]}\nB=${SECRETS[1]}\nC=${SECRETS[2]}\n`,
  ini: `; head\n[s]\na = ${SECRETS[0]}\nb = ${SECRETS[1]}\n\n[t]\nc = ${SECRETS[2]}\n`,
  binary: SECRETS.join('\n'),
};

const FORMATS = Object.keys(PLAIN) as FormatName[];

/** One edit of a text: bytes cut out, put in, replaced, or the end cut off. */
const mutation = fc.record({
  kind: fc.constantFrom('cut', 'insert', 'replace', 'truncate', 'swap'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 30 }),
  text: fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom('\n', '\t', '"', ']', '[', ':', ' ', '#', '&a', '*a', '\u0000', '!!int '),
  ),
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(text: string, { kind, at, length, text: other }: Mutation): string {
  const start = at % (text.length + 1);
  if (kind === 'truncate') return text.slice(0, start);
  if (kind === 'cut') return text.slice(0, start) + text.slice(start + length);
  if (kind === 'insert') return text.slice(0, start) + other + text.slice(start);
  if (kind === 'replace') return text.slice(0, start) + other + text.slice(start + other.length);
  const lines = text.split('\n');
  const line = at % lines.length;
  const [moved = ''] = lines.splice(line, 1);
  lines.splice((line + length) % (lines.length + 1), 0, moved);
  return lines.join('\n');
}

/** The error of a promise; undefined when there is none. */
async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

function expectNoSecret(error: SopsError): void {
  const shown = `${error.message} ${error.hint ?? ''} ${JSON.stringify(error.location ?? [])}`;
  for (const secret of SECRETS) expect(shown).not.toContain(secret);
}

/** The MAC covers neither empty texts, nulls and empty collections nor the keys that have nothing else. */
function withoutEmpty(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutEmpty).filter((item) => item !== undefined);
  if (data === null || data === '') return undefined;
  if (typeof data !== 'object') return data;
  const entries = Object.entries(data).map(([key, value]) => [key, withoutEmpty(value)] as const);
  const kept = entries.filter(([, value]) => value !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

let identity = '';
let recipient = '';
let options: { services: ReturnType<typeof createAgeKeyService>[]; crypto: typeof nodeCrypto };
const encrypted = new Map<FormatName, { text: string; data: unknown }>();

beforeAll(async () => {
  ({ identity, recipient } = await generateIdentity(nativeAge));
  options = { services: [createAgeKeyService(nativeAge, [identity])], crypto: nodeCrypto };
  for (const format of FORMATS) {
    const text = await encrypt(PLAIN[format], { format, recipients: [recipient], ...options });
    encrypted.set(format, { text, data: await decryptToData(text, { format, ...options }) });
  }
});

describe.each(FORMATS)('%s', (format) => {
  test('a changed encrypted file is refused, or gives the very same values', async () => {
    const { text, data } = encrypted.get(format) ?? { text: '', data: undefined };
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        const changed = mutate(text, change);
        let result: unknown;
        try {
          result = await decryptToData(changed, { format, ...options });
        } catch (error) {
          if (!(error instanceof SopsError)) throw error;
          expectNoSecret(error);
          return;
        }
        expect(withoutEmpty(result)).toEqual(withoutEmpty(data));
      }),
      { numRuns: runs(2000) },
    );
  });

  test('changed plain text is encrypted or refused, without a value in the message', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, mutation, async (one, other) => {
        const changed = mutate(mutate(PLAIN[format], one), other);
        const error = await errorOf(encrypt(changed, { format, recipients: [recipient], ...options }));
        if (error === undefined) return;
        if (!(error instanceof SopsError)) throw error;
        expectNoSecret(error);
      }),
      { numRuns: runs(1500) },
    );
  });

  test('what is encrypted comes back byte for byte, or never was accepted', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        const changed = mutate(PLAIN[format], change);
        let text: string;
        try {
          text = await encrypt(changed, { format, recipients: [recipient], ...options });
        } catch {
          return;
        }
        expect(await decrypt(text, { format, ...options })).toBe(changed);
      }),
      { numRuns: runs(500) },
    );
  });

  test('random bytes are encrypted or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const error = await errorOf(encrypt(bytes, { format, recipients: [recipient], ...options }));
        if (error !== undefined && !(error instanceof SopsError)) throw error;
      }),
      { numRuns: runs(1000) },
    );
  });
});
