// Installs the other runtimes that tests and benchmarks use into build/runtimes: Node 24, Bun and Deno, from their npm packages.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../build/runtimes', import.meta.url));
const packages = { node: '24.21.0', bun: '1.4.5', deno: '2.9.6' };

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/package.json`, JSON.stringify({ private: true, dependencies: packages }));
const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts'], {
  cwd: folder,
  stdio: 'inherit',
});
process.exitCode = npm.status ?? 1;
