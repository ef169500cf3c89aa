// Measures the targets of the design on this machine, prints them and writes `bench/results.json`.
// `index.ts [NAME…]`: only the benchmarks whose names contain one of the words; then nothing is written.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type BenchRow, reached } from './harness.ts';
import { benchmarks } from './registry.ts';

const words = process.argv.slice(2);
const chosen = benchmarks.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
if (chosen.length === 0) {
  console.error(
    `No benchmark is named so. There are:\n${benchmarks.map(({ name }) => `  ${name}`).join('\n')}`,
  );
  process.exit(2);
}

const results: { readonly name: string; readonly rows: readonly (BenchRow & { reached: boolean })[] }[] = [];
const failed: string[] = [];
for (const { name, measure } of chosen) {
  console.log(`\n${name}`);
  const measured = await measure().catch((error: unknown) => {
    failed.push(name);
    console.log(`  FAILED ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  const rows = measured.map((row) => ({ ...row, reached: reached(row) }));
  for (const row of rows) console.log(line(row));
  results.push({ name, rows });
}

const all = results.flatMap(({ rows }) => rows);
console.log(`\n${all.filter((row) => row.reached).length} of ${all.length} targets reached`);
if (words.length === 0) {
  const folder = join(import.meta.dirname, '../../bench');
  mkdirSync(folder, { recursive: true });
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model,
  };
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`);
  console.log('written to bench/results.json');
}

if (failed.length > 0) console.log(`could not be measured: ${failed.join(', ')}`);
// The X server that a window was measured on would keep the process.
process.exit(failed.length > 0 ? 1 : 0);

/** A figure that misses its target is told, not thrown: on a busy machine it says more about the machine. */
function line({
  what,
  measured,
  target,
  bound,
  unit,
  detail,
  reached: isReached,
}: (typeof all)[number]): string {
  const mark = isReached ? ' ok ' : 'MISS';
  const sign = bound === 'at-least' ? '≥' : '≤';
  return `  ${mark} ${what.padEnd(52)} ${measured.toPrecision(3).padStart(7)} ${unit} (${sign} ${target})  ${detail}`;
}
