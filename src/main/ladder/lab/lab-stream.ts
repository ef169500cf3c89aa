import { firstHeaderValue } from '../../../core/headers.ts';
import type { CaptureId } from '../../../contract/capture-id.ts';
import type { CheckEvidence, EvidencePoint } from '../../../contract/ladder.ts';
import type {
  CaptureRecord,
  CaptureRequest,
  ChunkRecord,
  EndRecord,
  RecordSink,
} from '../../../core/capture/record.ts';
import { derive, type Derived } from '../../../core/pipeline/pipeline.ts';
import type { Block } from '../../../core/sse/block.ts';
import { createClient, type LibraryEvent } from '../../client/client.ts';
import { describedRequest, parseStreamRequest, type StreamRequest } from '../../client/stream-request.ts';
import type { LabEntry } from '../../lab/lab-log.ts';
import type { Lab } from '../../lab/lab.ts';

/** Where a run is recorded. */
export interface RunRecord {
  readonly capture: CaptureId | null;
  readonly sink: RecordSink;
}

/** Makes a place for a run that is worth keeping. The sink gets every record of it, the last is its end. */
export type RunRecorder = (title: string, request: CaptureRequest, startedAt: string) => Promise<RunRecord>;

/** Nothing in the lab pauses for so long, ms. */
const longestSilence = 15_000;
/** ms that the server gets to notice that a stream is over. */
const settleTime = 2000;

/** How to open an endpoint of the lab. */
export interface LabStreamOptions {
  /** The lab's id for the request. */
  readonly id: string;
  readonly lab: Lab;
  /** Path and query. */
  readonly path: string;
  readonly client: 'raw' | 'eventsource';
  readonly signal: AbortSignal;
  /** Keeps the run, under the title. */
  readonly recorder: RunRecorder | null;
  readonly title: string;
  /** Header fields beside the client's own. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** ms of silence after which the run has failed. */
  readonly idleTimeout?: number;
  /** Called with each record of the client; `stop` ends the run as its user would. */
  readonly onRecord?: (record: CaptureRecord, stop: () => void) => void;
}

/** One request of the ladder, both sides of it, on one clock. */
export interface LabStream {
  /** The lab's id of the request. */
  readonly id: string;
  readonly capture: CaptureId | null;
  readonly records: readonly CaptureRecord[];
  readonly end: EndRecord;
  /** What the lab logged for the request and for the upstream call made on its behalf, `at` as in the records. */
  readonly entries: readonly LabEntry[];
  /** What the library dispatched, for `eventsource`. */
  readonly dispatched: readonly {
    readonly type: string;
    readonly data: string;
    readonly lastEventId: string;
  }[];
  readonly derived: Derived;
}

/** Opens an endpoint, reads it to its end, and waits until the server is done with it too. */
export async function readLabStream(options: LabStreamOptions): Promise<LabStream> {
  const { id, lab, path, client, signal, onRecord } = options;
  const url = new URL(path, lab.origin);
  url.searchParams.set('request', id);
  const request: StreamRequest = {
    ...parseStreamRequest({
      url: url.href,
      client,
      headers: (options.headers ?? []).map(([name, value]) => [name, value]),
    }),
    idleTimeout: options.idleTimeout ?? longestSilence,
  };
  const kept = await record(options, describedRequest(request, client));
  const stop = new AbortController();
  const records: CaptureRecord[] = [];
  const dispatched: Extract<LibraryEvent, { client: 'eventsource' }>[] = [];
  const log = new RunLog(lab, id, (entry) => {
    if (entry.kind !== 'yield' || entry.requestId !== id) return;
    const noted = kept?.sink({
      kind: 'note',
      at: entry.at,
      note: 'yield',
      fields: { requestId: id, n: entry.n, text: entry.text },
    });
    // A sink that fails says so to the client too, which then ends the run.
    noted?.catch(() => {});
  });
  const opened = createClient(client, {
    // The lab is on this machine: no proxy is between.
    environment: {},
    onLibraryEvent: (event) => {
      if (event.client === 'eventsource') dispatched.push(event);
    },
  });
  const stopped = AbortSignal.any([signal, stop.signal]);
  try {
    // The client's own clock starts with its first statement: nothing may come between.
    log.begin();
    const end = await opened.open(
      request,
      (record) => {
        records.push(record);
        if (record.kind === 'end') log.stopRecording();
        const written = kept?.sink(record);
        onRecord?.(record, () => stop.abort());
        return written;
      },
      stopped,
    );
    await log.closed(settleTime);
    const derived = derive(records);
    return { id, capture: kept?.capture ?? null, records, end, entries: log.entries, dispatched, derived };
  } finally {
    log.stop();
  }
}

async function record(
  { recorder, title }: LabStreamOptions,
  request: CaptureRequest,
): Promise<RunRecord | null> {
  return recorder === null ? null : recorder(title, request, new Date().toISOString());
}

/** The lab's log of one request, on the client's clock. */
class RunLog {
  readonly entries: LabEntry[] = [];
  readonly #stop: () => void;
  #began = 0;
  #recording = true;
  #whenClosed: (() => void) | null = null;
  #isClosed = false;

  constructor(lab: Lab, id: string, record: (entry: LabEntry) => void) {
    this.#stop = lab.log.listen((logged) => {
      if (logged.requestId !== id && logged.requestId !== `${id}.upstream`) return;
      const entry = { ...logged, at: logged.at - this.#began };
      this.entries.push(entry);
      if (this.#recording) record(entry);
      if (entry.kind !== 'close' || entry.requestId !== id) return;
      this.#isClosed = true;
      this.#whenClosed?.();
    });
  }

  /** Times are counted from now on. */
  begin(): void {
    this.#began = performance.now();
  }

  /** A capture takes nothing after its end. */
  stopRecording(): void {
    this.#recording = false;
  }

  /** Resolves when the server has closed the request, after `ms` at the latest. */
  async closed(ms: number): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#whenClosed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  stop(): void {
    this.#stop();
  }
}

/** Any request of a ladder and what came back. */
export type ReceivedStream = Pick<LabStream, 'id' | 'capture' | 'records' | 'end' | 'derived'>;

/** Evidence about a run. */
export function evidence(
  run: Pick<LabStream, 'id' | 'capture'> | null,
  text: string,
  ...points: EvidencePoint[]
): CheckEvidence {
  return { text, run: run?.id ?? null, capture: run?.capture ?? null, points };
}

/** The blocks that dispatched an event. */
export function eventsOf(run: Pick<LabStream, 'derived'>): readonly Block[] {
  return run.derived.blocks.filter(({ kind }) => kind === 'event');
}

/** The yields of the run's own request. */
export function yieldsOf(run: LabStream): readonly Extract<LabEntry, { kind: 'yield' }>[] {
  return run.entries
    .filter((entry) => entry.kind === 'yield')
    .filter(({ requestId }) => requestId === run.id);
}

/** The body chunks that came, in order. */
export function chunksOf(run: Pick<LabStream, 'records'>): readonly ChunkRecord[] {
  return run.records.filter((record) => record.kind === 'chunk');
}

/** A header field of the first response. */
export function headerOf(run: Pick<LabStream, 'records'>, name: string): string | null {
  const response = run.records.find((record) => record.kind === 'response');
  return firstHeaderValue(response?.headers ?? [], name);
}

/** The status of the first response; null where none came. */
export function statusOf(run: Pick<LabStream, 'records'>): number | null {
  return run.records.find((record) => record.kind === 'response')?.status ?? null;
}

/** ms with one digit behind the point. */
export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
