// Builds dist/: the command line bundled with its dependencies, the two library entries, and their types.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleCli } from './bundle-cli.mjs';
import { writeLicences } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version, dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

for (const name of ['dist', '.cache']) rmSync(path.join(root, name), { recursive: true, force: true });

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2023',
  outdir: 'dist',
  define: { __SOPS_TS_VERSION__: JSON.stringify(version) },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const [cli, library] = await Promise.all([
  bundleCli(common),
  // One build for both entries, so that they share their chunks and with them SopsError.
  build({
    ...common,
    entryPoints: { index: 'src/core/index.ts', node: 'src/node/index.ts' },
    platform: 'neutral',
    conditions: ['node'],
    mainFields: ['module', 'main'],
    // The dependencies of package.json stay outside; openpgp, which few need, is a chunk behind its import().
    external: ['node:*', ...builtinModules, ...Object.keys(dependencies)],
    splitting: true,
    chunkNames: 'library/[name]-[hash]',
  }),
]);

writeLicences(root, common.outdir, [...cli, library.metafile]);

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const types = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
process.exitCode = types.status ?? 1;
if (types.status === 0) warmUp();

/** Runs the most frequent commands once, so that the launcher has their compiled code for this version of Node. */
function warmUp() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sops-ts-build-'));
  const env = { PATH: process.env.PATH };
  const run = (...args) =>
    spawnSync(process.execPath, [path.join(root, 'bin/sops-ts.js'), ...args], { cwd: folder, env, encoding: 'utf8' });
  try {
    const identity = run('keygen').stdout;
    env.SOPS_AGE_KEY_FILE = path.join(folder, 'key.txt');
    writeFileSync(env.SOPS_AGE_KEY_FILE, identity);
    env.SOPS_AGE_RECIPIENTS = /age1\w+/.exec(identity)?.[0];
    for (const [name, text] of [
      ['example.yaml', 'a: b\nlist:\n    - 1\n    - c\n'],
      ['example.json', '{"a": "b", "list": [1, "c"]}\n'],
    ]) {
      writeFileSync(path.join(folder, name), text);
      const { stdout } = run('encrypt', name);
      writeFileSync(path.join(folder, name), stdout);
      if (run('decrypt', name).status !== 0) throw new Error(`the built program does not decrypt ${name}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
