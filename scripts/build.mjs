// Builds dist/: the command line bundled with its dependencies, the two library entries, and their types.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2023',
  outdir: 'dist',
  define: { __SOPS_TS_VERSION__: JSON.stringify(version) },
  legalComments: 'none',
  logLevel: 'warning',
};

await Promise.all([
  // One file a command, and the code that several share in chunks: what a command does not need is not loaded.
  build({
    ...common,
    entryPoints: { cli: 'src/cli/main.ts' },
    platform: 'node',
    splitting: true,
    chunkNames: 'cli/[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
  }),
  // One build for both entries, so that they share their chunks and with them SopsError.
  build({
    ...common,
    entryPoints: { index: 'src/core/index.ts', node: 'src/node/index.ts' },
    platform: 'neutral',
    external: ['node:*'],
    packages: 'external',
    splitting: true,
    chunkNames: 'library/[name]-[hash]',
  }),
]);

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const types = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
process.exitCode = types.status ?? 1;
