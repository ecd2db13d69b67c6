// Builds build/sops-ts: the command line as one file that needs no Node. `npm run runtimes` installs Bun, whose runtime is in it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bun = `${root}build/runtimes/node_modules/.bin/bun`;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

if (!existsSync(bun)) {
  console.error('build-binary: npm run runtimes first');
  process.exit(1);
}
const { status } = spawnSync(
  bun,
  [
    'build',
    'src/cli/main.ts',
    '--compile',
    '--outfile=build/sops-ts',
    '--minify',
    '--bytecode',
    // Most runs are over before it pays to compile anything to machine code; long ones still do, somewhat later.
    '--compile-jit-policy=20',
    // Variables and settings of the folder in which it runs are none of its business.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    `--define=__SOPS_TS_VERSION__=${JSON.stringify(version)}`,
    '--define=process.env.NODE_ENV="production"',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
