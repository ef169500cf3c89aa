import { defineConfig } from '@playwright/test';
import { hasDisplay } from './scripts/setup/display.mjs';
import type { HostOption } from './test/e2e/fixture/app.ts';

export default defineConfig<object, HostOption>({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results/e2e',
  // Tests wait for hosts to start and streams to go on more than they compute.
  workers: 3,
  // The machine that runs everything has two cores, and they may be busy: a slow answer is no failure.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  // A film of each test takes a third of its time where there is no graphics card.
  use: {
    actionTimeout: 20_000,
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
  },
  projects: [
    {
      name: 'electron',
      use: { host: 'electron' },
      testIgnore: '**/browser/**',
      // Windows on one display take the focus from each other. Where there is none, each worker starts its own.
      ...(hasDisplay() ? { workers: 1 } : {}),
    },
    { name: 'browser', use: { host: 'browser' }, testIgnore: '**/electron/**' },
  ],
});
