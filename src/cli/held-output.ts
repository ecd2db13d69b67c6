import type { CommandContext } from './command.ts';
import type { CliHost, HostOutput } from './host.ts';
import { Output } from './output.ts';

/** The output of one of several works that go on at once. */
export interface HeldOutput {
  /** What the work is to use. */
  readonly context: CommandContext;
  /** Prints what was held, when the work is done and it is its turn. @throws as `Output.data` */
  release(): Promise<void>;
}

/** A context like the given one whose output is held. */
export function holdOutput(context: CommandContext): HeldOutput {
  const { host, output } = context;
  const writes: (() => Promise<void>)[] = [];
  const heldHost: CliHost = {
    programName: host.programName,
    env: host.env,
    cwd: host.cwd,
    stdin: host.stdin,
    stdout: held(host.stdout, writes, (data) => output.data(data)),
    stderr: held(host.stderr, writes, (data) => output.note(textOf(data).replace(/\n$/, ''))),
    platform: host.platform,
    exec: host.exec,
    endBySignal: (signal) => {
      host.endBySignal(signal);
    },
    now: () => host.now(),
  };
  const heldOutput = new Output(heldHost);
  heldOutput.verbose = output.verbose;
  return {
    context: { ...context, host: heldHost, output: heldOutput },
    release: async () => {
      for (const write of writes) await write();
    },
  };
}

function held(
  { isTty, isWorldReadable }: HostOutput,
  writes: (() => Promise<void>)[],
  print: (data: string | Uint8Array) => Promise<void>,
): HostOutput {
  return {
    isTty,
    isWorldReadable,
    write: (data) => {
      writes.push(() => print(data));
      return Promise.resolve();
    },
  };
}

function textOf(data: string | Uint8Array): string {
  return typeof data === 'string' ? data : new TextDecoder().decode(data);
}
