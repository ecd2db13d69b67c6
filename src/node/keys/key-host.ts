/** What finding and using keys needs from its surroundings; tests give one in memory. */
export interface KeyHost {
  /** As `process.platform` spells it. */
  readonly platform: string;
  /** An environment variable; undefined when it is not set. */
  env(name: string): string | undefined;
  /** The home folder of the account, whatever the environment says. */
  accountHome(): Promise<string | undefined>;
  /** Reads a whole file. @throws the system's error with its `code` */
  readFile(path: string): Uint8Array;
  /** Whether there is something of any kind at that path. */
  exists(path: string): boolean;
  /** Whether there is a socket at that path. */
  isSocket(path: string): boolean;
  /** Runs a program without a shell. @throws the system's error when it cannot be started */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /**
   * Starts a program in the folder for temporary files, to talk with over its standard input and output.
   *
   * @throws the system's error
   */
  start(command: string, args: readonly string[]): Promise<Connection>;
  /** Connects to a local socket. @throws the system's error */
  connect(socket: string): Promise<Connection>;
  /**
   * Asks on the terminal, whatever standard input is. `secret` and `line` give a line without its end, `character` the first
   * key pressed; only `line` shows what is typed.
   *
   * @throws Error whose message is the reason, when there is no terminal
   */
  prompt(text: string, mode: 'secret' | 'line' | 'character'): Promise<string>;
  /** What standard input is, for gpg-agent; undefined when that cannot be told. */
  standardInputName(): string | undefined;
  /** A warning on standard error. */
  warn(message: string): void;
  /** Something for a user who watches, such as a plugin's wish that a device be touched. */
  inform(message: string): void;
}

export interface RunOptions {
  readonly input?: Uint8Array;
  /** Variables on top of the whole environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunResult {
  /** Undefined when it was ended by a signal. */
  readonly status: number | undefined;
  /** The signal that ended it, in Go's words, such as `killed`. */
  readonly signal: string | undefined;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** Text lines in both directions. */
export interface Connection {
  write(text: string): Promise<void>;
  /** The next line without its line feed, as Latin-1; undefined at the end. */
  readLine(): Promise<string | undefined>;
  close(): Promise<void>;
}
