import type { CaptureRecord } from '../../../core/capture/record.ts';
import { describedRequest, parseStreamRequest, type StreamRequest } from '../../client/stream-request.ts';
import type { LabEntry } from '../../lab/lab-log.ts';
import type { Lab } from '../../lab/lab.ts';
import { readStream, type ReceivedStream, type StreamRecorder } from '../received-stream.ts';

/** Longer than any pause in the lab, ms. */
const longestSilence = 15_000;
/** Time for the server to notice the end of a stream, ms. */
const settleTime = 2000;

/** How to read a stream of the lab. */
export interface LabStreamOptions {
  /** Id of the request in the lab's log. */
  readonly id: string;
  readonly lab: Lab;
  /** Path and query. */
  readonly path: string;
  readonly client: 'raw' | 'eventsource';
  readonly signal: AbortSignal;
  /** Records the stream, under the title. */
  readonly recorder: StreamRecorder | null;
  readonly title: string;
  /** Additional header fields. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The stream fails after this time of silence, ms. */
  readonly idleTimeout?: number;
  /** Called with each record. `stop` aborts the stream. */
  readonly onRecord?: (record: CaptureRecord, stop: () => void) => void;
}

/** A stream of the lab as client and server saw it, by one clock. */
export interface LabStream extends ReceivedStream {
  /** The lab's log of the request and of its upstream call, with `at` as in the records. */
  readonly entries: readonly LabEntry[];
}

/** Reads a stream to its end, and waits until the server has closed it too. */
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
    // The client sees the failure of the sink too and ends the stream.
    noted?.catch(() => {});
  });
  try {
    const received = await readStream({
      request,
      client,
      signal,
      // No proxy, since the lab is on this machine.
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

/** The lab's log of one request, by the client's clock. */
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

  /** Sets time 0, by `performance.now()`. */
  begin(began: number): void {
    this.#began = began;
  }

  /** Stops recording, since a capture accepts nothing after its end. */
  stopRecording(): void {
    this.#recording = false;
  }

  /** Resolves when the server has closed the request, or after `ms`. */
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

/** The yields of the stream's request, without those of its upstream call. */
export function yieldsOf(stream: LabStream): readonly Extract<LabEntry, { kind: 'yield' }>[] {
  return stream.entries
    .filter((entry) => entry.kind === 'yield')
    .filter(({ requestId }) => requestId === stream.id);
}
