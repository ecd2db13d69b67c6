/**
 * The built program in a process of its own, in a folder of its own. `SOPS_TS` names another build than that of this checkout: a
 * launcher, or a standalone binary.
 */
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { ALICE, ALICE_IDENTITY } from '../cli/recorded.ts';

const build = path.resolve(process.env['SOPS_TS'] ?? 'bin/sops-ts.js');

/** What starts the program on a Node, before its own arguments; a standalone binary needs none. */
export function programOn(node: string): readonly [string, ...string[]] {
  return build.endsWith('.js') ? [node, build] : [build];
}

export const PROGRAM: readonly [string, ...string[]] = programOn(process.execPath);

/** A value that is found wherever it should not be. */
export const SECRET = 'zq-hunter2-zq';

/** Standard input that stays open. */
export const HELD = '\0held';

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** What standard input holds; {@link HELD}: nothing, and it stays open. Default: it is empty. */
  stdin?: string;
  env?: Record<string, string | undefined>;
  stdio?: StdioOptions;
  detached?: boolean;
}

/** A program that runs. */
export interface Running {
  child: ChildProcess;
  pid: number;
  ended: Promise<Ended>;
}

/** A user of the program: a working folder, a home and a place for temporary files, which go away with the test. */
export class Sandbox {
  readonly root: string;
  readonly folder: string;
  readonly temporary: string;
  readonly env: Record<string, string>;

  /** @param place - where the working folder is to be; unless given, with the other temporary files */
  constructor(place: string = tmpdir()) {
    this.root = mkdtempSync(path.join(place, 'sops-ts-e2e-'));
    onTestFinished(() => {
      rmSync(this.root, { recursive: true, force: true });
    });
    for (const name of ['work', 'home', 'tmp']) mkdirSync(path.join(this.root, name));
    this.folder = path.join(this.root, 'work');
    this.temporary = path.join(this.root, 'tmp');
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: path.join(this.root, 'home'),
      // Compiled code is kept for all tests together.
      XDG_CACHE_HOME: path.join(process.env['HOME'] ?? this.root, '.cache'),
      TMPDIR: this.temporary,
      TZ: 'UTC',
      SOPS_AGE_KEY: ALICE_IDENTITY,
      SOPS_AGE_RECIPIENTS: ALICE,
    };
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** What a file holds; nothing when it has gone in this moment. */
  readIfThere(name: string): string {
    try {
      return this.read(name);
    } catch {
      return '';
    }
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(path.dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** A program for PATH and the like. */
  script(name: string, text: string): string {
    this.write(name, `#!/bin/sh\n${text}\n`);
    chmodSync(this.path(name), 0o755);
    return this.path(name);
  }

  exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** The names of all files in the working folder and of what is in the place for temporary files. */
  files(): string[] {
    return [...readdirSync(this.folder), ...readdirSync(this.temporary).map((name) => `tmp/${name}`)].sort();
  }

  /** Starts our program. */
  start(args: readonly string[], options: RunOptions = {}): Running {
    return this.startProgram([...PROGRAM, ...args], options);
  }

  /** Starts any program as our user. */
  startProgram([file = '', ...args]: readonly string[], options: RunOptions = {}): Running {
    const child = spawn(file, args, {
      cwd: this.folder,
      env: { ...this.env, ...options.env },
      stdio: options.stdio ?? 'pipe',
      detached: options.detached ?? false,
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    // Whoever does not read its input is no failure.
    child.stdin?.on('error', () => undefined);
    if (options.stdin !== HELD) child.stdin?.end(options.stdin ?? '');
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => {
        resolve({ status, signal, ...output });
      });
    });
    return { child, pid: child.pid ?? 0, ended };
  }

  /** Runs our program to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.start(args, options).ended;
  }

  /** Runs a line of shell with `sops-ts` being our program. */
  shell(line: string, options: RunOptions & { shell?: string } = {}): Promise<Ended> {
    const bin = path.join(this.root, 'bin');
    if (!existsSync(bin)) {
      mkdirSync(bin);
      writeFileSync(
        path.join(bin, 'sops-ts'),
        `#!/bin/sh\nexec ${PROGRAM.map((word) => `'${word}'`).join(' ')} "$@"\n`,
      );
      chmodSync(path.join(bin, 'sops-ts'), 0o755);
    }
    const PATH = `${bin}:${this.env['PATH'] ?? ''}`;
    const env = { ...options.env, PATH };
    return this.startProgram([options.shell ?? '/bin/sh', '-c', line], { ...options, env }).ended;
  }
}

/** What a run without complaint gives. */
export function quiet(stdout = ''): Ended {
  return { status: 0, signal: null, stdout, stderr: '' };
}
