// Runs the recorded cases against the built command line, and against the standalone binary where it was built. The reference
// reads what we wrote where it is installed; in CI it has to be.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const runner = path.join(root, 'test/conformance/conformance.mjs');
const binary = path.join(root, 'build/sops-ts');

function findReference() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const go = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  if (go.status === 0) folders.push(path.join(go.stdout.trim(), 'bin'));
  return folders.map((folder) => path.join(folder, 'sops')).find((file) => existsSync(file));
}

const reference = findReference();
if (!reference && process.env.CI) {
  console.error('conformance: the reference is not installed: go install github.com/getsops/sops/v3/cmd/sops@v3.13.3');
  process.exit(1);
}
if (!reference) console.log('conformance: the reference is not installed, so our own program reads what it wrote');

// An exported NODE_EXTRA_CA_CERTS alone costs every start of Node 20 some 45 ms.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const programs = [['the built command line', `node ${path.join(root, 'bin/sops-ts.js')}`]];
if (existsSync(binary)) programs.push(['the standalone binary', binary]);

let failed = false;
for (const [name, bin] of programs) {
  console.log(`conformance of ${name}:`);
  const peer = reference ? ['--peer', reference] : [];
  const run = spawnSync(process.execPath, [runner, '--bin', bin, ...peer, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env,
  });
  failed ||= run.status !== 0;
}
process.exitCode = failed ? 1 : 0;
