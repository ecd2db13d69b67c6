import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import type { KeyHost } from './key-host.ts';

/** What a {@link createNodeKeyHost} takes from its process. */
export interface NodeKeyHostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The working folder, which relative paths start from; the process's own when left out. */
  readonly folder?: string;
  readonly warn?: (message: string) => void;
  readonly inform?: (message: string) => void;
}

/** The machine that the program runs on. What most keys do not need is loaded when it is used: it costs as much as the key. */
export function createNodeKeyHost(options: NodeKeyHostOptions): KeyHost {
  const { env, platform, folder = '' } = options;
  // An empty path names nothing, not the folder.
  const absolute = (path: string): string => (path === '' ? '' : resolvePath(folder, path));
  return {
    platform,
    env: (name) => env[name],
    accountHome: async () => (await import('./account-home.ts')).accountHome(),
    readFile: (path) => readFileSync(absolute(path)),
    exists: (path) => existsSync(absolute(path)),
    isSocket: (path) => statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false,
    run: async (command, args, runOptions = {}) =>
      (await import('./programs.ts')).run(command, args, runOptions, env, folder),
    start: async (command, args) => (await import('./programs.ts')).start(command, args, env),
    connect: async (socket) => (await import('./local-socket.ts')).connect(socket),
    prompt: async (text, mode) => (await import('./terminal-prompt.ts')).promptOnTerminal(text, mode, platform),
    standardInputName,
    warn: options.warn ?? (() => undefined),
    inform: options.inform ?? (() => undefined),
  };
}

function standardInputName(): string | undefined {
  try {
    return readlinkSync('/proc/self/fd/0');
  } catch {
    return undefined;
  }
}
