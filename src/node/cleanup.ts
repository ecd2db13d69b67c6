/**
 * What must be undone when the program ends, whichever way: actions run when their owner is done with them, or when whoever owns
 * the process hears that it is to end.
 */
export class Cleanup {
  readonly #actions = new Set<() => void>();
  readonly #onFirst: (() => void) | undefined;
  #used = false;

  /** @param onFirst - called before the first action is added: the time to listen to signals */
  constructor(onFirst?: () => void) {
    this.#onFirst = onFirst;
  }

  /** Adds an action that must not wait for anything; gives the function that takes it out again. */
  add(action: () => void): () => void {
    if (!this.#used) this.#onFirst?.();
    this.#used = true;
    this.#actions.add(action);
    return () => {
      this.#actions.delete(action);
    };
  }

  /** Runs the actions, the newest first. One that fails does not keep the others from running. */
  run(): void {
    for (const action of [...this.#actions].reverse()) {
      this.#actions.delete(action);
      try {
        action();
      } catch {
        // Nobody is left to tell.
      }
    }
  }
}
