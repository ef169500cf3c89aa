import type { CaptureTime } from '../../capture-time.ts';
import { GapHistogram } from '../../metrics/gap-histogram.ts';
import type { Block } from '../../sse/block.ts';
import { Instances } from './instances.ts';

/**
 * Chunks closer together than this, in ms, are one arrival: data that a proxy sends at once may need several socket
 * reads. In the labelled captures such reads are under 2 ms apart, tokens of a fast model 5 ms or more.
 */
const ARRIVAL_GAP_MS = 4;

/** An arrival is torn if the rest of its last event comes this many ms later: slower than network jitter. */
export const TORN_MS = 50;
/** A torn arrival counts as long from this delay on, ms. */
export const TORN_LONG_MS = 500;
/** A line ending that comes with the next event, this many ms later, was held back. */
export const LINE_END_MS = 10;
/** An arrival with this many events is a burst. */
export const BURST_EVENTS = 3;
/** The most sizes of arrivals that are counted. */
const MOST_SIZES = 64;
/** Bytes of the longest end of an event: CRLF, CRLF. */
const LINE_END_BYTES = 4;

const LF = 0x0a;
const CR = 0x0d;

/** Numbers of the first and the last body chunk that arrived together. */
interface ArrivalEvidence {
  readonly first: number;
  readonly last: number;
}

interface Arrival {
  readonly first: number;
  last: number;
  /** Offset of its first byte. */
  readonly start: number;
  /** ms since the arrival before; 0 for the first. */
  readonly gap: number;
  lastAt: number;
  bytes: number;
  events: number;
  /** Number of leading CR and LF bytes, at most `LINE_END_BYTES`. */
  lineEnds: number;
  /** Number of bytes that ended the event that was open before it; null if none was. */
  rest: number | null;
}

/**
 * How the bytes of a capture arrived: in which pieces, how many events each completed, and whether pieces end where
 * events end. The writes of a server end with events; those of a buffer end when it is full.
 */
export class ArrivalFacts {
  /** Arrivals with bytes. */
  count = 0;
  /** Arrivals that ended inside an event whose rest came `TORN_MS` or more later. */
  readonly torn = new Instances<ArrivalEvidence>();
  /** Torn arrivals whose rest came `TORN_LONG_MS` or more later. */
  tornLong = 0;
  /** Delays of the rest of torn arrivals, ms. */
  readonly tornDelays = new GapHistogram();
  /** Arrivals without the line ending of their last event, which came with the next event. */
  readonly lineEndLate = new Instances<ArrivalEvidence>();
  /** Arrivals that completed `BURST_EVENTS` or more events. */
  readonly bursts = new Instances<ArrivalEvidence>();
  /** Gaps before bursts, ms. */
  readonly burstGaps = new GapHistogram();
  burstEvents = 0;
  /** Gaps between arrivals, ms. */
  readonly gaps = new GapHistogram();
  /** The chunk that completed the most events, and their number. */
  fullestChunk = { chunk: -1, events: 0 };
  /** When the first byte of the body came on the wire, and when the first decoded byte came, ms. */
  firstWireAt: CaptureTime = null;
  firstWireBytes = 0;
  firstByteAt: CaptureTime = null;
  lastByteAt: CaptureTime = null;
  /** ms from the last byte on the wire to the end; null before the end, and without times. */
  tailSilence: number | null = null;
  readonly #sizes = new Map<number, number>();
  #chunk = -1;
  #chunkEvents = 0;
  #offset = 0;
  #current: Arrival | null = null;
  #lastWireAt: CaptureTime = null;
  /** Arrivals since the last event ended: the open event may span them. */
  #pending: { readonly arrival: Arrival; readonly before: Arrival }[] = [];
  /** The arrival before the current one, if the current one began with the end of its event. */
  #lateLineEnd: Arrival | null = null;

  /** A response began: silence counts from here. */
  response(at: CaptureTime): void {
    this.#closeArrival();
    this.#current = null;
    this.#pending = [];
    this.#lastWireAt = at;
  }

  /** Reads a chunk, before its blocks. */
  chunk(at: CaptureTime, bytes: Uint8Array, wireBytes: number): void {
    this.#chunk++;
    this.#chunkEvents = 0;
    const start = this.#offset;
    this.#offset += bytes.length;
    if (at === null) return;
    if (wireBytes > 0 || bytes.length > 0) this.#wire(at, wireBytes);
    if (bytes.length === 0) return;
    this.firstByteAt ??= at;
    this.lastByteAt = at;
    const current = this.#current;
    if (current !== null && at - current.lastAt < ARRIVAL_GAP_MS) {
      current.last = this.#chunk;
      current.lastAt = at;
      // The arrival has only line endings so far, and more may follow.
      if (current.lineEnds === current.bytes) current.lineEnds += leadingLineEnds(bytes, current.lineEnds);
      current.bytes += bytes.length;
      return;
    }
    this.#open(at, start, bytes);
  }

  /** Reads a block that ended in the newest chunk. */
  block(block: Block): void {
    if (block.kind === 'blank' || block.kind === 'discarded') return;
    if (block.kind === 'event') {
      this.#chunkEvents++;
      if (this.#chunkEvents > this.fullestChunk.events)
        this.fullestChunk = { chunk: this.#chunk, events: this.#chunkEvents };
      if (this.#current !== null) this.#current.events++;
    }
    this.#settlePending(block);
  }

  /** The capture ended. */
  end(at: CaptureTime): void {
    this.#closeArrival();
    this.#current = null;
    if (at === null || this.#lastWireAt === null) return;
    this.tailSilence = Math.max(0, at - this.#lastWireAt);
  }

  /** The most common size of arrivals, in decoded bytes, and its count; null without arrivals. */
  get commonSize(): { readonly bytes: number; readonly count: number } | null {
    let best: { bytes: number; count: number } | null = null;
    for (const [bytes, count] of this.#sizes) if (count > (best?.count ?? 0)) best = { bytes, count };
    return best;
  }

  /** Average decoded bytes per arrival; 0 without arrivals. */
  get meanBytes(): number {
    return this.count === 0 ? 0 : this.#offset / this.count;
  }

  #wire(at: number, wireBytes: number): void {
    if (this.firstWireAt === null) {
      this.firstWireAt = at;
      this.firstWireBytes = wireBytes;
    }
    this.#lastWireAt = at;
  }

  #open(at: number, start: number, bytes: Uint8Array): void {
    const before = this.#current;
    const gap = before === null ? 0 : at - before.lastAt;
    this.#closeArrival();
    if (before !== null) this.gaps.add(gap);
    this.count++;
    const arrival: Arrival = {
      first: this.#chunk,
      last: this.#chunk,
      start,
      gap,
      lastAt: at,
      bytes: bytes.length,
      events: 0,
      lineEnds: leadingLineEnds(bytes, 0),
      rest: null,
    };
    this.#current = arrival;
    if (before !== null && this.#pending.length < MOST_SIZES) this.#pending.push({ arrival, before });
  }

  /** Decides which pending arrivals came inside `block`, the first to end after them. */
  #settlePending(block: Block): void {
    if (this.#pending.length === 0) return;
    for (const { arrival, before } of this.#pending) {
      if (block.range.start >= arrival.start) continue;
      if (arrival === this.#current) arrival.rest = block.range.end - arrival.start;
      if (arrival.gap < TORN_MS) continue;
      this.torn.add(() => evidenceOf(before));
      this.tornDelays.add(arrival.gap);
      if (arrival.gap >= TORN_LONG_MS) this.tornLong++;
    }
    const last = this.#pending.at(-1);
    this.#lateLineEnd = last !== undefined && this.#current?.rest != null ? last.before : null;
    this.#pending = [];
  }

  #closeArrival(): void {
    const arrival = this.#current;
    if (arrival === null) return;
    const { bytes, events, rest, lineEnds } = arrival;
    const late = this.#lateLineEnd;
    this.#lateLineEnd = null;
    if (
      late !== null &&
      rest !== null &&
      rest <= LINE_END_BYTES &&
      bytes > rest &&
      arrival.gap >= LINE_END_MS &&
      lineEnds >= rest
    ) {
      this.lineEndLate.add(() => evidenceOf(late));
    }
    if (events >= BURST_EVENTS) {
      this.bursts.add(() => evidenceOf(arrival));
      this.burstEvents += events;
      if (arrival.gap > 0) this.burstGaps.add(arrival.gap);
    }
    if (this.#sizes.has(bytes) || this.#sizes.size < MOST_SIZES)
      this.#sizes.set(bytes, (this.#sizes.get(bytes) ?? 0) + 1);
  }
}

function evidenceOf({ first, last }: Arrival): ArrivalEvidence {
  return { first, last };
}

/** Number of leading CR and LF in `bytes`, if `already` were counted. */
function leadingLineEnds(bytes: Uint8Array, already: number): number {
  let count = 0;
  while (
    already + count < LINE_END_BYTES &&
    count < bytes.length &&
    (bytes[count] === LF || bytes[count] === CR)
  )
    count++;
  return count;
}
