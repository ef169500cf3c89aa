import { randomUUID } from 'node:crypto';
import type { CaptureRecord } from '../../../core/capture/record.ts';
import { ServerClock } from '../../../core/metrics/server-clock.ts';
import { readServerLog, type ServerLog } from '../../../core/sse/server-log.ts';
import type { NodeClientName } from '../../client/client.ts';
import { describedRequest } from '../../client/stream-request.ts';
import type { TimedYield } from '../pace.ts';
import { arrivalsOf, readStream, type ReceivedStream, type StreamRecorder } from '../received-stream.ts';
import { type RungRequest, streamRequest } from './target.ts';

/** A stream fails after this time of silence, ms. */
const longestSilence = 30_000;
/** Limits after which a stream is cut, since it may never end. */
const longestRun = { events: 2000, bytes: 8 * 1024 * 1024, ms: 120_000 } as const;

/** Sends the request's id. Rung 7 looks for it in the stream. */
export const requestIdHeader = 'X-Request-Id';

/** How to read the stream of a rung. */
export interface TargetStreamOptions {
  readonly request: RungRequest;
  readonly client: NodeClientName;
  readonly signal: AbortSignal;
  /** Records the stream, under the title. */
  readonly recorder: StreamRecorder | null;
  readonly title: string;
  /** Sent as `X-Request-Id`; generated if absent. */
  readonly id?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Called with each record. `stop` aborts the stream. */
  readonly onRecord?: (record: CaptureRecord, stop: () => void) => void;
}

/** A stream of the target, and what the server logged in it. */
export interface TargetStream extends ReceivedStream {
  /** It was cut at a limit, so its end is unknown. */
  readonly isCut: boolean;
  readonly log: ServerLog;
  /** The server's clock against `performance.now()`, estimated from this stream alone. */
  readonly clock: ServerClock;
  /** `performance.now()` when the request began. */
  readonly began: number;
}

/** Reads the stream of a rung to its end or to a limit. */
export async function readTargetStream(options: TargetStreamOptions): Promise<TargetStream> {
  const { client, signal, onRecord, recorder, title } = options;
  const id = options.id ?? randomUUID();
  const request = {
    ...streamRequest(options.request, [[requestIdHeader, id], ...(options.headers ?? [])]),
    idleTimeout: longestSilence,
  };
  const kept = (await recorder?.(title, describedRequest(request, client), new Date().toISOString())) ?? null;
  const cut = new AbortController();
  const limit = new StreamLimit(() => cut.abort());
  let began = 0;
  try {
    const received = await readStream({
      request,
      client,
      signal: AbortSignal.any([signal, cut.signal]),
      sink: (record) => {
        limit.push(record);
        return kept?.sink(record);
      },
      onBegin: (now) => (began = now),
      onRecord,
    });
    signal.throwIfAborted();
    const log = readServerLog(received.derived.blocks);
    const stream = { id, capture: kept?.capture ?? null, ...received };
    return { ...stream, isCut: limit.isReached, log, clock: clockOf(stream, log, began), began };
  } finally {
    limit.release();
  }
}

/** Stops a stream at the limits. */
class StreamLimit {
  isReached = false;
  readonly #stop: () => void;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  #lines = 0;

  constructor(stop: () => void) {
    this.#stop = () => {
      this.isReached = true;
      stop();
    };
    this.#timer = setTimeout(this.#stop, longestRun.ms);
  }

  push(record: CaptureRecord): void {
    if (record.kind !== 'chunk') return;
    this.#bytes += record.bytes.length;
    // The number of lines bounds the number of events, since each event ends with a blank line.
    for (const byte of record.bytes) if (byte === 0x0a || byte === 0x0d) this.#lines++;
    if (this.#bytes >= longestRun.bytes || this.#lines >= longestRun.events * 4) this.#stop();
  }

  release(): void {
    clearTimeout(this.#timer);
  }
}

function clockOf(stream: ReceivedStream, log: ServerLog, began: number): ServerClock {
  const clock = new ServerClock();
  const arrivals = arrivalsOf(stream);
  for (const { at, seq } of log.yields) {
    clock.followed(at, began);
    const arrived = seq === null ? null : (arrivals[seq] ?? null);
    if (arrived !== null) clock.arrived(at, began + arrived);
  }
  return clock;
}

/** The yields by the client's clock; none if the offset of the server's clock is unknown. */
export function yieldsBy(stream: TargetStream, clock: ServerClock): readonly TimedYield[] {
  const { offset } = clock;
  if (offset === null) return [];
  const arrivals = arrivalsOf(stream);
  return stream.log.yields.map(({ at, seq }) => ({
    at: at + offset - stream.began,
    arrived: seq === null ? null : (arrivals[seq] ?? null),
    seq,
  }));
}
