import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

interface Installation {
  folder: string;
  home: string;
  run(env?: Record<string, string>): { status: number | null; stdout: string; stderr: string };
}

/** The launcher with a bundle that tells what it was started with. */
function install(
  bundle = 'console.log(process.argv.slice(2).join(), __dirname.slice(-4)); process.exitCode = 7;',
): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'sops-ts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, 'home');
  for (const name of ['home', 'dist']) mkdirSync(join(folder, name), { mode: 0o755 });
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'dist/cli.cjs'), bundle);
  return {
    folder,
    home,
    run: (env = {}) => {
      const argv = [join(folder, 'bin/sops-ts.js'), 'decrypt', 'x'];
      const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home, ...env } } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, options);
      return { status, stdout, stderr };
    },
  };
}

const EXPECTED = { status: 7, stdout: 'decrypt,x dist\n', stderr: '' };

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

test('the launcher runs the bundle, with and without what it kept of the last run', () => {
  const { run, home } = install();
  expect([run(), run(), run()]).toEqual([EXPECTED, EXPECTED, EXPECTED]);
  expect(statSync(join(home, '.cache/sops-ts')).mode & 0o777).toBe(0o700);
  expect(filesIn(home).length).toBeGreaterThan(2);
});

test('what was kept and got damaged is passed over', () => {
  const { run, home } = install();
  run();
  for (const name of filesIn(home)) {
    const file = join(home, name);
    if (statSync(file).isFile()) writeFileSync(file, 'damaged');
  }
  expect([run(), run()]).toEqual([EXPECTED, EXPECTED]);
});

test('a new bundle of the same length runs', () => {
  const { run, folder } = install('console.log("one");');
  run();
  writeFileSync(join(folder, 'dist/cli.cjs'), 'console.log("two");');
  expect(run().stdout).toBe('two\n');
});

test('nothing is kept where others can write, without a home, or when it is switched off', () => {
  const open = install();
  chmodSync(open.home, 0o777);
  const homeless = install();
  const off = install();
  expect([open.run(), homeless.run({ HOME: '' }), off.run({ NODE_DISABLE_COMPILE_CACHE: '1' })]).toEqual([
    EXPECTED,
    EXPECTED,
    EXPECTED,
  ]);
  expect([filesIn(open.home), filesIn(homeless.home), filesIn(off.home)]).toEqual([[], [], []]);
});

test('an old runtime is told which one is needed', () => {
  const { folder } = install();
  const script = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' }); require('${folder}/bin/sops-ts.js');`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: `sops-ts needs Node.js 20.19 or later; this is ${process.version}\n`,
  });
});
