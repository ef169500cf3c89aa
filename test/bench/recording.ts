import { defaultCaptureLimits } from '../../src/contract/capture-limits.ts';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { RecordSink } from '../../src/core/capture/record.ts';
import { CaptureWriter, createFile } from '../../src/main/captures/capture-writer.ts';
import { CaptureLibrary } from '../../src/main/captures/library.ts';
import { createClient } from '../../src/main/client/client.ts';
import type { StreamRequest } from '../../src/main/client/stream-request.ts';
import { takeTurns, type Benchmark, type BenchRow } from './harness.ts';
import { header } from './stored-capture.ts';

const EVENT_SIZE = 285;
const BYTES = 24 * 1024 * 1024;

/** From the socket to the disk, and with everything derived on the way, beside a client that only reads. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'recording over HTTP, 16 kB pieces', measure: () => recording(16 * 1024) },
];

async function recording(pieceSize: number): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-recording-'));
  const server = new Worker(new URL('./stream-server.ts', import.meta.url), {
    workerData: { eventSize: EVENT_SIZE, pieceSize, bytes: BYTES },
  });
  try {
    const [port] = (await once(server, 'message')) as [number];
    const library = await CaptureLibrary.open(folder);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let files = 0;
    const write = async (): Promise<void> => {
      const path = join(folder, `written-${(files += 1)}`);
      const writer = await CaptureWriter.create(await createFile(path), { header, origin: 'connection' });
      await receive(port, (record) => writer.append(record));
      if ((await writer.close()) > 0) throw new Error('not all of it was written');
      await rm(path);
    };
    const record = async (): Promise<void> => {
      delay.enable();
      const live = await library.create(header, { origin: 'connection', keepSecrets: false });
      await receive(port, live.sink);
      await live.close();
      delay.disable();
      const { dispatched, phase } = live.session.summary();
      if (phase !== 'ended' || dispatched < 80_000) throw new Error(`${phase} with ${dispatched} events`);
      await library.delete(live.id);
    };
    const times = await takeTurns(
      [
        { name: 'reading', run: () => receive(port, () => {}) },
        { name: 'writing', run: write },
        { name: 'recording', run: record },
      ],
      { rounds: 7, milliseconds: 1 },
    );
    await library.close();
    const [reading = Number.NaN, written = Number.NaN, recorded = Number.NaN] = [
      'reading',
      'writing',
      'recording',
    ].map((name) => times.get(name));
    return [
      {
        what: `HTTP → on disk with exact times, ${pieceSize}-byte pieces`,
        measured: reading / written,
        target: 0.5,
        bound: 'at-least',
        unit: '× only reading',
        detail: `${speed(written)} beside ${speed(reading)}`,
      },
      {
        what: `HTTP → on disk and derived, ${pieceSize}-byte pieces`,
        measured: reading / recorded,
        target: 0.3,
        bound: 'at-least',
        unit: '× only reading',
        detail: `${speed(recorded)} beside ${speed(reading)}`,
      },
      {
        what: 'event-loop delay while recording at full speed, p99',
        measured: delay.percentile(99) / 1e6,
        target: 8,
        bound: 'at-most',
        unit: 'ms',
        detail: `max ${(delay.max / 1e6).toFixed(1)} ms`,
      },
    ];
  } finally {
    await server.terminate();
    await rm(folder, { recursive: true, force: true });
  }
}

async function receive(port: number, sink: RecordSink): Promise<void> {
  const request: StreamRequest = {
    url: new URL(`http://127.0.0.1:${port}/`),
    method: 'GET',
    headers: [],
    body: null,
    insecure: false,
    reconnect: false,
    idleTimeout: null,
    limits: defaultCaptureLimits,
  };
  const end = await createClient('raw', { environment: {} }).open(
    request,
    sink,
    new AbortController().signal,
  );
  if (end.reason !== 'complete') throw new Error(`ended with ${end.reason}`);
}

function speed(milliseconds: number): string {
  return `${(BYTES / 1e3 / milliseconds).toFixed(0)} MB/s`;
}
