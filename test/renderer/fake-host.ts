import type { CaptureId } from '../../src/contract/capture-id.ts';
import { captureId } from '../../src/contract/capture-id.ts';
import type { CaptureSummary, Exchange } from '../../src/contract/capture-summary.ts';
import type { CommandName, CommandParams, CommandResult, Connection } from '../../src/contract/commands.ts';
import type { HostEvent } from '../../src/contract/host-event.ts';
import type { ItemDetail } from '../../src/contract/item.ts';
import type { Lane, LaneRow } from '../../src/contract/lane.ts';
import { Refusal } from '../../src/contract/refusal.ts';

type Answers = {
  [N in CommandName]?: (params: CommandParams<N>) => CommandResult<N> | Promise<CommandResult<N>>;
};

/** A recorded call. */
export interface Call {
  readonly name: CommandName;
  readonly params: unknown;
}

/**
 * A connection for tests: it answers with the given functions, records every call, and emits the events that the test
 * pushes. A command without a function is refused.
 */
export class FakeHost implements Connection {
  readonly calls: Call[] = [];
  readonly #answers: Answers;
  readonly #listeners = new Set<(event: HostEvent) => void>();

  constructor(answers: Answers = {}) {
    this.#answers = answers;
  }

  async call<N extends CommandName>(name: N, params: CommandParams<N>): Promise<CommandResult<N>> {
    this.calls.push({ name, params });
    const answer = this.#answers[name];
    if (answer === undefined) throw new Refusal('not-available', `no answer to ${name}`);
    return answer(params);
  }

  listen(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  push(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Parameters of the calls of one command, in order. */
  callsOf(name: CommandName): readonly unknown[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.params);
  }
}

/** The id of a test capture. */
export function idOf(name: string): CaptureId {
  return captureId.parse(`capture-${name}`);
}

let revision = 0;

/** A summary with default values for everything that a test does not set. */
export function summaryOf(name: string, changes: Partial<CaptureSummary> = {}): CaptureSummary {
  return {
    id: idOf(name),
    revision: ++revision,
    name: null,
    request: { method: 'GET', url: `https://example.test/${name}`, headers: [], client: 'raw' },
    startedAt: '2025-11-20T14:02:07.000Z',
    phase: 'ended',
    worst: null,
    recordedElsewhere: false,
    status: 200,
    contentType: 'text/event-stream',
    framing: 'event-stream',
    end: { reason: 'complete', at: 5000, error: null },
    rows: { chunks: 10, blocks: 12, documents: 10 },
    dispatched: 10,
    bytes: 2400,
    wireBytes: 2400,
    firstByteAt: 120,
    lastAt: 5000,
    rates: { eventsPerSecond: 2, bytesPerSecond: 480 },
    gaps: { p50: 38, p95: 52, max: 1130 },
    silences: { threshold: 1000, stalls: [{ at: 1870, ms: 1130 }], stallCount: 1, openSince: null },
    output: null,
    warnings: [],
    origin: 'connection',
    ...changes,
  };
}

/** Row `row` of a lane, 100 bytes and 10 ms after the previous row. */
export function rowOf(lane: Lane, row: number): LaneRow {
  const base = {
    row,
    at: row * 10,
    gap: row === 0 ? null : 10,
    range: { start: row * 100, end: row * 100 + 100 },
    preview: { path: 'choices[0].delta.content', text: `"word ${row}"` },
  };
  switch (lane) {
    case 'chunks':
      return { ...base, lane, read: row, wireBytes: 100, blocks: [row, row] };
    case 'blocks':
      return {
        ...base,
        lane,
        kind: 'event',
        seq: row,
        type: 'message',
        chunks: [row, row],
        payload: 'complete',
      };
    case 'documents':
      return { ...base, lane, state: 'complete', events: [row, row] };
  }
}

/** The detail of a row that shares its bytes with the same row of each other lane. */
export function detailOf(lane: Lane, row: number): ItemDetail {
  return {
    lane,
    row,
    at: row * 10,
    range: { start: row * 100, end: row * 100 + 100 },
    related: { chunks: [row, row], blocks: [row, row], documents: [row, row] },
    chunk: null,
    block: null,
    fields: [],
    payload: null,
    text: null,
    textLength: 0,
    sources: [],
  };
}

/** The exchange of a summary, without notes. */
export function exchangeOf(summary: CaptureSummary): Exchange {
  return {
    request: summary.request,
    startedAt: summary.startedAt,
    responses: [],
    notes: [],
    end: summary.end,
  };
}
