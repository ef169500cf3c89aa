import { setTimeout as sleep } from 'node:timers/promises';
import type { CaptureRecord } from '../../src/core/capture/record.ts';
import { defaultCaptureLimits } from '../../src/contract/capture-limits.ts';
import { createClient } from '../../src/main/client/client.ts';
import { ReplayServer } from '../../src/main/replay/replay-server.ts';
import { seededRandom } from '../fixtures/seeded-random.ts';
import type { Benchmark, BenchRow } from './harness.ts';
import { header } from './stored-capture.ts';

const CHUNKS = 200;

/** A capture, served again and captured again, beside the first: bytes, chunks and times. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'replay: a capture of a replayed capture', measure },
];

async function measure(): Promise<readonly BenchRow[]> {
  // The first replay of a process waits for code to be loaded and compiled.
  await recorded(tokens().slice(0, 50));
  const first = await recorded(tokens());
  const off = await deviations(first);
  const lag = await timerLag();
  return [
    {
      what: 'times of a replay beside the first capture, p95',
      measured: quantile(off, 0.95),
      target: 5,
      bound: 'at-most',
      unit: 'ms',
      detail: `p50 ${quantile(off, 0.5).toFixed(2)} ms, max ${Math.max(...off).toFixed(1)} ms; timers alone are late by ${lag.toFixed(2)} ms (p95)`,
    },
  ];
}

/** A model's answer: a token every 5 to 35 ms, some of them together. */
function tokens(): readonly CaptureRecord[] {
  const random = seededRandom('replay');
  const records: CaptureRecord[] = [
    {
      kind: 'response',
      at: 30,
      status: 200,
      headers: [['Content-Type', 'text/event-stream']],
      httpVersion: 'HTTP/1.1',
    },
  ];
  let at = 30;
  for (let read = 0; read < CHUNKS; read++) {
    if (random() > 0.2) at += 5 + random() * 30;
    const bytes = Buffer.from(`data: ${JSON.stringify({ token: read })}\n\n`);
    records.push({ kind: 'chunk', at, read, wireBytes: bytes.length, bytes });
  }
  return [...records, { kind: 'end', at, reason: 'complete' }];
}

/** How far each chunk's time is from the first capture's, ms. Everything else must be the same. */
async function deviations(first: readonly CaptureRecord[]): Promise<readonly number[]> {
  const expected = chunksOf(first);
  const chunks = chunksOf(await recorded(first));
  if (chunks.map(({ text }) => text).join('|') !== expected.map(({ text }) => text).join('|'))
    throw new Error('other bytes or other chunks than the first capture');
  return chunks.map(({ at }, n) => Math.abs(at - (expected[n]?.at ?? 0)));
}

/** What a client records of a replay of these records. */
async function recorded(records: readonly CaptureRecord[]): Promise<readonly CaptureRecord[]> {
  const server = await ReplayServer.start({ header, records: () => records });
  try {
    return await capture(server.origin);
  } finally {
    await server.close();
  }
}

async function capture(origin: string): Promise<readonly CaptureRecord[]> {
  const records: CaptureRecord[] = [];
  const request = {
    url: new URL(origin),
    method: 'GET',
    headers: [],
    body: null,
    insecure: false,
    reconnect: false,
    idleTimeout: null,
    limits: defaultCaptureLimits,
  };
  const client = createClient('raw', { environment: {} });
  const end = await client.open(request, (record) => void records.push(record), new AbortController().signal);
  if (end.reason !== 'complete' && end.reason !== 'premature-close')
    throw new Error(`ended with ${end.reason}`);
  return records;
}

function chunksOf(
  records: readonly CaptureRecord[],
): readonly { readonly text: string; readonly at: number }[] {
  return records.flatMap((record) =>
    record.kind === 'chunk'
      ? [{ text: Buffer.from(record.bytes).toString('base64'), at: record.at ?? 0 }]
      : [],
  );
}

/** How late this machine's timers are at this moment without any server, p95. */
async function timerLag(): Promise<number> {
  const lags: number[] = [];
  for (let n = 0; n < 100; n++) {
    const began = performance.now();
    await sleep(10);
    lags.push(performance.now() - began - 10);
  }
  return quantile(lags, 0.95);
}

function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
