import type { CaptureTime } from '../../capture-time.ts';
import { GapHistogram } from '../../metrics/gap-histogram.ts';
import type { Block } from '../../sse/block.ts';
import { Instances } from './instances.ts';

/**
 * Chunks that come closer together than this are one arrival, ms: a piece that a proxy releases at once can reach us in
 * several socket reads. In the labelled captures such reads are under 2 ms apart, tokens of a fast model 5 ms and more.
 */
const ARRIVAL_GAP_MS = 4;

/** An arrival counts as torn where the rest of its last event comes this much later, ms: slower than any network jitter. */
export const TORN_MS = 50;
/** A delay from which on it counts as torn for long, ms. */
export const TORN_LONG_MS = 500;
/** A line end that comes this much later, together with the next event, was held back, ms. */
export const LINE_END_MS = 10;
/** Events in one arrival that make it a burst. */
export const BURST_EVENTS = 3;
/** Different sizes of arrivals that are counted apart. */
const MOST_SIZES = 64;
/** The longest line end of an event: CRLF, CRLF. */
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
  /** Since the arrival before; 0 for the first. */
  readonly gap: number;
  lastAt: number;
  bytes: number;
  events: number;
  /** How many CR and LF it begins with, up to `LINE_END_BYTES`. */
  lineEnds: number;
  /** How many bytes of it ended the event that was open when it came; null where none was. */
  rest: number | null;
}

/**
 * How the bytes of a capture arrived: in which pieces, how many events each completed, and whether the pieces end where
 * events end. A sender ends its writes at events; a buffer in between ends them where it is full.
 */
export class ArrivalFacts {
  /** Arrivals with bytes. */
  count = 0;
  /** Arrivals that ended inside an event whose rest came `TORN_MS` or more later. */
  readonly torn = new Instances<ArrivalEvidence>();
  /** Those whose rest came `TORN_LONG_MS` or more later. */
  tornLong = 0;
  /** Delays of the rest, ms. */
  readonly tornDelays = new GapHistogram();
  /** Arrivals that lacked only the line end of their last event, which came with the next event. */
  readonly lineEndLate = new Instances<ArrivalEvidence>();
  /** Arrivals that completed `BURST_EVENTS` and more events. */
  readonly bursts = new Instances<ArrivalEvidence>();
  /** Gaps before those, ms. */
  readonly burstGaps = new GapHistogram();
  burstEvents = 0;
  /** Gaps between arrivals, ms. */
  readonly gaps = new GapHistogram();
  /** The most events that one chunk completed, and that chunk. */
  fullestChunk = { chunk: -1, events: 0 };
  /** When the first byte of the response's body came on the wire, decoded or not; and the first decoded one, ms. */
  firstWireAt: CaptureTime = null;
  firstWireBytes = 0;
  firstByteAt: CaptureTime = null;
  lastByteAt: CaptureTime = null;
  /** Since the last byte on the wire until the end; null before the end, and where it has no time. */
  tailSilence: number | null = null;
  readonly #sizes = new Map<number, number>();
  #chunk = -1;
  #chunkEvents = 0;
  #offset = 0;
  #current: Arrival | null = null;
  #lastWireAt: CaptureTime = null;
  /** The arrivals since the last event ended: their gaps, for when the open event shows to have spanned them. */
  #pending: { readonly arrival: Arrival; readonly before: Arrival }[] = [];
  /** The arrival before the current one, where the current one began with the end of its event. */
  #lateLineEnd: Arrival | null = null;

  /** The response's header came: silence counts from here. */
  response(at: CaptureTime): void {
    this.#closeArrival();
    this.#current = null;
    this.#pending = [];
    this.#lastWireAt = at;
  }

  /** A chunk, before its blocks. */
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
      // The arrival so far is line ends alone, and may go on with more.
      if (current.lineEnds === current.bytes) current.lineEnds += leadingLineEnds(bytes, current.lineEnds);
      current.bytes += bytes.length;
      return;
    }
    this.#open(at, start, bytes);
  }

  /** A block that ended within the newest chunk. */
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

  /** The size that most arrivals have, decoded bytes, and how many have it; null where no size is kept. */
  get commonSize(): { readonly bytes: number; readonly count: number } | null {
    let best: { bytes: number; count: number } | null = null;
    for (const [bytes, count] of this.#sizes) if (count > (best?.count ?? 0)) best = { bytes, count };
    return best;
  }

  /** Decoded bytes an arrival, on average; 0 where none came. */
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

  /** The first block to end since arrivals were opened shows which of them came inside it. */
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

/** How many CR and LF bytes begin with, where `already` have been counted. */
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
