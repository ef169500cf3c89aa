import { firstHeaderValue } from '../../core/headers.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CheckEvidence, EvidencePoint } from '../../contract/ladder.ts';
import type {
  CaptureRecord,
  CaptureRequest,
  ChunkRecord,
  EndRecord,
  RecordSink,
} from '../../core/capture/record.ts';
import { StreamHead } from '../../core/llm/dialect.ts';
import { llmEvent } from '../../core/llm/assembly.ts';
import { MessageAssembler } from '../../core/llm/message-assembler.ts';
import { messageRecord, type MessageRecord } from '../../core/llm/message-record.ts';
import { derive, type Derived } from '../../core/pipeline/pipeline.ts';
import type { Block } from '../../core/sse/block.ts';
import { createClient, type LibraryEvent, type NodeClientName } from '../client/client.ts';
import type { ProxyEnvironment } from '../client/proxy.ts';
import type { StreamRequest } from '../client/stream-request.ts';

/** The capture of a stream. */
export interface KeptStream {
  readonly capture: CaptureId | null;
  readonly sink: RecordSink;
}

/** Begins a capture. Its sink gets every record of the stream, including the end. */
export type StreamRecorder = (
  title: string,
  request: CaptureRequest,
  startedAt: string,
) => Promise<KeptStream>;

/** A stream that a rung has read. */
export interface ReceivedStream {
  /** Id of its request. */
  readonly id: string;
  readonly capture: CaptureId | null;
  readonly records: readonly CaptureRecord[];
  readonly end: EndRecord;
  readonly derived: Derived;
  /** The events that the package of the client dispatched. */
  readonly packageEvents: readonly LibraryEvent[];
}

/** How to read a stream. */
export interface StreamReading {
  readonly request: StreamRequest;
  readonly client: NodeClientName;
  readonly signal: AbortSignal;
  /** Environment variables that name proxies; those of the process if absent. */
  readonly environment?: ProxyEnvironment;
  /** Records the stream. The client waits for it. */
  readonly sink: RecordSink | null;
  /** Called with `performance.now()` right before the client opens the stream: time 0 of its records. */
  readonly onBegin?: (began: number) => void;
  /** Called with each record. `stop` aborts the stream. */
  readonly onRecord?: ((record: CaptureRecord, stop: () => void) => void) | undefined;
}

/** Opens a stream and reads it to its end. */
export async function readStream(reading: StreamReading): Promise<Omit<ReceivedStream, 'id' | 'capture'>> {
  const { request, signal, environment, sink, onBegin, onRecord } = reading;
  const stop = new AbortController();
  const records: CaptureRecord[] = [];
  const packageEvents: LibraryEvent[] = [];
  const client = createClient(reading.client, {
    onLibraryEvent: (event) => packageEvents.push(event),
    ...(environment === undefined ? {} : { environment }),
  });
  const record: RecordSink = (each) => {
    records.push(each);
    const written = sink?.(each);
    onRecord?.(each, () => stop.abort());
    return written;
  };
  const stopped = AbortSignal.any([signal, stop.signal]);
  // Right before `open`, since the client's clock starts there.
  onBegin?.(performance.now());
  const end = await client.open(request, record, stopped);
  return { records, end, derived: derive(records), packageEvents };
}

/** Makes evidence about a stream, or about none. */
export function evidence(
  run: Pick<ReceivedStream, 'id' | 'capture'> | null,
  text: string,
  ...points: EvidencePoint[]
): CheckEvidence {
  return { text, run: run?.id ?? null, capture: run?.capture ?? null, points };
}

/** The blocks that dispatched an event. */
export function eventsOf(stream: Pick<ReceivedStream, 'derived'>): readonly Block[] {
  return stream.derived.blocks.filter(({ kind }) => kind === 'event');
}

/** Arrival of each event, ms since the request began. */
export function arrivalsOf(stream: Pick<ReceivedStream, 'derived'>): readonly (number | null)[] {
  return eventsOf(stream).map(({ at }) => at);
}

/** The body chunks in order. */
export function chunksOf(stream: Pick<ReceivedStream, 'records'>): readonly ChunkRecord[] {
  return stream.records.filter((record) => record.kind === 'chunk');
}

/** A header field of the first response. */
export function headerOf(stream: Pick<ReceivedStream, 'records'>, name: string): string | null {
  const response = stream.records.find((record) => record.kind === 'response');
  return firstHeaderValue(response?.headers ?? [], name);
}

/** The status of the first response; null if there was no response. */
export function statusOf(stream: Pick<ReceivedStream, 'records'>): number | null {
  return stream.records.find((record) => record.kind === 'response')?.status ?? null;
}

/** Formats ms with one decimal place. */
export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** The messages that the payloads add up to. */
export function messagesOf(stream: Pick<ReceivedStream, 'derived'>): readonly MessageRecord[] {
  const types = new Map(eventsOf(stream).map(({ seq, type }) => [seq, type]));
  const assembler = new MessageAssembler(new StreamHead(''));
  for (const document of stream.derived.documents) {
    assembler.push(llmEvent(document, types.get(document.events[1]) ?? 'message'));
  }
  assembler.end();
  return assembler.messages.map(messageRecord);
}

/** An event that a client dispatches. */
export interface DispatchedEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** The events that the `eventsource` package dispatched. */
export function dispatchedBy(stream: Pick<ReceivedStream, 'packageEvents'>): readonly DispatchedEvent[] {
  return stream.packageEvents.filter((event) => event.client === 'eventsource');
}

/** The places at which two lists of events differ. */
export function differingEvents(
  expected: readonly DispatchedEvent[],
  got: readonly DispatchedEvent[],
): {
  readonly seq: number;
  readonly expected: DispatchedEvent | undefined;
  readonly got: DispatchedEvent | undefined;
}[] {
  return Array.from({ length: Math.max(expected.length, got.length) }, (_, seq) => ({
    seq,
    expected: expected[seq],
    got: got[seq],
  })).filter(
    ({ expected: a, got: b }) =>
      a?.type !== b?.type || a?.data !== b?.data || a?.lastEventId !== b?.lastEventId,
  );
}
