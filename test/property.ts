/**
 * Properties take the same examples in every run of the tests, so that a change is judged by what it did. `npm run fuzz` looks
 * for new ones: other seeds, and many more of them.
 */
import fc from 'fast-check';

const times = Number(process.env.PROPERTY_TIMES ?? 1);

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1), numRuns: runs(100) });

/** How many examples a property takes, where 100 are too few. */
export function runs(count: number): number {
  return count * times;
}
