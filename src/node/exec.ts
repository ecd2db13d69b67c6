/**
 * Runs a command with decrypted values in its environment or in a file. Upstream: `cmd/sops/subcommand/exec`.
 */
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SopsError } from '../core/errors.ts';
import type { ChildEnd } from './child-process.ts';
import { lookUpProgram, runProgram, shellCommand, startProgram } from './child-process.ts';
import type { Cleanup } from './cleanup.ts';
import { joinEnvironments } from './exec-environment.ts';
import { isInForeground } from './foreground.ts';
import { goErrorText } from './go-errors.ts';
import type { PipeFeed } from './named-pipe.ts';
import { createNamedPipe, feedPipe } from './named-pipe.ts';
import { ENDING_SIGNALS, IGNORED_SIGNALS, signalNumber, TERMINAL_SIGNALS } from './signals.ts';
import type { TemporaryFolder } from './temporary-folder.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import type { UserAccount } from './user-account.ts';
import { lookUpUser, userVariables } from './user-account.ts';

/** What running a command needs from the process. */
export interface ExecHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cleanup: Cleanup;
  /** Becomes another user for the rest of the process. @throws Node's error */
  switchUser(user: UserAccount): void;
  /** Replaces the process by another program, where the runtime can: Node 22.15 and later. */
  readonly replaceProcess?: ((file: string, args: string[], env: Record<string, string>) => void) | undefined;
  /**
   * Passes signals on until the function it gives is called, before they end the process; with `alone` they do not end it.
   */
  listen(
    signals: readonly NodeJS.Signals[],
    listener: (signal: NodeJS.Signals) => void,
    options?: { readonly alone?: boolean },
  ): () => void;
}

export interface ExecOptions {
  readonly command: string;
  /** Starts the command and does not wait for it. */
  readonly background?: boolean | undefined;
  /** The name of the user who runs it. */
  readonly user?: string | undefined;
}

export interface ExecWithEnvironmentOptions extends ExecOptions {
  /** Makes the command a program, looked up in the `PATH` of this process and run with these arguments; else a shell runs it. */
  readonly args?: readonly string[] | undefined;
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Leaves out the environment of this process. */
  readonly pristine?: boolean | undefined;
  /** Lets the command take the place of this process. */
  readonly sameProcess?: boolean | undefined;
}

export interface ExecWithFileOptions extends ExecOptions {
  readonly content: Uint8Array;
  /** A regular file instead of a named pipe. */
  readonly regularFile?: boolean | undefined;
  /** The name of the file; empty or left out: a name of its own. */
  readonly filename?: string | undefined;
}

const PLACEHOLDER = '{}';
const DEFAULT_NAME = 'tmp-file';

/**
 * Runs a command with variables. Values of the document win over those of the user, and those over the inherited ones.
 *
 * The command gets the signals that are sent to this process, which waits for its end. With `sameProcess` on a runtime that cannot
 * replace the process, the command is a child as well; its end is for the caller to make the end of this process.
 *
 * @returns how the command ended; undefined in the background
 * @throws SopsError `generic`
 */
export async function execWithEnvironment(
  options: ExecWithEnvironmentOptions,
  host: ExecHost,
): Promise<ChildEnd | undefined> {
  const env = joinEnvironments(
    options.pristine === true ? [] : Object.entries(host.env),
    becomeUser(options.user, host),
    options.variables,
  );
  const { file, args } =
    options.args === undefined
      ? shellCommand(options.command)
      : { file: lookUpProgram(options.command, host.env['PATH']), args: [...options.args] };
  if (options.background === true) {
    await startProgram(file, args, { env });
    return undefined;
  }
  if (options.sameProcess === true && host.replaceProcess !== undefined) {
    // What Node ignores stays ignored in the program that takes its place; what somebody listens to does not.
    host.listen(IGNORED_SIGNALS, () => undefined);
    host.replaceProcess(file, [file, ...args], env);
  }
  return runWithSignals(file, args, env, host);
}

/**
 * Runs a command with a file; each `{}` in it becomes the file's path. The file goes when the command ends, or this process does.
 * The command gets the signals that are sent to this process.
 *
 * @returns how the command ended; undefined in the background
 * @throws SopsError `generic`
 */
export async function execWithFile(options: ExecWithFileOptions, host: ExecHost): Promise<ChildEnd | undefined> {
  const { filename = '' } = options;
  if (filename !== '' && !isLocalPath(filename)) {
    throw new SopsError('generic', 'The provided filename is not a local path.');
  }
  const env = joinEnvironments(Object.entries(host.env), becomeUser(options.user, host));
  const folder = createTemporaryFolder({
    env: host.env,
    cleanup: host.cleanup,
    prefix: '.sops',
    size: options.content.length,
    errorCode: 'generic',
    errorPrefix: '',
  });
  let feed: PipeFeed | undefined;
  try {
    const file = placeFile(options, folder, host);
    const { file: shell, args } = shellCommand(options.command.replaceAll(PLACEHOLDER, () => file));
    if (options.background === true) {
      await startWithFile(options, folder, file, env);
      return undefined;
    }
    if (options.regularFile !== true) feed = feedPipe(file, options.content);
    return await runWithSignals(shell, args, env, host);
  } finally {
    await feed?.stop();
    folder.remove();
  }
}

/** Whether a path stays below the folder that it is taken from. Upstream: Go's `filepath.IsLocal`. */
export function isLocalPath(path: string): boolean {
  const clean = normalize(path);
  return path !== '' && !clean.startsWith('/') && clean !== '..' && !clean.startsWith('../');
}

function placeFile(options: ExecWithFileOptions, folder: TemporaryFolder, host: ExecHost): string {
  const { filename = '' } = options;
  if (options.regularFile !== true) {
    const file = join(folder.path, filename === '' ? DEFAULT_NAME : filename);
    createNamedPipe(file, host.env['PATH']);
    return file;
  }
  const name = filename === '' ? DEFAULT_NAME + String(randomInt(1, 2 ** 32)) : filename;
  try {
    return folder.writeFile(name, options.content);
  } catch (error) {
    throw new SopsError('generic', goErrorText('open', join(folder.path, name), error), { cause: error });
  }
}

/**
 * What stays behind for a command in the background: a shell that removes the folder when the command has ended (upstream removes
 * it at once, D19). It gets paths alone; the content for a pipe waits in a file of the folder, since this process will be gone.
 */
const BACKGROUND_SCRIPT = `
trap 'rm -rf "$1"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 131' QUIT
trap 'exit 143' TERM
if [ -n "$3" ]; then
  cat <"$3" >"$4" 2>/dev/null &
  feed=$!
fi
/bin/sh -c "$2" &
wait $!
[ -z "$3" ] || kill "$feed" 2>/dev/null
`;

async function startWithFile(
  options: ExecWithFileOptions,
  folder: TemporaryFolder,
  file: string,
  env: Record<string, string>,
): Promise<void> {
  const content =
    options.regularFile === true ? '' : folder.writeFile(`.${String(randomInt(1, 2 ** 32))}`, options.content);
  const command = options.command.replaceAll(PLACEHOLDER, () => file);
  const { file: shell, args } = shellCommand(BACKGROUND_SCRIPT);
  await startProgram(shell, [...args, 'sh', folder.path, command, content, file], { env });
  folder.release();
}

/** Gives the variables of the user. */
function becomeUser(name: string | undefined, host: ExecHost): [string, string][] {
  if (name === undefined || name === '') return [];
  const user = lookUpUser(name);
  try {
    host.switchUser(user);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SopsError('generic', `cannot become user ${name}: ${reason}`, { cause: error });
  }
  return Object.entries(userVariables(user));
}

/** In milliseconds. */
const SHARED_SIGNAL_WAIT = 200;
const PAUSE = 5;

/**
 * Runs a program that gets every signal sent to this process, except those of the keyboard that it has got already. Upstream passes
 * nothing on, and leaves the command behind.
 */
async function runWithSignals(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
  host: ExecHost,
): Promise<ChildEnd> {
  const heard = new Set<NodeJS.Signals>();
  let child: ChildProcess | undefined;
  // Looking when the key's signal comes may be too late: a shell that the key ended has given the terminal back.
  let isForegroundJob = isInForeground();
  const signals: NodeJS.Signals[] = [...ENDING_SIGNALS, 'SIGCONT', 'SIGWINCH'];
  const stop = host.listen(
    signals,
    (signal) => {
      heard.add(signal);
      if (signal === 'SIGCONT') isForegroundJob = isInForeground();
      const isFromTerminal = TERMINAL_SIGNALS.has(signal) && (isForegroundJob || isInForeground());
      if (!isFromTerminal) child?.kill(signalNumber(signal));
    },
    { alone: true },
  );
  try {
    const end = await runProgram(file, args, {
      env,
      onStart: (started) => {
        child = started;
      },
    });
    const { signal } = end;
    if (signal === undefined || !signals.includes(signal)) return end;
    // One that was sent to both may have ended the command before it is heard here.
    for (let waited = 0; waited < SHARED_SIGNAL_WAIT && !heard.has(signal); waited += PAUSE) await sleep(PAUSE);
    return heard.has(signal) ? { ...end, isShared: true } : end;
  } finally {
    stop();
  }
}
