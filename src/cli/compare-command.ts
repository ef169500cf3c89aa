import { comparisonRecord, pairRecords } from '../core/compare/comparison-records.ts';
import { compareStreams } from '../core/compare/comparison.ts';
import { sentencesOf } from '../core/compare/comparison-sentences.ts';
import { OutlineReader, type StreamOutline } from '../core/compare/stream-outline.ts';
import type { CaptureRecord } from '../core/capture/record.ts';
import { derivationsOf } from '../core/export/derivations.ts';
import { visibleText } from '../core/text/visible-text.ts';
import { SummaryCounter, type SummaryRecord } from './capture-summary.ts';
import { inputFormat, shown, type CaptureInput } from './capture-input.ts';
import { CommandFailure, ExitStatus, usageFailure } from './exit-status.ts';
import { inputCaptures } from './input-captures.ts';
import type { Output } from './output.ts';
import { parseOptions } from './parse-options.ts';
import { figure } from './printer.ts';
import type { RunCommand } from './program.ts';

/** A capture that was read: what its comparison needs, and its figures. */
interface ReadCapture {
  readonly path: string;
  readonly outline: StreamOutline;
  readonly summary: SummaryRecord;
}

/** `compare A B…`: aligns the events of captures by content, each with those of A. */
export const compare: RunCommand = async (args, { output, tell }) => {
  const { values, positionals } = parseOptions(args, {
    format: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const format = inputFormat(values.format);
  if (positionals.length < 2) throw usageFailure('two files are needed: compare A B…');
  if (positionals.filter((path) => path === '-').length > 1)
    throw usageFailure('standard input can be read once');
  const asTable = output.isTerminal && !values.json;
  const [first = '', ...others] = positionals;
  const a = await readCapture({ path: first, format }, tell);
  let isEqual = true;
  for (const [index, path] of others.entries()) {
    const b = await readCapture({ path, format }, tell);
    const place = others.length > 1 ? { comparison: index } : {};
    isEqual = (await (asTable ? printTable(output, a, b) : printRecords(output, a, b, place))) && isEqual;
  }
  return isEqual ? ExitStatus.done : ExitStatus.failed;
};

/** Reads the first capture of a file, once, for its outline and its figures. */
async function readCapture(input: CaptureInput, tell: (message: string) => void): Promise<ReadCapture> {
  const { path } = input;
  let read: ReadCapture | null = null;
  let count = 0;
  for await (const capture of inputCaptures(input, (message) => tell(`${shown(path)}: ${message}`))) {
    if (count++ > 0) continue;
    const reader = new OutlineReader(capture.header.request.url);
    const counter = new SummaryCounter(capture.header);
    async function* seen(): AsyncGenerator<CaptureRecord> {
      for await (const record of capture.records()) {
        reader.push(record);
        counter.record(record);
        yield record;
      }
    }
    for await (const item of derivationsOf(seen())) counter.derivation(item);
    read = { path, outline: reader.end(), summary: counter.summary() };
  }
  if (read === null) throw new CommandFailure(ExitStatus.unreadable, `${shown(path)} holds no capture`);
  if (count > 1) tell(`${shown(path)} holds ${count} captures: the first is compared`);
  return read;
}

async function printRecords(output: Output, a: ReadCapture, b: ReadCapture, place: object): Promise<boolean> {
  const comparison = compareStreams(a.outline, b.outline);
  for (const record of pairRecords(comparison))
    await output.writeJson(JSON.stringify({ ...record, ...place }));
  const metrics = { a: figuresOf(a), b: figuresOf(b) };
  const result = { ...comparisonRecord(comparison), ...place, files: { a: a.path, b: b.path }, metrics };
  await output.writeJson(JSON.stringify(result));
  return comparison.equal;
}

/** Figures that are told beside each other, by name. Times in ms. */
function figuresOf({ summary, outline }: ReadCapture): Readonly<Record<string, number | string | null>> {
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

async function printTable(output: Output, a: ReadCapture, b: ReadCapture): Promise<boolean> {
  const comparison = compareStreams(a.outline, b.outline);
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
  return comparison.equal;
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
