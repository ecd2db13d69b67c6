import { SopsError } from '../../core/errors.ts';
import type { ExecHost } from '../../node/exec.ts';
import { ENDING_SIGNALS } from '../../node/signals.ts';

/** SIGQUIT comes from the keyboard and ends the process as usual. */
const SIGNALS: readonly NodeJS.Signals[] = ENDING_SIGNALS.filter((signal) => signal !== 'SIGQUIT');
/** They always cancel; the others end the process as usual, unless there is something to keep. */
const CANCELLING: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGTERM']);

/**
 * Hears the signals that end an edit. It has to be made before the folder with the clear text, so that it hears them before the
 * folder goes: what was typed is read first, unless the user sent the signal from the keyboard.
 */
export class Cancellation {
  readonly #abort = new AbortController();
  readonly #cancelled: Promise<never>;
  readonly #stop: () => void;
  #text: Uint8Array | undefined;

  /** @param readChanged - gives what was typed; undefined when nothing was */
  constructor(host: ExecHost, readChanged: () => Uint8Array | undefined) {
    let reject: (error: SopsError) => void = () => undefined;
    this.#cancelled = new Promise((_resolve, rejectNow) => {
      reject = rejectNow;
    });
    // Whoever waits hears of it; nobody need be waiting.
    this.#cancelled.catch(() => undefined);
    this.#stop = host.listen(SIGNALS, (signal) => {
      if (signal !== 'SIGINT') this.#text ??= readChanged();
      if (!CANCELLING.has(signal) && this.#text === undefined) this.#stop();
      this.#abort.abort();
      reject(new SopsError('generic', 'User canceled operation'));
    });
  }

  /** What was typed until a signal came that nobody sent from the keyboard. */
  get text(): Uint8Array | undefined {
    return this.#text;
  }

  /**
   * Waits for something that takes as long as the user likes.
   *
   * @param start - starts it; when the signal is aborted, nothing of it may keep the process from ending
   * @throws SopsError `generic` when the user cancels
   */
  async until<T>(start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return Promise.race([start(this.#abort.signal), this.#cancelled]);
  }

  /** Leaves the signals to others. */
  stop(): void {
    this.#stop();
  }
}
