/** The reference program, which `.ci/run` installs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'vitest';

const VERSION = '3.13.3';

function candidates(): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const go = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  if (go.status === 0) folders.push(path.join(go.stdout.trim(), 'bin'));
  return folders.filter((folder) => folder !== '').map((folder) => path.join(folder, 'sops'));
}

function isReference(program: string): boolean {
  if (!existsSync(program)) return false;
  const { stdout } = spawnSync(program, ['--version', '--disable-version-check'], { encoding: 'utf8' });
  return stdout === `sops ${VERSION}\n`;
}

/** Path of the reference program; undefined when it is not installed. */
export const reference: string | undefined = candidates().find(isReference);

/** Tests that need the reference: without it they fail in CI, and are marked as skipped, with the reason, elsewhere. */
export function describeWithReference(name: string, body: (program: string) => void): void {
  if (reference !== undefined) {
    describe(name, () => {
      body(reference as string);
    });
    return;
  }
  const reason = `${name}: the reference program (sops ${VERSION}) is not installed`;
  if (process.env.CI) {
    test(reason, () => {
      throw new Error(`${reason}: go install github.com/getsops/sops/v3/cmd/sops@v${VERSION}`);
    });
  } else {
    test.skip(reason, () => {});
  }
}

/** Runs the reference in a folder of its own with the files given. @returns stdout; stderr must be empty */
export function runReference(
  program: string,
  args: string[],
  files: Record<string, string | Uint8Array>,
  env: Record<string, string>,
): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'interop-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
    const done = spawnSync(program, args, {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
      maxBuffer: 2 ** 28,
    });
    if (done.status !== 0 || done.stderr.length > 0) {
      throw new Error(`${args.join(' ')}: exit ${String(done.status)}: ${done.stderr.toString()}`);
    }
    return done.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A pair of age keys for one test run. */
export function newAgeKey(): { identity: string; recipient: string } {
  const folder = (reference as string).slice(0, -'sops'.length);
  const program = existsSync(path.join(folder, 'age-keygen')) ? path.join(folder, 'age-keygen') : 'age-keygen';
  const text = execFileSync(program, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const identity = /^AGE-SECRET-KEY-1\S+$/m.exec(text)?.[0];
  const recipient = /public key: (\S+)/.exec(text)?.[1];
  if (!identity || !recipient) throw new Error('age-keygen gave no key');
  return { identity, recipient };
}
