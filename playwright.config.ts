import { defineConfig } from '@playwright/test';
import type { HostOption } from './test/e2e/fixture/app.ts';

export default defineConfig<object, HostOption>({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results/e2e',
  // Windows on one display take the focus from each other, and latencies are measured.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  // A film of each test takes a third of its time where there is no graphics card.
  use: { trace: { mode: 'retain-on-failure', screenshots: false, sources: false } },
  projects: [
    { name: 'electron', use: { host: 'electron' }, testIgnore: '**/browser/**' },
    { name: 'browser', use: { host: 'browser' }, testIgnore: '**/electron/**' },
  ],
});
