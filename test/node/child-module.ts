import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';

/** A module of `src/` made ready for a process of its own, which needs plain JavaScript. */
export interface ChildModule {
  /** Runs statements with the module's exports as `m`; stdout, stderr and the exit status. */
  run(statements: string, options?: RunOptions): Promise<ChildResult>;
  /** The arguments that run statements in Node. */
  args(statements: string): string[];
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** A command that runs Node, such as `setpriv`. */
  prefix?: readonly string[];
}

export interface ChildResult {
  stdout: string;
  stderr: string;
  status: number | null;
}

/** A new folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sops-ts-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Bundles a module into a folder. */
export function buildChildModule(source: string, folder: string): ChildModule {
  const outfile = path.join(folder, `${path.basename(source, '.ts')}.mjs`);
  buildSync({
    entryPoints: [path.resolve(import.meta.dirname, '../../src', source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const args = (statements: string): string[] => [
    '--input-type=module',
    '--eval',
    `import * as m from ${JSON.stringify(outfile)};\n${statements}`,
  ];
  return {
    args,
    run(statements, { cwd, env, prefix = [] } = {}) {
      const [command = '', ...rest] = [...prefix, process.execPath, ...args(statements)];
      return new Promise((resolve) => {
        const child = execFile(command, rest, { cwd, env: env ?? process.env }, (_error, stdout, stderr) => {
          resolve({ stdout, stderr, status: child.exitCode });
        });
      });
    },
  };
}

/** Whether a command runs here and succeeds. */
export function canRun(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
