import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig, defineProject } from 'vitest/config';

const shared = {
  // The machine that runs everything has two cores, and they may be busy: a slow start is no failure.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // The probe page's script is TypeScript, and Node warns where it strips the types of a text.
  execArgv: ['--disable-warning=ExperimentalWarning'],
  // Tests of the command line start hundreds of processes. With it Node compiles each source once, not once a process.
  env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'test-results', 'compile-cache') },
};

/** Layers that do no I/O: their tests leave nothing behind, so that many files can run in one worker. */
const pure = ['core', 'contract', 'renderer'].map((layer) => `test/${layer}/**/*.test.{ts,tsx}`);

export default defineConfig({
  test: {
    // Tests of the host wait for processes, sockets and the pace of streams more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      defineProject({ test: { name: 'pure', include: pure, isolate: false, ...shared } }),
      defineProject({
        test: {
          name: 'host',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...pure, 'test/e2e/**'],
          ...shared,
        },
      }),
    ],
  },
});
