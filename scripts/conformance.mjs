// Runs the recorded cases against the built command line, and against the standalone binary where it was built. The reference
// reads what we wrote where it is installed; in CI it has to be.
//
// The cases that test/conformance/KNOWN.md explains are expected to fail, and only they.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'test/conformance');
const binary = path.join(root, 'build/sops-ts');

function findReference() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const go = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  if (go.status === 0) folders.push(path.join(go.stdout.trim(), 'bin'));
  return folders.map((entry) => path.join(entry, 'sops')).find((file) => existsSync(file));
}

const reference = findReference();
if (!reference && process.env.CI) {
  console.error('conformance: the reference is not installed: go install github.com/getsops/sops/v3/cmd/sops@v3.13.3');
  process.exit(1);
}
if (!reference) console.log('conformance: the reference is not installed, so our own program reads what it wrote');

/** The cases that KNOWN.md explains. Some are contradictions only where our own program takes the reference's part. */
const known = new Set();
for (const [, name, alone] of readFileSync(path.join(folder, 'KNOWN.md'), 'utf8').matchAll(
  /^\| `([\w./-]+)`( alone)? \|/gm,
)) {
  if (!alone || !reference) known.add(name);
}

// An exported NODE_EXTRA_CA_CERTS alone costs every start of Node 20 some 45 ms.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** Runs the suite, and prints all but its closing line. Gives that line's numbers and the names of the cases that failed. */
async function run(bin) {
  const args = [
    path.join(folder, 'conformance.mjs'),
    '--bin',
    bin,
    ...(reference ? ['--peer', reference] : []),
    ...process.argv.slice(2),
  ];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const failed = new Set();
  let counts;
  let isKnown = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const failure = /^FAIL .*?cases\/(\S+)\.case: /.exec(line);
    const closing = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line);
    if (failure) {
      failed.add(failure[1]);
      isKnown = known.has(failure[1]);
    }
    if (closing) counts = { passed: Number(closing[1]), skipped: Number(closing[3]) };
    else if (!isKnown) console.log(line);
    else if (failure) console.log(`KNOWN ${failure[1]}: see test/conformance/KNOWN.md`);
  }
  return { counts, failed };
}

const programs = [['the built command line', `node ${path.join(root, 'bin/sops-ts.js')}`]];
if (existsSync(binary)) programs.push(['the standalone binary', binary]);

const isWhole = process.argv.length === 2;
for (const [name, bin] of programs) {
  console.log(`conformance of ${name}${reference ? ', with the reference as its peer' : ''}:`);
  const { counts, failed } = await run(bin);
  if (!counts) {
    console.error('conformance: the runner did not finish');
    process.exit(1);
  }
  const unexpected = [...failed].filter((one) => !known.has(one));
  const passing = isWhole ? [...known].filter((one) => !failed.has(one)) : [];
  for (const one of passing) console.log(`PASSES ${one}: take it out of test/conformance/KNOWN.md`);
  const wrong = unexpected.length + passing.length;
  console.log(`${counts.passed} passed, ${wrong} failed, ${counts.skipped + failed.size - unexpected.length} skipped`);
  if (wrong > 0) process.exitCode = 1;
}
