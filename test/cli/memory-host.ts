import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CliHost, HostOutput } from '../../src/cli/host.ts';
import { run } from '../../src/cli/run.ts';
import { Cleanup } from '../../src/node/cleanup.ts';

export interface MemoryHostOptions {
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  /** Files of the working folder, which goes away with the test. */
  files?: Record<string, string | Uint8Array>;
  tty?: { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  programName?: string;
  now?: Date;
  /** Makes every write to stdout fail with this error code. */
  stdoutError?: string;
}

/** A process in memory: environment and streams of its own, and a working folder that only it knows. */
export class MemoryHost implements CliHost {
  readonly programName: string;
  readonly cwd: string;
  readonly platform = 'linux';
  readonly env: Record<string, string>;
  readonly exec: CliHost['exec'];
  readonly stdin: CliHost['stdin'];
  readonly stdout: HostOutput;
  readonly stderr: HostOutput;
  readonly #now: Date;
  readonly #written: { stdout: Uint8Array[]; stderr: Uint8Array[] } = { stdout: [], stderr: [] };

  constructor(options: MemoryHostOptions = {}) {
    this.programName = options.programName ?? 'sops-ts';
    this.cwd = temporaryFolder();
    this.env = { HOME: join(this.cwd, 'home'), ...options.env };
    this.exec = {
      env: this.env,
      cleanup: new Cleanup(),
      switchUser: () => undefined,
      listen: () => () => undefined,
    };
    this.#now = options.now ?? new Date('2026-01-02T03:04:05Z');
    for (const [name, content] of Object.entries(options.files ?? {})) this.write(name, content);
    const stdin = bytesOf(options.stdin ?? '');
    let position = 0;
    this.stdin = {
      isTty: options.tty?.stdin ?? false,
      readAll: () => Promise.resolve(stdin.subarray(position)),
      readByte: () => Promise.resolve(stdin[position++]),
      waitForLine: () => {
        const end = stdin.indexOf(0x0a, position);
        position = end < 0 ? stdin.length : end + 1;
        return Promise.resolve(end >= 0);
      },
    };
    this.stdout = this.#outputOf('stdout', options.tty?.stdout ?? false, options.stdoutError);
    this.stderr = this.#outputOf('stderr', options.tty?.stderr ?? false, undefined);
  }

  endBySignal(): void {
    throw new Error('nothing here ends the process');
  }

  now(): Date {
    return this.#now;
  }

  /** Runs a command line; the result has what this run wrote. */
  async run(...argv: string[]): Promise<RunResult> {
    this.#written.stdout.length = 0;
    this.#written.stderr.length = 0;
    const status = await run(argv, this);
    return { status, stdout: this.#text('stdout'), stderr: this.#text('stderr') };
  }

  /** What a file of the working folder holds, as text. */
  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  path(name: string): string {
    return join(this.cwd, name);
  }

  #text(stream: 'stdout' | 'stderr'): string {
    return Buffer.concat(this.#written[stream]).toString();
  }

  #outputOf(stream: 'stdout' | 'stderr', isTty: boolean, failure: string | undefined): HostOutput {
    return {
      isTty,
      isWorldReadable: false,
      write: (data) => {
        if (failure !== undefined) return Promise.reject(systemError(failure));
        this.#written[stream].push(bytesOf(data));
        return Promise.resolve();
      },
    };
  }
}

export interface RunResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs one command line in a process of its own. */
export async function runWith(options: MemoryHostOptions, ...argv: string[]): Promise<RunResult> {
  return new MemoryHost(options).run(...argv);
}

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sops-ts-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: failed, write`), { code, syscall: 'write' });
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}
