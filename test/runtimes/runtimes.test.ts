import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateIdentity } from '../../src/core/keys/age/keygen.ts';
import { portableAge } from '../../src/core/keys/age/portable-age.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'build/runtime-tests');
const bin = path.join(root, 'build/runtimes/node_modules/.bin');

const RUNTIMES: { name: string; program: string; args: string[]; install: string }[] = [
  { name: 'this Node', program: process.execPath, args: [], install: '' },
  { name: 'Node 24', program: path.join(bin, 'node'), args: [], install: 'npm run runtimes' },
  { name: 'Bun', program: path.join(bin, 'bun'), args: ['run'], install: 'npm run runtimes' },
  { name: 'Deno', program: path.join(bin, 'deno'), args: ['run', '--allow-all'], install: 'npm run runtimes' },
];

let keys: { identity: string; recipient: string };

beforeAll(async () => {
  keys = await generateIdentity(portableAge);
  mkdirSync(folder, { recursive: true });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Without a runtime its tests fail in CI, and are skipped with the reason elsewhere. */
function testWith(program: string, install: string, name: string, body: () => void | Promise<void>): void {
  if (existsSync(program) || program === process.execPath) return test(name, body);
  if (!process.env.CI) return test.skip(`${name} (not installed: ${install})`, () => {});
  return test(name, () => {
    throw new Error(`not installed: ${install}`);
  });
}

function script(name: string, code: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, code);
  return file;
}

describe.each(RUNTIMES)('$name', ({ program, args, install }) => {
  testWith(program, install, 'runs the core', () => {
    const file = script(
      'core.mjs',
      `import * as library from 'sops-ts';
       import { smoke } from '../../test/runtimes/smoke.mjs';
       console.log(await smoke(library, ${JSON.stringify(keys.recipient)}, ${JSON.stringify(keys.identity)}));`,
    );
    expect(execFileSync(program, [...args, file], { cwd: root, encoding: 'utf8' })).toBe('smoke passed\n');
  });

  testWith(program, install, 'runs the library on files', () => {
    const plain = script('file.yaml', 'a: "x" # note\n');
    const file = script(
      'files.mjs',
      `import { decryptFile, encryptFile } from 'sops-ts/node';
       await encryptFile(${JSON.stringify(plain)}, { recipients: [${JSON.stringify(keys.recipient)}], inPlace: true });
       console.log(await decryptFile(${JSON.stringify(plain)}, { env: { SOPS_AGE_KEY: ${JSON.stringify(keys.identity)} } }));`,
    );
    expect(execFileSync(program, [...args, file], { cwd: root, encoding: 'utf8' })).toBe('a: "x" # note\n\n');
    expect(readFileSync(plain, 'utf8')).toMatch(/^a: "ENC\[/);
  });
});

describe('a browser', () => {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) ?? '';

  test('the bundle for a browser has nothing of Node in it', async () => {
    const bundle = await bundleForBrowser();
    expect(bundle.match(/["']node:\w+["']|\brequire\(/g)).toBeNull();
  });

  testWith(chromium, 'apt-get install chromium', 'runs the core', async () => {
    const page = `<!doctype html><title>test</title><body>running<script type="module">
      import { library, smoke } from '/bundle.js';
      smoke(library, ${JSON.stringify(keys.recipient)}, ${JSON.stringify(keys.identity)}).then(
        (text) => { document.body.textContent = text; },
        (error) => { document.body.textContent = String(error); },
      );
    </script></body>`;
    const bundle = await bundleForBrowser();
    const server = createServer((request, response) => {
      const isBundle = request.url === '/bundle.js';
      response.setHeader('content-type', isBundle ? 'text/javascript' : 'text/html');
      response.end(isBundle ? bundle : page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const profile = mkdtempSync(path.join(tmpdir(), 'chromium-'));
    try {
      const { port } = server.address() as AddressInfo;
      const dom = await dumpDom(chromium, profile, `http://127.0.0.1:${port}/`);
      expect(/<body>([\s\S]*?)<\/body>/.exec(dom)?.[1]).toBe('smoke passed');
    } finally {
      server.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });
});

async function bundleForBrowser(): Promise<string> {
  const entry = script(
    'browser.mjs',
    "export * as library from 'sops-ts'; export { smoke } from '../../test/runtimes/smoke.mjs';",
  );
  const result = await build({ entryPoints: [entry], bundle: true, format: 'esm', platform: 'browser', write: false });
  return result.outputFiles[0]?.text ?? '';
}

/** Chromium runs beside this process, which has to serve the page. */
async function dumpDom(chromium: string, profile: string, url: string): Promise<string> {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const child = spawn(
    chromium,
    [...flags, ...quiet, `--user-data-dir=${profile}`, '--virtual-time-budget=30000', '--dump-dom', url],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let dom = '';
  child.stdout.on('data', (data: Buffer) => (dom += data.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return dom;
}
