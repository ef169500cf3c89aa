import { defineConfig } from '@playwright/test';
import type { HostOption } from './test/e2e/fixture/app.ts';

/** Writes the README's pictures: `npm run screenshots`. No test: what they show is for people to judge. */
export default defineConfig<object, HostOption>({
  testDir: 'test/screenshots',
  testMatch: '**/*.shots.ts',
  outputDir: 'test-results/screenshots',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: { host: 'electron' },
});
