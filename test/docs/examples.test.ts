import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { generateIdentity } from '../../src/core/keys/age/keygen.ts';
import { portableAge } from '../../src/core/keys/age/portable-age.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'build/examples');

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function blocksOf(file: string): { heading: string; code: string }[] {
  const blocks: { heading: string; code: string }[] = [];
  let heading = '';
  const text = readFileSync(path.join(root, file), 'utf8');
  for (const match of text.matchAll(/^#+ (.*)$|^```ts\n([\s\S]*?)^```$/gm)) {
    if (match[1] !== undefined) heading = match[1];
    else blocks.push({ heading, code: match[2] ?? '' });
  }
  return blocks;
}

/** Runs an example against the built package, which finds itself by its own name. */
async function run(name: string, code: string, names: Record<string, string>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const constants = Object.entries(names).map(([key, value]) => `const ${key} = ${JSON.stringify(value)};\n`);
  const source = `import assert from 'node:assert/strict';\n${constants.join('')}${code}`;
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, transformSync(source, { loader: 'ts', format: 'esm', target: 'node20' }).code);
  await import(/* @vite-ignore */ pathToFileURL(file).href);
}

describe.each(['README.md', 'docs/library.md'])('the examples of %s run', (file) => {
  const blocks = blocksOf(file);

  test('there are some', () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  test.each(blocks.map((block, index) => ({ ...block, index })))('$heading', async ({ code, index }) => {
    const { identity, recipient } = await generateIdentity(portableAge, { postQuantum: false });
    mkdirSync(folder, { recursive: true });
    const plainFile = path.join(folder, 'example.yaml');
    writeFileSync(plainFile, 'a: 1\n');
    const { encrypt } = await import('../../src/core/index.ts');
    const encrypted = await encrypt('database:\n  user: app\n  password: hunter2\n', {
      format: 'yaml',
      recipients: [recipient],
    });
    const needed = { identity, recipient, file: plainFile, ...(code.includes('const encrypted') ? {} : { encrypted }) };
    await run(`${file.replaceAll(/\W/g, '-')}-${index}`, code, needed);
  });
});
