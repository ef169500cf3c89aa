import { compareStreams } from '../core/compare/comparison.ts';
import { pairRecords } from '../core/compare/comparison-records.ts';
import { sentencesOf } from '../core/compare/comparison-sentences.ts';
import { formatOption } from './capture-input.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, displayPath, usageFailure } from './command-failure.ts';
import {
  type ComparedCapture,
  comparisonResult,
  metricsOf,
  readComparedCapture,
} from './compared-capture.ts';
import type { Output } from './output.ts';
import { outputOptions } from './option.ts';
import { formatNumber } from './printer.ts';
import { styled } from './styled-text.ts';

const declaredOptions = { format: formatOption, ...outputOptions };

export const command = defineCommand({
  summary:
    'Aligns the events of each capture with those of A by content, and shows which came later, were merged, changed, are missing or were added. Exit status 1 if the content differs; times do not count.',
  usages: [{ arguments: ['A', 'B…'] }],
  options: declaredOptions,
  run: compare,
});

async function compare(
  { arguments: paths, options: { format }, asTable }: CommandInput<typeof declaredOptions>,
  { output, notify }: Program,
): Promise<ExitStatus> {
  if (paths.filter((path) => path === '-').length > 1)
    throw usageFailure('Standard input can be read only once');
  const [first = '', ...others] = paths;
  const a = await readComparedCapture({ path: first, format }, notify);
  let isEqual = true;
  for (const [index, path] of others.entries()) {
    const b = await readComparedCapture({ path, format }, notify);
    const place = others.length > 1 ? { comparison: index } : {};
    isEqual =
      (await (asTable ? printComparison(output, a, b) : printComparisonRecords(output, a, b, place))) &&
      isEqual;
  }
  return isEqual ? ExitStatus.done : ExitStatus.failed;
}

/** Prints pairs, events without a partner and the result as NDJSON. Returns whether the content is equal. */
async function printComparisonRecords(
  output: Output,
  a: ComparedCapture,
  b: ComparedCapture,
  place: object,
): Promise<boolean> {
  const comparison = compareStreams(a.outline, b.outline);
  for (const record of pairRecords(comparison))
    await output.writeJson(JSON.stringify({ ...record, ...place }));
  await output.writeJson(JSON.stringify({ ...comparisonResult(comparison, a, b), ...place }));
  return comparison.equal;
}

const labels: Readonly<Record<string, readonly [label: string, digits: number]>> = {
  status: ['status', 0],
  firstByteAt: ['first byte (ms)', 1],
  firstEventAt: ['first event (ms)', 1],
  firstTokenAt: ['first token (ms)', 1],
  duration: ['duration (ms)', 1],
  tokens: ['tokens', 0],
  tokensPerSecond: ['tokens per second', 1],
  gapP50: ['gap p50 (ms)', 1],
  gapP95: ['gap p95 (ms)', 1],
  gapMax: ['gap max (ms)', 1],
  events: ['events', 0],
  comments: ['comments', 0],
  chunks: ['chunks', 0],
  arrivals: ['arrivals', 0],
  bytes: ['bytes', 0],
  wireBytes: ['bytes on the wire', 0],
  end: ['end', 0],
};

/** Prints the metrics of both captures side by side, then the differences. Returns whether the content is equal. */
async function printComparison(output: Output, a: ComparedCapture, b: ComparedCapture): Promise<boolean> {
  const comparison = compareStreams(a.outline, b.outline);
  await output.writeLine(`A  ${displayPath(a.path)}`, 3);
  await output.writeLine(`B  ${displayPath(b.path)}`, 3);
  await output.writeLine('');
  await output.writeLine([styled('bold', row('', 'A', 'B', 'B − A'))]);
  const [metricsA, metricsB] = [metricsOf(a), metricsOf(b)];
  for (const [name, [label, digits]] of Object.entries(labels)) {
    const [valueA, valueB] = [metricsA[name] ?? null, metricsB[name] ?? null];
    if (valueA === null && valueB === null) continue;
    await output.writeLine(
      row(label, cell(valueA, digits), cell(valueB, digits), difference(valueA, valueB, digits)),
    );
  }
  const { pairs, onlyInA, onlyInB, changed } = comparison;
  const alone = `only in A: ${onlyInA.length}, only in B: ${onlyInB.length}, of those changed: ${changed.a.length}`;
  await output.writeLine('');
  await output.writeLine(`pairs: ${pairs.count}, ${alone}`);
  await output.writeLine('');
  for (const { text } of sentencesOf(comparison)) await output.writeLine(text);
  await output.writeLine('');
  return comparison.equal;
}

function row(label: string, a: string, b: string, difference: string): string {
  return `${label.padEnd(18)}${a.padStart(14)}${b.padStart(14)}${difference.padStart(14)}`.trimEnd();
}

function cell(value: number | string | null, digits: number): string {
  return typeof value === 'string' ? value : formatNumber(value, digits);
}

function difference(a: number | string | null, b: number | string | null, digits: number): string {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b ? '' : 'differs';
  const text = (b - a).toFixed(digits);
  return b - a > 0 ? `+${text}` : text;
}
