import type { CaptureRecord, ChunkRecord, EndRecord, RecordSink } from '../../core/capture/record.ts';
import type { FindingCode } from '../../core/findings/finding.ts';
import { withLastEventId } from '../client/reconnection.ts';
import { BlockReader } from '../../core/sse/block-reader.ts';
import { createClient, type StreamClient } from '../client/client.ts';
import type { StreamRequest } from '../client/stream-request.ts';
import { environmentOf, outcome, type Probe, runProbe, whyNoAnswer } from './probe.ts';

/** Events with ids to read before the client disconnects, and events to read after it reconnects. */
const LEAVE_AFTER = 6;
const READ_AFTER = 12;

const about: readonly FindingCode[] = ['last-event-id-ignored', 'duplicate-after-reconnect'];

/** Disconnects in the middle of the stream, reconnects with Last-Event-ID, and checks where it continues. */
export const reconnect: Probe = {
  name: 'reconnect',
  requests: 2,
  question: 'Does the server continue after the event that Last-Event-ID names?',
  whyNot: ({ diagnosed }) =>
    diagnosed.facts.lastEventId === ''
      ? 'The events have no ids: a client that reconnects cannot say where it stopped.'
      : null,
  async run(subject, setting) {
    const client = new LeavingClient(createClient('raw', environmentOf(setting)));
    const run = await runProbe(subject, setting, { title: 'Probe reconnect: with Last-Event-ID', client });
    const reason = whyNoAnswer(run);
    if (client.leftAt === null) return outcome('failed', reason ?? 'The events had no ids this time.', [run]);
    const id = JSON.stringify(client.leftAt);
    const found = run.diagnosis.findings.filter(({ code }) => about.includes(code));
    const [worst] = found;
    if (worst !== undefined)
      return outcome('decided', `After a reconnection with Last-Event-ID ${id}: ${worst.message}`, [run], {
        about,
        findings: found.map((finding) => ({
          ...finding,
          evidence: [{ kind: 'note', at: null, text: `Last-Event-ID: ${client.leftAt}` }],
        })),
      });
    const { next } = client;
    if (next === null)
      return outcome(
        'decided',
        `After a reconnection with Last-Event-ID ${id} there was no event${reason === null ? '' : `: ${reason}`}.`,
        [run],
        { about },
      );
    return outcome(
      'decided',
      `After a reconnection with Last-Event-ID ${id} the server continued with ${next === '' ? 'an event without an id' : `id ${JSON.stringify(next)}`}: no event was repeated.`,
      [run],
      { about },
    );
  },
};

/** Opens a stream, disconnects after some events, and reconnects with Last-Event-ID, in one recording. */
class LeavingClient implements StreamClient {
  readonly name = 'raw';
  /** The id that it reconnected with; null if it did not reconnect. */
  leftAt: string | null = null;
  /** Id of the first event after the reconnection; empty if that event has none, null if there was no event. */
  next: string | null = null;
  readonly #client: StreamClient;

  constructor(client: StreamClient) {
    this.#client = client;
  }

  async open(request: StreamRequest, sink: RecordSink, signal: AbortSignal): Promise<EndRecord> {
    const began = performance.now();
    const first = new EventIds();
    const end = await this.#read(request, first, LEAVE_AFTER, sink, signal);
    const { last } = first;
    if (signal.aborted || last === '') {
      await sink(end);
      return end;
    }
    this.leftAt = last;
    const at = performance.now() - began;
    const fields = { attempt: 1, delay: 0, lastEventId: last, reason: end.reason };
    await sink({ kind: 'note', at, note: 'reconnect', fields });
    const second = new EventIds();
    const again = {
      ...request,
      headers: withLastEventId(request.headers, last, {
        note: (note, fields) => void sink({ kind: 'note', at, note, fields }),
      }),
    };
    // A recording has one clock, and one numbering of reads.
    const later = <R extends CaptureRecord>(record: R): R => ({
      ...record,
      at: record.at === null ? null : record.at + at,
      ...(record.kind === 'chunk' ? { read: record.read + first.reads } : {}),
    });
    const over = later(await this.#read(again, second, READ_AFTER, (record) => sink(later(record)), signal));
    this.next = second.first;
    await sink(over);
    return over;
  }

  /** Reads a number of events. Returns the end without passing it to the sink. */
  #read(
    request: StreamRequest,
    ids: EventIds,
    events: number,
    sink: RecordSink,
    signal: AbortSignal,
  ): Promise<EndRecord> {
    const stop = new AbortController();
    const take = (record: CaptureRecord): Promise<void> | void => {
      // This client stops the stream itself: that is not an abort by the user.
      if (record.kind === 'end' || (record.kind === 'note' && record.note === 'abort')) return undefined;
      if (record.kind === 'chunk') {
        ids.push(record);
        if (ids.events >= events) stop.abort();
      }
      return sink(record);
    };
    return this.#client.open(request, take, AbortSignal.any([signal, stop.signal]));
  }
}

/** The ids of the events of one body. */
class EventIds {
  events = 0;
  /** Reads of the socket so far. */
  reads = 0;
  /** Id of the first event, empty if it has none; null before the first event. */
  first: string | null = null;
  /** The last event ID after the newest event. */
  last = '';
  readonly #reader = new BlockReader({
    block: ({ kind, lastEventId }) => {
      if (kind !== 'event') return;
      this.events++;
      this.first ??= lastEventId;
      this.last = lastEventId;
    },
    blockExtended: () => undefined,
  });

  push({ bytes, read }: ChunkRecord): void {
    this.reads = read + 1;
    this.#reader.push(bytes, 0, null);
  }
}
