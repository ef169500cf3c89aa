import type { CaptureRecord } from '../../../core/capture/record.ts';
import { describedRequest, parseStreamRequest, type StreamRequest } from '../../client/stream-request.ts';
import type { LabEntry } from '../../lab/lab-log.ts';
import type { Lab } from '../../lab/lab.ts';
import { readStream, type ReceivedStream, type StreamRecorder } from '../received-stream.ts';

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
  /** Records the stream, under the title. */
  readonly recorder: StreamRecorder | null;
  readonly title: string;
  /** Header fields beside the client's own. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** ms of silence after which the stream has failed. */
  readonly idleTimeout?: number;
  /** Called with each record of the client; `stop` ends the stream as its user would. */
  readonly onRecord?: (record: CaptureRecord, stop: () => void) => void;
}

/** A stream of the lab as both sides saw it, on one clock. */
export interface LabStream extends ReceivedStream {
  /** What the lab logged for the request and for the upstream call made on its behalf, `at` as in the records. */
  readonly entries: readonly LabEntry[];
}

/** Opens an endpoint, reads it to its end, and waits until the server is done with it too. */
export async function readLabStream(options: LabStreamOptions): Promise<LabStream> {
  const { id, lab, path, client, signal, recorder, title, onRecord } = options;
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
  const kept = (await recorder?.(title, describedRequest(request, client), new Date().toISOString())) ?? null;
  const log = new RequestLog(lab, id, (entry) => {
    if (entry.kind !== 'yield' || entry.requestId !== id) return;
    const noted = kept?.sink({
      kind: 'note',
      at: entry.at,
      note: 'yield',
      fields: { requestId: id, n: entry.n, text: entry.text },
    });
    // A sink that fails says so to the client too, which then ends the stream.
    noted?.catch(() => {});
  });
  try {
    const received = await readStream({
      request,
      client,
      signal,
      // The lab is on this machine: no proxy is between.
      environment: {},
      sink: (record) => {
        if (record.kind === 'end') log.stopRecording();
        return kept?.sink(record);
      },
      onBegin: (began) => log.begin(began),
      onRecord,
    });
    await log.closed(settleTime);
    return { id, capture: kept?.capture ?? null, ...received, entries: log.entries };
  } finally {
    log.stop();
  }
}

/** The lab's log of one request, on the client's clock. */
class RequestLog {
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

  /** Times are counted from `began`, by `performance.now()`. */
  begin(began: number): void {
    this.#began = began;
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

/** The yields of the stream's own request. */
export function yieldsOf(stream: LabStream): readonly Extract<LabEntry, { kind: 'yield' }>[] {
  return stream.entries
    .filter((entry) => entry.kind === 'yield')
    .filter(({ requestId }) => requestId === stream.id);
}
