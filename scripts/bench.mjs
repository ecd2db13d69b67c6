// Times whole processes of this program and of the reference side by side and prints the ratio of their medians.
//
//   npm run bench [-- --runs N] [-- --only TEXT]
//
// The reference is `sops` on PATH (or in Go's bin folder). Each pair runs in turn, A B A B …, after one warm-up, in a clean
// environment. Node 24 and the standalone binary are measured when they are there (npm run runtimes, npm run build:binary).
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const option = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback);
const RUNS = Number(option('--runs', 7));
const ONLY = option('--only', '');
/** A row that would take longer makes do with fewer runs, but not with fewer than three. */
const ROW_SECONDS = 15;

const work = mkdtempSync(path.join(os.tmpdir(), 'sops-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

function findReference() {
  const folders = process.env.PATH.split(path.delimiter);
  const go = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  if (go.status === 0) folders.push(path.join(go.stdout.trim(), 'bin'));
  const found = folders.map((folder) => path.join(folder, 'sops')).find((file) => existsSync(file));
  if (!found) throw new Error('the reference is not installed: go install github.com/getsops/sops/v3/cmd/sops@v3.13.3');
  return found;
}

const reference = [findReference()];
const launcher = path.join(root, 'bin/sops-ts.js');
const node24 = path.join(root, 'build/runtimes/node_modules/.bin/node');
const binary = path.join(root, 'build/sops-ts');
const programs = [['Node ' + process.versions.node.split('.')[0], [process.execPath, launcher]]];
if (existsSync(node24)) programs.push(['Node 24', [node24, launcher]]);
if (existsSync(binary)) programs.push(['standalone', [binary]]);

const env = { PATH: '/usr/bin:/bin', HOME: work, SOPS_DISABLE_VERSION_CHECK: '1' };

/** One run: wall and CPU seconds and the peak memory of the process in MiB. */
function run(command, cwd, expected = 0) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    // GNU time writes the figures of the finished process behind the program's own stderr.
    const timed = ['/usr/bin/time', '-f', '%e %U %S %M', ...command];
    const measured = existsSync('/usr/bin/time') ? timed : command;
    const child = spawn(measured[0], measured.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let bytes = 0;
    let errors = '';
    child.stdout.on('data', (data) => (bytes += data.length));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', reject);
    child.on('close', (code) => {
      const wall = Number(process.hrtime.bigint() - start) / 1e9;
      if (code !== expected) return reject(new Error(`${command.join(' ')}: exit ${code}: ${errors}`));
      const figures = errors.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
      resolve({ wall, cpu: (figures[1] ?? NaN) + (figures[2] ?? NaN), memory: (figures[3] ?? NaN) / 1024, bytes });
    });
  });
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function compare(name, ours, theirs, cwd, { prepare, runs = RUNS, times = 1, status = 0 } = {}) {
  const a = [];
  const b = [];
  let count = runs;
  for (let index = 0; index <= count; index++) {
    await prepare?.();
    const one = await run(ours, cwd, status);
    await prepare?.();
    const other = await run(theirs, cwd, status);
    if (index === 0) {
      count = Math.max(3, Math.min(runs, Math.floor(ROW_SECONDS / (one.wall + other.wall))));
      continue;
    }
    a.push(one);
    b.push(other);
  }
  const wall = [median(a.map((r) => r.wall)), median(b.map((r) => r.wall)) * times];
  const memory = [median(a.map((r) => r.memory)), median(b.map((r) => r.memory))];
  const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`.padStart(9);
  const mib = (value) => (Number.isNaN(value) ? 'n/a' : `${value.toFixed(0)} MiB`).padStart(8);
  console.log(
    `${name.padEnd(52)} ${ms(wall[0])} ${ms(wall[1])}  ${(wall[0] / wall[1]).toFixed(2).padStart(5)}x  ${mib(memory[0])} ${mib(memory[1])}  ${(memory[0] / memory[1]).toFixed(1)}x`,
  );
}

const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

/** A document of so many values: maps of ten with a few types, as YAML or JSON. */
function document(count) {
  const data = {};
  for (let index = 0; index < count / 10; index++) {
    const group = {};
    for (let field = 0; field < 10; field++) {
      const number = index * 10 + field;
      group[`key_${field}`] =
        field === 3 ? number : field === 7 ? number % 2 === 0 : `${words[number % 5]}-${number}-secret`;
    }
    data[`group_${index}`] = group;
  }
  return data;
}

function yamlOf(data) {
  return Object.entries(data)
    .map(
      ([key, group]) =>
        `${key}:\n${Object.entries(group)
          .map(([k, v]) => `    ${k}: ${v}\n`)
          .join('')}`,
    )
    .join('');
}

const newKey = () =>
  execFileSync(process.execPath, [launcher, 'keygen'], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const keygen = newKey();
const recipient = /public key: (\S+)/.exec(keygen)[1];
const otherRecipient = /public key: (\S+)/.exec(newKey())[1];
writeFileSync(path.join(work, 'key.txt'), keygen, { mode: 0o600 });
env.SOPS_AGE_KEY_FILE = path.join(work, 'key.txt');
env.SOPS_AGE_RECIPIENTS = recipient;
// An editor that changes nothing: edit ends with 200.
env.EDITOR = 'true';

const encryptWith = (file) => execFileSync(reference[0], ['encrypt', '--in-place', file], { cwd: work, env });
const put = (name, text) => writeFileSync(path.join(work, name), text);

put('small.yaml', 'user: admin\npassword: hunter2\nport: 5432\nlist:\n    - a\n    - b\n');
put('plain-small.yaml', 'user: admin\npassword: hunter2\nport: 5432\nlist:\n    - a\n    - b\n');
encryptWith('small.yaml');
const big = document(40_000);
put('plain.yaml', yamlOf(big));
put('big.yaml', yamlOf(big));
put('plain.json', JSON.stringify(big, undefined, '\t'));
put('big.json', JSON.stringify(big, undefined, '\t'));
encryptWith('big.yaml');
encryptWith('big.json');

const rows = [];
const row = (name, make) => rows.push({ name, make });

for (const [label, program] of programs) {
  row(`decrypt a small file, ${label}`, (name) =>
    compare(name, [...program, 'decrypt', 'small.yaml'], [...reference, 'decrypt', 'small.yaml'], work, {
      runs: RUNS * 3,
    }),
  );
  row(`encrypt a small file, ${label}`, (name) =>
    compare(name, [...program, 'encrypt', 'plain-small.yaml'], [...reference, 'encrypt', 'plain-small.yaml'], work, {
      runs: RUNS * 3,
    }),
  );
  for (const format of ['yaml', 'json']) {
    row(`decrypt 40,000 values, ${format}, ${label}`, (name) =>
      compare(name, [...program, 'decrypt', `big.${format}`], [...reference, 'decrypt', `big.${format}`], work),
    );
    row(`encrypt 40,000 values, ${format}, ${label}`, (name) =>
      compare(name, [...program, 'encrypt', `plain.${format}`], [...reference, 'encrypt', `plain.${format}`], work),
    );
  }
  for (const size of ['small', 'big']) {
    const file = `${size}.yaml`;
    const original = readFileSync(path.join(work, file));
    const key = size === 'small' ? '["password"]' : '["group_7"]["key_0"]';
    const prepare = () => writeFileSync(path.join(work, file), original);
    const which = size === 'small' ? 'a small file' : '40,000 values';
    row(`set in ${which}, ${label}`, (name) =>
      compare(name, [...program, 'set', file, key, '"new"'], [...reference, 'set', file, key, '"new"'], work, {
        prepare,
      }).finally(prepare),
    );
    row(`rotate ${which}, ${label}`, (name) =>
      compare(name, [...program, 'rotate', '-i', file], [...reference, 'rotate', '-i', file], work, {
        prepare,
      }).finally(prepare),
    );
    row(`edit ${which} without a change, ${label}`, (name) =>
      compare(name, [...program, 'edit', file], [...reference, 'edit', file], work, { status: 200 }),
    );
  }
  row(`updatekeys of 1,000 files, ${label}`, (name) => updateMany(name, program));
}

/** A thousand files in one call against as many calls, of which a hundred are made. */
async function updateMany(name, program) {
  const folder = path.join(work, 'many');
  const files = Array.from({ length: 1_000 }, (_, index) => `file-${index}.yaml`);
  const original = readFileSync(path.join(work, 'small.yaml'));
  mkdirSync(folder, { recursive: true });
  // A rule with a second key, so that every file has to be written.
  writeFileSync(path.join(folder, '.sops.yaml'), `creation_rules:\n    - age: ${recipient},${otherRecipient}\n`);
  const prepare = () => {
    for (const file of files) writeFileSync(path.join(folder, file), original);
  };
  const loop = `for f in ${files.slice(0, 100).join(' ')}; do ${reference[0]} updatekeys -y "$f" >/dev/null 2>&1 || exit 1; done`;
  await compare(name, [...program, 'updatekeys', '-y', ...files], ['/bin/sh', '-c', loop], folder, {
    prepare,
    runs: 3,
    times: 10,
  });
  rmSync(folder, { recursive: true });
}

/** Fifty maps in one another, each with a value. */
function nest(index) {
  const lines = Array.from({ length: 50 }, (_, depth) => {
    const indent = ' '.repeat(2 * depth);
    const key = depth === 0 ? `g${index}` : `n${depth}`;
    return `${indent}${key}:\n${indent}  v: value-${depth}\n`;
  });
  return lines.join('');
}

/** Cost per value in one process: seconds divided by values must not grow with the size. */
async function linearity() {
  console.log('\ncost per value, decrypt, this Node (microseconds of CPU beyond an empty run)');
  const shapes = {
    'flat map': (count) => Array.from({ length: count }, (_, index) => `k${index}: value-${index}\n`).join(''),
    'long list': (count) => `l:\n${Array.from({ length: count }, (_, index) => `    - value-${index}\n`).join('')}`,
    'maps in a list': (count) =>
      `l:\n${Array.from({ length: count / 2 }, (_, index) => `    - a: value-${index}\n      b: ${index}\n`).join('')}`,
    'nests of 50': (count) => Array.from({ length: count / 50 }, (_, index) => nest(index)).join(''),
  };
  for (const [shape, make] of Object.entries(shapes)) {
    const figures = [];
    for (const count of [100, 1_000, 10_000, 100_000, 1_000_000]) {
      const file = path.join(work, `linear-${count}.yaml`);
      writeFileSync(file, make(count));
      execFileSync(process.execPath, [launcher, 'encrypt', '--in-place', file], { cwd: work, env });
      const { cpu } = await run([process.execPath, launcher, 'decrypt', file], work);
      figures.push([count, cpu]);
      rmSync(file);
    }
    const base = figures[0][1];
    console.log(
      `${shape.padEnd(20)} ${figures
        .slice(2)
        .map(([count, cpu]) => `${count.toLocaleString('en')}: ${(((cpu - base) * 1e6) / count).toFixed(1)}`)
        .join('   ')}`,
    );
  }
}

console.log(
  `${os.cpus()[0]?.model ?? 'unknown CPU'}, ${os.cpus().length} cores, ${process.platform} ${process.arch}; medians of ${RUNS} runs (small files ${RUNS * 3})\n`,
);
console.log(
  `${''.padEnd(52)} ${'ours'.padStart(9)} ${'sops'.padStart(9)}  ${'ratio'.padStart(6)}  ${'memory'.padStart(8)} ${'sops'.padStart(8)}  ratio`,
);
mkdirSync(work, { recursive: true });
for (const { name, make } of rows)
  if (name.includes(ONLY))
    await make(name).catch((error) => console.log(`${name.padEnd(52)} failed: ${String(error.message).slice(0, 200)}`));
if ('linear'.includes(ONLY)) await linearity();
