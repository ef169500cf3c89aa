import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CaptureId } from '../../src/contract/capture-id.ts';
import type { Filter, Lane } from '../../src/contract/lane.ts';
import type { CaptureHeader, CaptureRecord } from '../../src/core/capture/record.ts';
import { CaptureLibrary, type CaptureSession } from '../../src/main/captures/library.ts';
import { deltaEvent, eventStream } from './event-streams.ts';
import { median, type Benchmark, type BenchRow } from './harness.ts';

const EVENTS = 1_000_000;
const EVENT_SIZE = 285;
/** Rows of a window, as many as a tall screen shows twice over. */
const WINDOW = 100;

/** A capture of a million events, each in a chunk of its own: opened, scrolled, searched. */
export const benchmarks: readonly Benchmark[] = [{ name: 'a stored capture of 1,000,000 events', measure }];

export const header: CaptureHeader = {
  format: 'ssecap',
  version: 1,
  request: { method: 'GET', url: 'http://127.0.0.1/v1/chat/completions', headers: [], client: 'raw' },
  startedAt: '2026-01-01T00:00:00.000Z',
};

async function measure(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-captures-'));
  try {
    const first = await CaptureLibrary.open(folder);
    const live = await first.create(header, { origin: 'file', keepSecrets: false });
    for (const record of eventRecords(EVENTS)) await live.sink(record);
    await live.close();
    const { id } = live;
    await first.close();
    const library = await CaptureLibrary.open(folder);
    const rows = [...(await measureOpening(library, id))];
    const session = await library.session(id);
    rows.push(...(await measureWindows(session)), ...(await measureSearch(session)), measureDensity(session));
    await library.close();
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Deltas of a model, one a chunk and one a millisecond. */
export function* eventRecords(count: number): Generator<CaptureRecord> {
  const encoder = new TextEncoder();
  yield {
    kind: 'response',
    at: 1,
    status: 200,
    headers: [['content-type', 'text/event-stream']],
    httpVersion: 'HTTP/1.1',
  };
  for (let n = 0; n < count; n += 1) {
    const bytes = encoder.encode(deltaEvent(EVENT_SIZE, n));
    yield { kind: 'chunk', at: 10 + n, read: n, wireBytes: bytes.length, bytes };
  }
  yield { kind: 'end', at: 10 + count, reason: 'complete' };
}

async function measureOpening(library: CaptureLibrary, id: CaptureId): Promise<BenchRow[]> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const session = await library.session(id);
  let firstRows = 0;
  while (firstRows === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    const { rows } = await session.reader.rows({ lane: 'blocks', from: 0, to: WINDOW });
    if (rows.length === WINDOW) firstRows = performance.now() - start;
  }
  await library.whole(id);
  const whole = performance.now() - start;
  delay.disable();
  const summary = session.summary();
  if (summary.dispatched !== EVENTS) throw new Error(`${summary.dispatched} events instead of ${EVENTS}`);
  const size = `${Math.round(summary.bytes / 1e6)} MB`;
  return [
    {
      what: 'opening: first rows',
      measured: firstRows,
      target: 1000,
      bound: 'at-most',
      unit: 'ms',
      detail: size,
    },
    {
      what: 'opening: whole',
      measured: whole,
      target: 150,
      bound: 'at-most',
      unit: 'ms',
      detail: `${size}, ${(summary.bytes / 1e3 / whole).toFixed(0)} MB/s`,
    },
    {
      what: 'event-loop delay while opening, p99',
      measured: delay.percentile(99) / 1e6,
      target: 8,
      bound: 'at-most',
      unit: 'ms',
      detail: `max ${(delay.max / 1e6).toFixed(1)} ms`,
    },
    {
      what: 'memory of the index',
      measured: session.memory / EVENTS,
      target: 32,
      bound: 'at-most',
      unit: 'bytes an event',
      detail: `${(session.memory / 1e6).toFixed(1)} MB with a chunk and a JSON row each`,
    },
  ];
}

async function measureWindows(session: CaptureSession): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const lane of ['blocks', 'chunks', 'documents'] satisfies Lane[]) {
    const times: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      const from = (n * 7_919_333) % (EVENTS - WINDOW);
      const start = performance.now();
      const window = await session.reader.rows({ lane, from, to: from + WINDOW });
      times.push(performance.now() - start);
      if (window.rows[0]?.row !== from) throw new Error('not the rows asked for');
    }
    rows.push({
      what: `jumping to any ${WINDOW} rows of ${lane}, p95`,
      measured: percentile(times, 0.95),
      target: 33,
      bound: 'at-most',
      unit: 'ms',
      detail: `median ${median(times).toFixed(1)} ms`,
    });
  }
  return rows;
}

async function measureSearch(session: CaptureSession): Promise<BenchRow[]> {
  const searches: [name: string, filter: Filter, matches: number][] = [
    ['a text in one event, any case', { text: 'CHATCMPL-00999999' }, 1],
    ['a text in every hundredth event', { text: '42"', caseSensitive: true }, EVENTS / 100],
    ['a text in every event', { text: 'quick brown' }, EVENTS],
    ['a regular expression', { text: String.raw`cmpl-\d+99999"`, pattern: true }, 10],
  ];
  const scanned = timeToScan();
  const rows: BenchRow[] = [];
  for (const [name, filter, matches] of searches) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const start = performance.now();
    for (;;) {
      const window = await session.reader.rows({ lane: 'blocks', from: EVENTS, to: EVENTS + 1, filter });
      if (!window.searched) continue;
      if (window.total !== matches) throw new Error(`${name}: ${window.total} matches`);
      break;
    }
    const time = performance.now() - start;
    delay.disable();
    const speed = (EVENTS * EVENT_SIZE) / 1e3 / time;
    const detail = `${time.toFixed(0)} ms, ${speed.toFixed(0)} MB/s, event-loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`;
    const target = filter.pattern
      ? { measured: speed, target: 300, unit: 'MB/s' }
      : { measured: scanned / time, target: 0.5, unit: '× Buffer.indexOf' };
    rows.push({ what: `searching 1,000,000 events: ${name}`, ...target, bound: 'at-least', detail });
  }
  return rows;
}

/** ms that `Buffer.indexOf` takes to look for a text that is nowhere in as many bytes of the same events. */
function timeToScan(): number {
  const piece = Buffer.from(eventStream(EVENT_SIZE, 16 << 20));
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (let left = EVENTS * EVENT_SIZE; left > 0; left -= piece.length) {
      if (piece.subarray(0, left).includes('quick brown cat')) throw new Error('found what is not there');
    }
    return performance.now() - start;
  });
  return median(times);
}

function measureDensity(session: CaptureSession): BenchRow {
  const times: number[] = [];
  for (let n = 0; n < 40; n += 1) {
    const start = performance.now();
    session.reader.density({ from: n * 1000, to: EVENTS, width: 1600 });
    times.push(performance.now() - start);
  }
  return {
    what: 'density of the timeline at 1600 pixels, p95',
    measured: percentile(times, 0.95),
    target: 16,
    bound: 'at-most',
    unit: 'ms',
    detail: `median ${median(times).toFixed(1)} ms`,
  };
}

function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
