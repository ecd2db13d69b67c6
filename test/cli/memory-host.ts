import { resolve } from 'node:path';
import type { CliHost, FileKind, HostOutput } from '../../src/cli/host.ts';
import { run } from '../../src/cli/run.ts';

export interface MemoryHostOptions {
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  files?: Record<string, string>;
  tty?: { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  programName?: string;
  now?: Date;
  /** Makes every write to stdout fail with this error code. */
  stdoutError?: string;
}

/** A machine in memory: files in a map, streams as texts. */
export class MemoryHost implements CliHost {
  readonly programName: string;
  readonly cwd = '/home/user';
  readonly env: Record<string, string>;
  readonly contents = new Map<string, Uint8Array>();
  readonly modes = new Map<string, number>();
  readonly written: { stdout: Uint8Array[]; stderr: Uint8Array[] } = { stdout: [], stderr: [] };
  readonly stdin: CliHost['stdin'];
  readonly stdout: HostOutput;
  readonly stderr: HostOutput;
  readonly #now: Date;

  constructor(options: MemoryHostOptions = {}) {
    this.programName = options.programName ?? 'sops-ts';
    this.env = options.env ?? {};
    this.#now = options.now ?? new Date('2026-01-02T03:04:05Z');
    for (const [file, text] of Object.entries(options.files ?? {})) {
      this.contents.set(resolve(this.cwd, file), bytesOf(text));
    }
    const stdin = bytesOf(options.stdin ?? '');
    let position = 0;
    this.stdin = {
      isTty: options.tty?.stdin ?? false,
      readAll: () => Promise.resolve(stdin.subarray(position)),
      readByte: () => Promise.resolve(stdin[position++]),
    };
    this.stdout = this.#outputOf('stdout', options.tty?.stdout ?? false, options.stdoutError);
    this.stderr = this.#outputOf('stderr', options.tty?.stderr ?? false, undefined);
  }

  readonly files: CliHost['files'] = {
    kind: (file): Promise<FileKind | undefined> => Promise.resolve(this.#kind(file)),
    read: (file) => {
      const content = this.contents.get(file);
      return content === undefined ? Promise.reject(systemError('ENOENT')) : Promise.resolve(content);
    },
    createPrivate: (file, data) => {
      if (this.contents.has(file)) return Promise.reject(systemError('EEXIST'));
      this.contents.set(file, bytesOf(data));
      this.modes.set(file, 0o600);
      return Promise.resolve();
    },
  };

  now(): Date {
    return this.#now;
  }

  /** What stdout or stderr got, as text. */
  text(stream: 'stdout' | 'stderr'): string {
    return Buffer.concat(this.written[stream]).toString();
  }

  /** What a file holds, as text; undefined where there is none. */
  file(name: string): string | undefined {
    const content = this.contents.get(resolve(this.cwd, name));
    return content === undefined ? undefined : Buffer.from(content).toString();
  }

  #kind(file: string): FileKind | undefined {
    if (this.contents.has(file)) return 'file';
    return [...this.contents.keys()].some((name) => name.startsWith(`${file}/`)) ? 'folder' : undefined;
  }

  #outputOf(stream: 'stdout' | 'stderr', isTty: boolean, failure: string | undefined): HostOutput {
    return {
      isTty,
      isWorldReadable: false,
      write: (data) => {
        if (failure !== undefined) return Promise.reject(systemError(failure));
        this.written[stream].push(bytesOf(data));
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

/** Runs a command line on a machine in memory. */
export async function runOn(host: MemoryHost, ...argv: string[]): Promise<RunResult> {
  const status = await run(argv, host);
  return { status, stdout: host.text('stdout'), stderr: host.text('stderr') };
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: failed`), { code });
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}
