/**
 * Works on several items at once, and handles the results one by one in the order of the items. When handling ends with an error,
 * nothing more is started, and what was started is waited for.
 *
 * @param limit - how many items are worked on at most
 * @param work - must not throw
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
  handle: (result: Result) => Promise<void>,
): Promise<void> {
  const running: Promise<Result>[] = [];
  let started = 0;
  try {
    for (;;) {
      for (const item of items.slice(started, started + limit - running.length)) {
        running.push(work(item));
        started++;
      }
      const first = running.shift();
      if (first === undefined) return;
      await handle(await first);
    }
  } finally {
    await Promise.allSettled(running);
  }
}
