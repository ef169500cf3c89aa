import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Benchmark } from './harness.ts';
import { benchmarks } from './registry.ts';

const folder = import.meta.dirname;
/** The command itself, what it measures with, and what this test compares with. */
const others = ['index.ts', 'harness.ts', 'registry.ts'];

/** Files that define benchmarks, by the type that they use. */
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !others.includes(name))
  .filter((name) => /\bBench(?:mark|Row)\b/.test(readFileSync(join(folder, name), 'utf8')));

test('every benchmark that exists is registered', async () => {
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) {
    const module = (await import(join(folder, file))) as { benchmarks?: readonly Benchmark[] };
    expect(module.benchmarks?.length, `${file} exports its benchmarks`).toBeGreaterThan(0);
    const missing = module.benchmarks?.filter((each) => !benchmarks.includes(each)).map(({ name }) => name);
    expect(missing, `benchmarks of ${file} that registry.ts lacks`).toEqual([]);
  }
});

test('each benchmark has a name of its own, to be run by', () => {
  const names = benchmarks.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
