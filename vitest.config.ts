import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**'],
    environment: 'node',
    // The machine that runs everything has two cores: a slow start is no failure.
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
