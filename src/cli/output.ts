import { SopsError } from '../core/errors.ts';
import { KeyRecoveryError } from '../core/keys/recovery-error.ts';
import { redactSecrets } from '../core/redact-secrets.ts';
import { goErrorText, systemCode } from '../node/go-errors.ts';
import { BROKEN_PIPE } from './exit-status.ts';
import type { ChangeLine } from './group-changes.ts';
import type { CliHost } from './host.ts';
import type { LineStyle, LogEntry } from './log-line.ts';
import { formatLogLine, formatStandardLogLine, formatTerminalLogLine, PLAIN_STYLE } from './log-line.ts';

/** Ends the command with upstream's fatal log line and exit status 1, where upstream's own error carries no status. */
export class FatalError extends Error {
  override readonly name: string = 'FatalError';
  readonly logger: string;
  readonly hint: string | undefined;

  /**
   * @param logger - the logger's name
   * @param hint - what to try next, one line
   */
  constructor(message: string, logger = 'CMD', hint?: string) {
    super(message);
    this.logger = logger;
    this.hint = hint;
  }
}

/** Ends the command with a status and without a word: somebody else has said what there is to say. */
export class SilentExit extends Error {
  override readonly name: string = 'SilentExit';
  readonly status: number;

  constructor(status: number) {
    super(`exit status ${status}`);
    this.status = status;
  }
}

const VISIBLE = new Set(['warning', 'error', 'fatal']);

/** Where everything goes that the program prints: stdout is data only, all else is on stderr. */
export class Output {
  readonly #host: CliHost;
  readonly #start: number;
  /** Whether info and debug messages are shown. */
  verbose = false;

  constructor(host: CliHost) {
    this.#host = host;
    this.#start = host.now().getTime();
  }

  /**
   * Writes to stdout.
   *
   * @throws SopsError (`generic`) when the write fails (D48)
   * @throws SilentExit when nobody reads any more
   */
  async data(data: string | Uint8Array): Promise<void> {
    if (data.length === 0) return;
    try {
      await this.#host.stdout.write(data);
    } catch (error) {
      if (systemCode(error) === 'EPIPE') throw new SilentExit(BROKEN_PIPE);
      throw new SopsError('generic', goErrorText('write', '/dev/stdout', error), { cause: error });
    }
  }

  /** Writes lines that tell of changes to stdout, coloured on a terminal. */
  async changes(lines: readonly ChangeLine[]): Promise<void> {
    const paint = this.hasColours('stdout') ? (await import('./colours.ts')).paintChange : plainChange;
    await this.data(lines.map((line) => `${paint(line)}\n`).join(''));
  }

  /** Writes a line of text to stderr, without the secret keys in it (D60). One that cannot be written has nowhere else to go. */
  async note(text: string): Promise<void> {
    try {
      await this.#host.stderr.write(`${redactSecrets(text)}\n`);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
    }
  }

  /** Writes an error to stderr as upstream does, without a prefix; on a terminal with its place and what to try next. */
  async error(error: SopsError): Promise<void> {
    await this.note(error instanceof KeyRecoveryError ? await this.#recoveryText(error) : error.message);
    await this.place(error);
    await this.hint(error.hint);
  }

  /** Says on a terminal where in a file an error is. */
  async place(error: SopsError): Promise<void> {
    if (!this.hasHints) return;
    const { placeOf } = await import('./error-place.ts');
    const place = placeOf(error);
    if (place !== undefined) await this.note(`  at ${place}`);
  }

  /** Whether what is for a person at a terminal is shown: hints, and the places of errors. */
  get hasHints(): boolean {
    return this.#host.stderr.isTty;
  }

  /** Says on a terminal what to try next. */
  async hint(text: string | undefined): Promise<void> {
    if (text !== undefined && this.hasHints) await this.note(`hint: ${text}`);
  }

  /** Writes a log line to stderr; info and debug only with `--verbose`. */
  async log(entry: LogEntry): Promise<void> {
    const line = await this.logLine(entry);
    if (line !== undefined) await this.note(line);
  }

  /** The line that {@link Output.log} writes; undefined where it writes none. */
  async logLine(entry: LogEntry): Promise<string | undefined> {
    if (!this.verbose && !VISIBLE.has(entry.level)) return undefined;
    if (!this.#host.stderr.isTty) return formatLogLine(entry, this.#host.now());
    const seconds = (this.#host.now().getTime() - this.#start) / 1000;
    return formatTerminalLogLine(entry, seconds, await this.#style());
  }

  /** Warns as the command line itself. */
  async warn(message: string, fields?: Readonly<Record<string, string>>): Promise<void> {
    await this.log({ logger: 'CMD', level: 'warning', message, fields });
  }

  /** Tells the progress of commands that work on many files, as Go's standard logger does. */
  async progress(text: string): Promise<void> {
    await this.note(formatStandardLogLine(text, this.#host.now()));
  }

  /** Whether what goes to this stream may have colours. */
  hasColours(stream: 'stdout' | 'stderr'): boolean {
    const { env } = this.#host;
    return this.#host[stream].isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  async #recoveryText(error: KeyRecoveryError): Promise<string> {
    if (!this.hasColours('stderr')) return error.message;
    const { recoveryWords } = await import('./colours.ts');
    return error.text(recoveryWords());
  }

  async #style(): Promise<LineStyle> {
    if (!this.hasColours('stderr')) return PLAIN_STYLE;
    const { colourStyle } = await import('./colours.ts');
    return colourStyle();
  }
}

function plainChange(line: ChangeLine): string {
  return line.text;
}
