import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/property.ts'],
    testTimeout: 60_000 * Number(process.env.PROPERTY_TIMES ?? 1),
  },
});
