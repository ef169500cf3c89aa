import { type Comparison, compareStreams } from '../core/compare/comparison.ts';
import { comparisonRecord, type ComparisonRecord, pairRecords } from '../core/compare/comparison-records.ts';
import { sentencesOf } from '../core/compare/comparison-sentences.ts';
import { visibleText } from '../core/text/visible-text.ts';
import { shown } from './capture-input.ts';
import type { ComparedCapture } from './compared-capture.ts';
import type { Output } from './output.ts';
import { figure } from './printer.ts';

/** Figures of one capture, by name. Times in ms. */
type Figures = Readonly<Record<string, number | string | null>>;

/** A comparison with what it is of, as the last record of `compare` tells it. */
export interface ComparisonResult extends ComparisonRecord {
  readonly files: { readonly a: string; readonly b: string };
  readonly metrics: { readonly a: Figures; readonly b: Figures };
}

/** The result of a comparison, with the files and their figures. */
export function comparisonResult(
  comparison: Comparison,
  a: ComparedCapture,
  b: ComparedCapture,
): ComparisonResult {
  const metrics = { a: figuresOf(a), b: figuresOf(b) };
  return { ...comparisonRecord(comparison), files: { a: a.path, b: b.path }, metrics };
}

/** Prints every pair, every event without a partner and the result. True where no content differs. */
export async function printComparisonRecords(
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

/** Figures that are told beside each other, by name. Times in ms. */
function figuresOf({ summary, outline }: ComparedCapture): Figures {
  const { gaps, end } = summary;
  return {
    status: summary.status,
    firstByteAt: summary.firstByteAt,
    firstEventAt: summary.firstEventAt,
    firstTokenAt: summary.firstTokenAt,
    duration: summary.duration,
    tokens: summary.tokens?.count ?? null,
    tokensPerSecond: summary.tokensPerSecond,
    gapP50: gaps?.p50 ?? null,
    gapP95: gaps?.p95 ?? null,
    gapMax: gaps?.max ?? null,
    events: summary.events,
    comments: outline.comments,
    chunks: outline.chunks,
    arrivals: outline.arrivals,
    bytes: summary.bytes,
    wireBytes: summary.wireBytes,
    end: end === null ? 'none' : end.reason,
  };
}

const labels: Readonly<Record<string, readonly [label: string, digits: number]>> = {
  status: ['status', 0],
  firstByteAt: ['first byte (ms)', 1],
  firstEventAt: ['first event (ms)', 1],
  firstTokenAt: ['first token (ms)', 1],
  duration: ['duration (ms)', 1],
  tokens: ['tokens', 0],
  tokensPerSecond: ['tokens a second', 1],
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

/** Prints two captures beside each other, and what differs. True where no content does. */
export async function printComparison(
  output: Output,
  a: ComparedCapture,
  b: ComparedCapture,
): Promise<boolean> {
  const comparison = compareStreams(a.outline, b.outline);
  await printCompared(output, comparison, a, b);
  return comparison.equal;
}

/** Prints what a comparison found. */
export async function printCompared(
  output: Output,
  comparison: Comparison,
  a: ComparedCapture,
  b: ComparedCapture,
): Promise<void> {
  await output.write(`A  ${visibleText(shown(a.path))}\nB  ${visibleText(shown(b.path))}\n\n`);
  await output.write(row('', 'A', 'B', 'B − A'));
  const [figuresA, figuresB] = [figuresOf(a), figuresOf(b)];
  for (const [name, [label, digits]] of Object.entries(labels)) {
    const [valueA, valueB] = [figuresA[name] ?? null, figuresB[name] ?? null];
    if (valueA === null && valueB === null) continue;
    await output.write(
      row(label, cell(valueA, digits), cell(valueB, digits), difference(valueA, valueB, digits)),
    );
  }
  const { pairs, onlyInA, onlyInB, changed } = comparison;
  const alone = `only in A: ${onlyInA.length}, only in B: ${onlyInB.length}, of those changed: ${changed.a.length}`;
  await output.write(`
pairs: ${pairs.count}, ${alone}

`);
  for (const { text } of sentencesOf(comparison)) await output.write(`${visibleText(text)}\n`);
  await output.write('\n');
}

function row(label: string, a: string, b: string, difference: string): string {
  return `${label.padEnd(18)}${a.padStart(14)}${b.padStart(14)}${difference.padStart(14)}\n`.replace(
    / +\n$/,
    '\n',
  );
}

function cell(value: number | string | null, digits: number): string {
  return typeof value === 'string' ? visibleText(value) : figure(value, digits);
}

function difference(a: number | string | null, b: number | string | null, digits: number): string {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b ? '' : 'differs';
  const text = (b - a).toFixed(digits);
  return b - a > 0 ? `+${text}` : text;
}
