import process from 'node:process';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A signal that asks a process to end. */
export type TerminationSignal = (typeof SIGNALS)[number];

/** Waits for the first SIGINT or SIGTERM, which then does nothing else; a second one ends the process as usual. */
export function untilTerminated(): Promise<TerminationSignal> {
  return new Promise((resolve) => {
    const stop = (signal: TerminationSignal): void => {
      for (const each of SIGNALS) process.off(each, stop);
      resolve(signal);
    };
    for (const each of SIGNALS) process.on(each, stop);
  });
}
