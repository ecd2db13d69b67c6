import { defineConfig } from 'vitest/config';

// Nothing is a matter of time here: what hangs, hangs for good. A busy machine is slow.
const timeout = 120_000 * Number(process.env.PROPERTY_TIMES ?? 1);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/property.ts'],
    testTimeout: timeout,
    hookTimeout: timeout,
  },
});
