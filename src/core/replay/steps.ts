import { assertNever } from '../assert-never.ts';
import type { Records } from '../capture/capture-source.ts';
import type { CaptureTime } from '../capture-time.ts';
import type { ChunkRecord } from '../capture/record.ts';
import { type Chunks, cutAfterEvent, cutAt, skipTo, splitBody, withoutFinalBlankLine } from './body.ts';
import { faultAmount, type ReplayFault } from './fault.ts';
import { type ReplayHead, replayHead } from './head.ts';
import { Leg, type LegEnding } from './legs.ts';
import type { ReplayStart } from './start.ts';
import type { ReplaySurvey } from './survey.ts';
import type { ReplayVariant } from './variant.ts';

/**
 * How an answer ends.
 * - `complete`: in good order. `close`: the connection is closed without the last HTTP chunk. `reset`: with a TCP RST.
 * - `silence`: nothing more comes, and the connection stays open. So it was where the client gave up waiting.
 */
export type ReplayEnding = 'complete' | 'close' | 'reset' | 'silence';

/** What a server does next to serve a capture again. `at` is ms since the request; null for no later than what came before. */
export type ReplayStep =
  | { readonly kind: 'head'; readonly at: CaptureTime; readonly head: ReplayHead }
  | {
      readonly kind: 'piece';
      readonly at: CaptureTime;
      readonly bytes: Uint8Array;
      readonly distance: PieceDistance;
    }
  /** Waits, whatever the time. */
  | { readonly kind: 'pause'; readonly ms: number; readonly reason: 'stall' | 'slow-close' | 'bandwidth' }
  | {
      readonly kind: 'end';
      readonly at: CaptureTime;
      readonly how: ReplayEnding;
      /** Why it ends before the capture says so; null where it does not. */
      readonly because: 'cut' | 'fault' | 'recorded' | null;
    };

/**
 * How far a piece is from the one before it, where no time parts them.
 * - `joined`: both came out of one socket read, and may leave together. `next`: it is written by itself.
 * - `apart`: its client should have read the one before. Most clients glue together again what they have not.
 */
export type PieceDistance = 'joined' | 'next' | 'apart';

/** Pieces at the beginning that are all apart. Behind them fewer and fewer are, so that a long body ends. */
const allApart = 1000;

/** ms between the pieces of a limited bandwidth. */
const bandwidthTick = 50;

/**
 * What is written when, to answer one request. A pure fold over the records: the body is not held.
 * Empty where the records have no such answer.
 */
export async function* replaySteps(
  records: Records,
  start: ReplayStart,
  variant: ReplayVariant,
  survey: ReplaySurvey,
): AsyncGenerator<ReplayStep, void> {
  const leg = await Leg.open(records, start.leg);
  if (leg === null) return;
  try {
    const isResumed = start.leg > 0 || start.offset > 0;
    const clock = new Clock(start.origin, variant.speed);
    const head = replayHead(leg, survey.framing, variant.faults);
    // Who resumes in the middle of a recorded body is answered at once.
    yield { kind: 'head', at: start.offset > 0 ? null : clock.at(leg.response?.at ?? null), head };
    const body = new Body(leg, start.offset, isResumed ? spared(variant) : variant, survey);
    const pieces = new Pieces(variant, isResumed ? null : body.middle);
    for await (const chunk of body.chunks) yield* pieces.of(chunk, clock.at(chunk.at));
    const lingers = faultAmount(variant.faults, 'slow-close');
    if (lingers !== null) yield { kind: 'pause', ms: lingers * 1000, reason: 'slow-close' };
    const { at, how, because } = body.ending();
    yield { kind: 'end', at: clock.at(at), how, because };
  } finally {
    await leg.close();
  }
}

/** Without what happens once in an answer from the beginning. */
function spared(variant: ReplayVariant): ReplayVariant {
  const once: readonly ReplayFault['name'][] = [
    'premature-close',
    'reset',
    'duplicate-after-reconnect',
    'stall',
  ];
  return { ...variant, cut: null, faults: variant.faults.filter(({ name }) => !once.includes(name)) };
}

/** The body of an answer: the bytes of a leg, as far as they are sent, in the pieces that are asked for. */
class Body {
  readonly chunks: Chunks;
  /** Byte in the middle of what is sent. */
  readonly middle: number;
  readonly #leg: Leg;
  #how: ReplayEnding | null = null;
  #because: 'cut' | 'fault' | null = null;

  constructor(leg: Leg, offset: number, { cut, faults, split }: ReplayVariant, survey: ReplaySurvey) {
    this.#leg = leg;
    const has = (name: ReplayFault['name']): boolean => faultAmount(faults, name) !== null;
    const half = Math.floor(survey.bytes / 2);
    const isBroken = has('premature-close') || has('reset');
    const length = cut ?? (isBroken ? half : null);
    this.middle = Math.floor(Math.min(length ?? survey.bytes, survey.bytes) / 2);
    let chunks: Chunks = leg.chunks();
    if (offset > 0) chunks = skipTo(chunks, offset);
    if (has('no-final-blank-line')) chunks = withoutFinalBlankLine(chunks);
    if (length !== null) chunks = cutAt(chunks, length, () => this.#cut('complete', 'cut'));
    if (has('duplicate-after-reconnect')) {
      chunks = cutAfterEvent(chunks, half, () => this.#cut('close', 'fault'));
    }
    if (isBroken) this.#cut(has('reset') ? 'reset' : 'close', 'fault');
    this.chunks = splitBody(chunks, split);
  }

  /** How it ends. Ask when `chunks` is through. */
  ending(): {
    readonly at: CaptureTime;
    readonly how: ReplayEnding;
    readonly because: 'cut' | 'fault' | 'recorded' | null;
  } {
    if (this.#how !== null) return { at: null, how: this.#how, because: this.#because };
    const { at, how } = this.#leg.end;
    return {
      at,
      how: recordedEnding(how),
      because: how === 'complete' || how === 'aborted' ? null : 'recorded',
    };
  }

  /** The first reason counts: a connection that a fault breaks does not end in good order at the cut. */
  #cut(how: ReplayEnding, because: 'cut' | 'fault'): void {
    if (this.#how === null) {
      this.#how = how;
      this.#because = because;
    }
  }
}

/** What a server does that ends as the recorded one did. */
function recordedEnding(how: LegEnding): ReplayEnding {
  switch (how) {
    case 'complete':
    // The client left; of the server it is only known that it had not failed.
    case 'aborted':
      return 'complete';
    case 'premature-close':
    case 'error':
    case 'unknown':
      return 'close';
    case 'timeout':
      return 'silence';
    default:
      return assertNever(how);
  }
}

/** Recorded times as ms since the request that is answered. */
class Clock {
  #origin: CaptureTime;
  readonly #speed: ReplayVariant['speed'];

  constructor(origin: CaptureTime, speed: ReplayVariant['speed']) {
    this.#origin = origin;
    this.#speed = speed;
  }

  at(recorded: CaptureTime): CaptureTime {
    if (recorded === null || this.#speed === 'instant') return null;
    // Nobody knows when the request was sent: time begins with the first answer.
    this.#origin ??= recorded;
    return Math.max(0, (recorded - this.#origin) / this.#speed);
  }
}

/** Makes pieces of chunks, with the pauses that faults ask for. */
class Pieces {
  readonly #isRecorded: boolean;
  readonly #isTimed: boolean;
  readonly #stall: number | null;
  readonly #rate: number | null;
  /** The byte before which a stall is due; null when it is over, or for none. */
  #stallAt: number | null;
  #bytes = 0;
  #pieces = 0;
  #read: number | null = null;

  constructor({ split, speed, faults }: ReplayVariant, middle: number | null) {
    this.#isRecorded = split.kind === 'recorded';
    this.#isTimed = speed !== 'instant';
    this.#stall = faultAmount(faults, 'stall');
    this.#rate = faultAmount(faults, 'bandwidth');
    this.#stallAt = this.#stall === null ? null : middle;
  }

  *of({ bytes, read }: ChunkRecord, at: CaptureTime): Generator<ReplayStep, void> {
    const isSameRead = this.#isRecorded && read === this.#read;
    this.#read = read;
    const stallAt = this.#stallAt;
    if (stallAt === null || stallAt >= this.#bytes + bytes.length) {
      yield* this.#slices(bytes, at, isSameRead);
      return;
    }
    this.#stallAt = null;
    const first = bytes.subarray(0, stallAt - this.#bytes);
    yield* this.#slices(first, at, isSameRead);
    yield { kind: 'pause', ms: (this.#stall ?? 0) * 1000, reason: 'stall' };
    yield* this.#slices(bytes.subarray(first.length), at, false);
  }

  *#slices(bytes: Uint8Array, at: CaptureTime, isSameRead: boolean): Generator<ReplayStep, void> {
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    if (this.#rate === null) {
      yield { kind: 'piece', at, bytes, distance: this.#distance(isSameRead) };
      return;
    }
    const size = Math.max(1, Math.floor((this.#rate * bandwidthTick) / 1000));
    for (let from = 0; from < bytes.length; from += size) {
      const slice = bytes.subarray(from, from + size);
      yield { kind: 'piece', at, bytes: slice, distance: 'next' };
      yield { kind: 'pause', ms: (slice.length / this.#rate) * 1000, reason: 'bandwidth' };
    }
  }

  #distance(isSameRead: boolean): PieceDistance {
    if (isSameRead) return 'joined';
    const n = this.#pieces++;
    // Their times part recorded chunks.
    if (this.#isRecorded && this.#isTimed) return 'next';
    const stride = n < allApart ? 1 : 2 ** (Math.floor(Math.log2(n / allApart)) + 1);
    return n % stride === 0 ? 'apart' : 'next';
  }
}
