/** A key host in memory: variables, files, programs and sockets are what the test says. */
import type { Connection, KeyHost, RunOptions, RunResult } from '../../../src/node/keys/key-host.ts';

export interface MemoryHostOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: string;
  /** Content by path; an error code such as `EACCES` as `{ code }`. */
  readonly files?: Readonly<Record<string, string | Uint8Array | { readonly code: string }>>;
  readonly accountHome?: string;
  readonly run?: (command: string, args: readonly string[], options: RunOptions) => RunOutcome | Promise<RunOutcome>;
  /** Answers of a plugin or an agent: the lines that it sends for what it received so far, and undefined to close. */
  readonly talk?: (name: string, args: readonly string[]) => Conversation | undefined;
  readonly answers?: readonly (string | Error)[];
}

export type RunOutcome = Partial<Omit<RunResult, 'stdout' | 'stderr'>> & { stdout?: string; stderr?: string };

/** Called with each line received; gives lines to send. `undefined` closes the connection. */
export type Conversation = { readonly greeting?: string[]; answer(line: string): readonly string[] | undefined };

export interface MemoryHost extends KeyHost {
  /** Everything that happened, in order. */
  readonly log: string[];
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: it failed`), { code, syscall: 'open' });
}

export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const log: string[] = [];
  const answers = [...(options.answers ?? [])];
  const files = options.files ?? {};
  return {
    log,
    platform: options.platform ?? 'linux',
    env: (name) => options.env?.[name],
    accountHome: () => Promise.resolve(options.accountHome),
    readFile(path) {
      log.push(`read ${path}`);
      const content = files[path];
      if (content === undefined) throw systemError('ENOENT');
      if (content instanceof Uint8Array) return content;
      if (typeof content === 'string') return new TextEncoder().encode(content);
      throw systemError(content.code);
    },
    exists: (path) => Object.hasOwn(files, path),
    isSocket: (path) => path.endsWith('.socket') || (options.env?.['SOCKET'] ?? '') === path,
    async run(command, args, runOptions = {}) {
      log.push(`run ${[command, ...args].join(' ')}`);
      if (options.run === undefined) throw systemError('ENOENT');
      const { status, signal, stdout = '', stderr = '' } = await options.run(command, args, runOptions);
      return {
        status: signal === undefined ? (status ?? 0) : undefined,
        signal,
        stdout: new TextEncoder().encode(stdout),
        stderr: new TextEncoder().encode(stderr),
      };
    },
    start: async (command, args) => {
      log.push(`start ${[command, ...args].join(' ')}`);
      return connection(options.talk?.(command, args));
    },
    connect: async (socket) => {
      log.push(`connect ${socket}`);
      return connection(options.talk?.(socket, []));
    },
    async prompt(text, mode) {
      log.push(`prompt ${mode} ${text}`);
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no terminal');
      return answer;
    },
    standardInputName: () => '/dev/pts/7',
    warn: (message) => log.push(`warn ${message}`),
    inform: (message) => log.push(`inform ${message}`),
  };

  function connection(conversation: Conversation | undefined): Connection {
    if (conversation === undefined) throw systemError('ENOENT');
    const toRead = [...(conversation.greeting ?? [])];
    let rest = '';
    let isOpen = true;
    return {
      async write(text) {
        rest += text;
        for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
          const sent = conversation.answer(rest.slice(0, end));
          rest = rest.slice(end + 1);
          if (sent === undefined) isOpen = false;
          else toRead.push(...sent);
        }
      },
      readLine: async () =>
        toRead.shift() ?? (isOpen ? Promise.reject(new Error('the test would wait for ever')) : undefined),
      async close() {
        log.push('close');
      },
    };
  }
}
