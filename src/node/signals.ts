import { constants } from 'node:os';
import { arch, platform } from 'node:process';

const EVERYWHERE: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGABRT',
  'SIGSYS',
];

/** Those that Node ignores; by default they end a process. */
export const IGNORED_SIGNALS: readonly NodeJS.Signals[] = ['SIGPIPE', 'SIGXFSZ'];

/**
 * The signals that end a process that does not listen to them, as far as a program on Node can hear them. Source: signal(7).
 *
 * Not SIGPIPE and SIGXFSZ, which Node ignores; nor SIGPROF, which V8's profiler needs for itself; nor SIGSEGV, SIGBUS, SIGFPE and
 * SIGILL: a fault would be repeated for ever once somebody listens, and so would SIGTRAP's on ARM. Of real-time signals Node
 * knows none.
 *
 * @param system - as `process.platform` spells it
 * @param processor - as `process.arch` spells it
 */
export function endingSignals(system: string, processor: string): NodeJS.Signals[] {
  const signals: NodeJS.Signals[] = [...EVERYWHERE];
  // Elsewhere SIGIO ends nothing, and the others are unknown.
  if (system === 'linux') signals.push('SIGIO', 'SIGPWR', 'SIGSTKFLT');
  if (!processor.startsWith('arm')) signals.push('SIGTRAP');
  return signals;
}

/** Those of this machine. */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = endingSignals(platform, arch);

/** What a terminal sends to all processes in its foreground; a shell does the same with SIGCONT for a job that goes on. */
export const TERMINAL_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGCONT', 'SIGWINCH']);

/** The number of a signal: Bun does not know all of them by name where it sends them. */
export function signalNumber(signal: NodeJS.Signals): number {
  return constants.signals[signal];
}
