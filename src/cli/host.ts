/**
 * What the command line needs from its process; `main.ts` gives the real one, tests one in memory. Files are the machine's
 * own in both.
 */
import type { ExecHost } from '../node/exec.ts';
import type { Environment } from './flags/values.ts';

export interface HostInput {
  readonly isTty: boolean;
  /** All bytes up to the end. */
  readAll(): Promise<Uint8Array>;
  /** One byte, nothing read ahead; undefined at the end. */
  readByte(): Promise<number | undefined>;
  /** Waits for a line, reads nothing behind it, and serves signals meanwhile; false at the end, or when the signal gives up. */
  waitForLine(signal: AbortSignal): Promise<boolean>;
}

export interface HostOutput {
  readonly isTty: boolean;
  /** Whether it is a file that everybody may read. */
  readonly isWorldReadable: boolean;
  /** Resolves when the data is written. @throws Node's error, with its `code` */
  write(data: string | Uint8Array): Promise<void>;
}

export interface CliHost {
  /** The name that the program was called by. */
  readonly programName: string;
  readonly env: Environment;
  /** The working directory, absolute. */
  readonly cwd: string;
  readonly stdin: HostInput;
  readonly stdout: HostOutput;
  readonly stderr: HostOutput;
  /** As `process.platform` spells it. */
  readonly platform: string;
  /** What running other programs needs: signals, cleaning up, other users. */
  readonly exec: ExecHost;
  /** Ends the process as a signal would. */
  endBySignal(signal: NodeJS.Signals): void;
  now(): Date;
}
