import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const BUNDLE = `
  require('node:fs').writeSync(1, [...process.argv.slice(2), typeof require('../dist/part.cjs')].join());
  process.exitCode = process.argv.includes('fail') ? 7 : 0;`;

interface Installation {
  folder: string;
  home: string;
  beside: string;
  ofUser: string;
  /** Runs `sops-ts decrypt ARGS`. */
  run(env?: Record<string, string>, ...args: string[]): { status: number | null; stdout: string; stderr: string };
}

/** The launcher with a bundle that tells what it was started with. */
function install(bundle = BUNDLE): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'sops-ts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, 'home');
  const program = join(folder, 'program');
  for (const path of [home, program, join(program, 'dist')]) mkdirSync(path, { mode: 0o755 });
  cpSync('bin', join(program, 'bin'), { recursive: true });
  writeFileSync(join(program, 'dist/part.cjs'), 'module.exports = () => 0;');
  writeBundle(program, bundle);
  return {
    folder: program,
    home,
    beside: join(program, '.cache'),
    ofUser: join(home, '.cache/sops-ts'),
    run: (env = {}, ...args) => {
      const argv = [join(program, 'bin/sops-ts.js'), 'decrypt', ...args];
      const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home, ...env } } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, options);
      return { status, stdout, stderr };
    },
  };
}

function writeBundle(program: string, text: string): void {
  const code = `(function(require){${text}})`;
  const id = createHash('sha256').update(code).digest('hex').slice(0, 16);
  writeFileSync(join(program, 'dist/cli.cjs'), `/*${id}*/${code}`);
}

const EXPECTED = { status: 0, stdout: 'decrypt,x.yaml,function', stderr: '' };

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

test('the launcher runs the bundle, with and without what it kept of the last run', () => {
  const { run, beside, home } = install();
  expect([run({}, 'x.yaml'), run({}, 'x.yaml')]).toEqual([EXPECTED, EXPECTED]);
  const [kept, ...more] = filesIn(beside);
  expect({ kept: kept?.endsWith('-decrypt-yaml'), more, home: filesIn(home) }).toEqual({
    kept: true,
    more: [],
    home: [],
  });
  const { ino } = statSync(join(beside, kept ?? ''));
  expect(run({}, 'x.yaml')).toEqual(EXPECTED);
  expect(statSync(join(beside, kept ?? '')).ino).toBe(ino);
});

test('each format has a file of its own', () => {
  const { run, beside } = install();
  for (const name of ['x.yaml', 'y.yaml', 'x.json', 'x']) run({}, name);
  expect(filesIn(beside).map((name) => name.split('-').at(-1))).toEqual(['json', 'other', 'yaml']);
});

test.skipIf(process.getuid?.() !== 0)(
  'what is kept beside a program of root is used by all, and made by root alone',
  () => {
    const { run, beside } = install();
    run({}, 'x.yaml');
    expect(filesIn(beside).map((name) => (statSync(join(beside, name)).mode & 0o777).toString(8))).toEqual(['644']);
  },
);

test('where the program cannot write beside itself, it is kept in a folder of the user that is closed to others', () => {
  const { run, folder, beside, ofUser } = install();
  writeFileSync(beside, '');
  expect([run({}, 'x.yaml'), run({}, 'x.yaml')]).toEqual([EXPECTED, EXPECTED]);
  expect(filesIn(ofUser).length).toBe(1);
  expect(statSync(ofUser).mode & 0o777).toBe(0o700);
  const other = join(folder, 'cache');
  mkdirSync(other);
  expect(run({ XDG_CACHE_HOME: other }, 'x.yaml')).toEqual(EXPECTED);
  expect(filesIn(join(other, 'sops-ts')).length).toBe(1);
});

test('what was kept and got damaged is passed over and made anew', () => {
  const { run, beside } = install();
  run({}, 'x.yaml');
  const file = join(beside, filesIn(beside)[0] ?? '');
  const good = readFileSync(file);
  for (const at of [0, 30, 500, good.length - 1]) {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    writeFileSync(file, bytes);
    expect(run({}, 'x.yaml')).toEqual(EXPECTED);
    expect(readFileSync(file).length).toBe(good.length);
    expect(readFileSync(file).equals(bytes)).toBe(false);
  }
  for (const size of [0, 1, good.length / 2, good.length - 2]) {
    writeFileSync(file, good.subarray(0, size));
    expect(run({}, 'x.yaml')).toEqual(EXPECTED);
    expect(readFileSync(file).length).toBe(good.length);
  }
});

test('a new bundle of the same length runs', () => {
  const { run, folder } = install('require("node:fs").writeSync(1, "one");');
  run({}, 'x.yaml');
  writeBundle(folder, 'require("node:fs").writeSync(1, "two");');
  expect(run({}, 'x.yaml').stdout).toBe('two');
});

test('what others could have written is not used', () => {
  const { run, beside } = install();
  run({}, 'x.yaml');
  const name = filesIn(beside)[0] ?? '';
  const file = join(beside, name);
  const { ino } = statSync(file);
  for (const [path, mode] of [
    [file, 0o666],
    [beside, 0o777],
  ] as const) {
    chmodSync(path, mode);
    expect(run({}, 'x.yaml')).toEqual(EXPECTED);
  }
  expect(statSync(file).ino === ino).toBe(false);
});

test('nothing is kept where others can write, without a home, after an error, or when it is switched off', () => {
  const open = install();
  for (const path of [open.home, open.folder]) chmodSync(path, 0o777);
  const homeless = install();
  writeFileSync(homeless.beside, '');
  const off = install();
  const failed = install();
  expect(open.run({}, 'x.yaml')).toEqual(EXPECTED);
  expect(homeless.run({ HOME: join(homeless.home, 'none') }, 'x.yaml')).toEqual(EXPECTED);
  expect(homeless.run({ HOME: '' }, 'x.yaml')).toEqual(EXPECTED);
  expect(off.run({ NODE_DISABLE_COMPILE_CACHE: '1' }, 'x.yaml')).toEqual(EXPECTED);
  expect(failed.run({}, 'fail').status).toBe(7);
  for (const { folder, home } of [open, off, failed]) {
    expect({ home: filesIn(home), program: readdirSync(folder) }).toEqual({ home: [], program: ['bin', 'dist'] });
  }
  expect(filesIn(homeless.home)).toEqual([]);
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
