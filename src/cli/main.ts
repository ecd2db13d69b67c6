/** The program: one command line, run on this machine. The only file that touches `process`. */
import { fstatSync, readFileSync, readSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { Cleanup } from '../node/cleanup.ts';
import type { ExecHost } from '../node/exec.ts';
import { workingFolder } from '../node/files.ts';
import { systemCode } from '../node/go-errors.ts';
import { ENDING_SIGNALS, signalNumber } from '../node/signals.ts';
import type { CliHost, HostInput, HostOutput } from './host.ts';
import { run } from './run.ts';

const WORLD_READABLE = 0o004;
/** What a shell adds to the number of the signal that ended a program. */
const SIGNALLED = 128;
/** On this signal Node would open its debugger to everybody on the machine, so it is listened to from the start. */
const DEBUGGER_SIGNAL = 'SIGUSR1';

/** Signals that somebody else makes something of. */
const taken = new Set<NodeJS.Signals>();

const cleanup = new Cleanup(listenForTheEnd);

const host: CliHost = {
  programName: programName(),
  env: process.env,
  cwd: workingFolder(process.cwd(), process.env['PWD']),
  stdin: inputOf(0),
  stdout: outputOf(1),
  stderr: outputOf(2),
  platform: process.platform,
  exec: {
    env: process.env,
    cleanup,
    switchUser: ({ userId, groupId, groupIds }) => {
      process.setgroups?.([...groupIds]);
      process.setgid?.(groupId);
      process.setuid?.(userId);
    },
    replaceProcess: (process as { execve?: ExecHost['replaceProcess'] }).execve?.bind(process),
    listen: (signals, listener, { alone = false } = {}) => {
      for (const signal of signals) {
        // Before the end that the signal may be.
        process.prependListener(signal, listener);
        if (alone) taken.add(signal);
      }
      return () => {
        for (const signal of signals) {
          process.off(signal, listener);
          if (alone) taken.delete(signal);
        }
      };
    },
  },
  endBySignal: end,
  now: () => new Date(),
};

process.on(DEBUGGER_SIGNAL, end);

void run(process.argv.slice(2), host).then((status) => {
  process.exitCode = status;
  // In Bun a thread may still wait for input that nobody wants any more, and would keep the process.
  if (process.versions['bun'] !== undefined) process.exit();
});

/** Whatever ends the process, what must not stay behind is removed first. */
function listenForTheEnd(): void {
  process.on('exit', () => {
    cleanup.run();
  });
  for (const signal of ENDING_SIGNALS) {
    if (signal !== DEBUGGER_SIGNAL) process.on(signal, end);
  }
}

function end(signal: NodeJS.Signals): void {
  if (taken.has(signal)) return;
  cleanup.run();
  // Not before: the same signal again would end the process with half of it done.
  process.off(signal, end);
  const number = signalNumber(signal);
  process.kill(process.pid, number);
  // Still here: somebody else listens, or this is the first process of a container, which no signal of its own ends.
  if (process.listenerCount(signal) === 0) process.exit(SIGNALLED + number);
}

/** How the user calls the program: a link may name it `sops`. A standalone binary has a made-up path as its script. */
function programName(): string {
  const isStandalone = process.argv[0] === 'bun';
  const name = basename((isStandalone ? process.argv0 : process.argv[1]) ?? '');
  return name === '' || name.endsWith('.js') || name.endsWith('.ts') ? 'sops-ts' : name;
}

function inputOf(descriptor: 0): HostInput {
  return {
    get isTty() {
      return isTty(descriptor);
    },
    readAll: async () => {
      try {
        return readFileSync(descriptor);
      } catch (error) {
        // A pipe that somebody made non-blocking has nothing yet; a stream waits for it.
        if (systemCode(error) !== 'EAGAIN') throw error;
        const chunks: Uint8Array[] = [];
        for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
        return Buffer.concat(chunks);
      }
    },
    readByte: async () => {
      const byte = new Uint8Array(1);
      for (;;) {
        try {
          return readSync(descriptor, byte) === 0 ? undefined : byte[0];
        } catch (error) {
          if (systemCode(error) === 'EOF') return undefined;
          if (systemCode(error) !== 'EAGAIN') throw error;
          await pause();
        }
      }
    },
    waitForLine: async (signal) => (await import('../node/wait-for-line.ts')).waitForLine(signal),
  };
}

function outputOf(descriptor: 1 | 2): HostOutput {
  return {
    get isTty() {
      return isTty(descriptor);
    },
    get isWorldReadable() {
      const status = statusOf(descriptor);
      return status?.isFile() === true && (Number(status.mode) & WORLD_READABLE) !== 0;
    },
    write: async (data) => {
      let rest = typeof data === 'string' ? Buffer.from(data) : data;
      while (rest.length > 0) {
        try {
          rest = rest.subarray(writeSync(descriptor, rest));
        } catch (error) {
          if (systemCode(error) !== 'EAGAIN') throw error;
          await pause();
        }
      }
    },
  };
}

/** Looks before it asks: the module that knows terminals costs start-up time. */
function isTty(descriptor: number): boolean {
  if (statusOf(descriptor)?.isCharacterDevice() !== true) return false;
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

function statusOf(descriptor: number): ReturnType<typeof fstatSync> | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}
