import type { CaptureTime } from '../../capture-time.ts';
import type { NoteRecord } from '../../capture/record.ts';
import { isJsonObject, type JsonValue, member, objectMember, stringMember } from '../../json/json-value.ts';

/** Samples that are kept to compare two clocks. */
const MOST_SAMPLES = 4096;
/** Samples that a judgement needs. */
const LEAST_SAMPLES = 3;

/** A time span that the stream itself claims its making took, and the span in which it arrived. */
export interface ClaimedSpan {
  /** What says so, as a path in the payload: "usage.completion_time". */
  readonly source: string;
  /** ms. */
  readonly claimed: number;
  /** ms between the arrivals that belong to it; null where it is the span of the outputs. */
  readonly arrived: number | null;
  /** The event that says so; null for yields, which the lab noted. */
  readonly seq: number | null;
}

/** Times when something was made, on the maker's clock, and when it arrived, on ours: ms, in order. */
export interface ClockSamples {
  readonly source: string;
  readonly made: readonly number[];
  readonly arrived: readonly number[];
  /** Both clocks are the same: differences are delays. */
  readonly shared: boolean;
}

/** Single times of a maker's clock, with their arrivals: the first few thousand, and the last. */
class MakersClock {
  readonly #source: string;
  readonly #made: number[] = [];
  readonly #arrived: number[] = [];
  #last: { readonly made: number; readonly at: number; readonly seq: number } | null = null;

  /** @param source what they are called in a finding */
  constructor(source: string) {
    this.#source = source;
  }

  add(made: number, at: number, seq: number): void {
    if (!Number.isFinite(made)) return;
    if (this.#made.length < MOST_SAMPLES) {
      this.#made.push(made);
      this.#arrived.push(at);
    }
    this.#last = { made, at, seq };
  }

  /** From the first to the last; null for too few. */
  get span(): ClaimedSpan | null {
    const last = this.#last;
    if (last === null || this.#made.length < LEAST_SAMPLES) return null;
    const claimed = last.made - (this.#made[0] ?? 0);
    return { source: this.#source, claimed, arrived: last.at - (this.#arrived[0] ?? 0), seq: last.seq };
  }

  get samples(): ClockSamples | null {
    if (this.#made.length < LEAST_SAMPLES) return null;
    return { source: this.#source, made: this.#made, arrived: this.#arrived, shared: false };
  }
}

/**
 * Clocks inside a stream: some servers say when, or how long, they worked on what they send. What took seconds to make and
 * arrived in an instant was held back.
 */
export class PayloadClocks {
  #claimed: ClaimedSpan | null = null;
  /** `: yield n t` lines, and lines that say when they were made. */
  readonly #log = new MakersClock('yield lines');
  readonly #lines = new MakersClock('created_at');
  #logged: number | null = null;
  readonly #yields: number[] = [];
  readonly #arrivals: number[] = [];
  #responseCreated: { readonly at: number } | null = null;

  /** The value of a complete document. Never throws. */
  document(value: JsonValue | undefined, at: CaptureTime, seq: number): void {
    if (at === null || !isJsonObject(value)) return;
    // Most documents have none of these, which one look at each says.
    if (value['created_at'] !== undefined) this.#line(value, at, seq);
    if (value['timings'] !== undefined) this.#timings(value, seq);
    if (value['usage'] !== undefined || value['x_groq'] !== undefined) this.#usage(value, seq);
    if (value['response'] !== undefined) this.#response(value, at, seq);
  }

  /** A dispatched event: its arrival, to compare with when it was yielded. */
  event(at: CaptureTime, seq: number): void {
    const made = this.#logged;
    this.#logged = null;
    if (at === null) return;
    if (this.#arrivals.length < MOST_SAMPLES) this.#arrivals.push(at);
    if (made !== null) this.#log.add(made, at, seq);
  }

  /** A log line of the server: it yields the next event at `made`, ms on its own clock. */
  logged(made: number): void {
    this.#logged = made;
  }

  /** A note of the lab: when it yielded, on this machine's clock. */
  note({ note, at }: NoteRecord): void {
    if (note === 'yield' && at !== null && this.#yields.length < MOST_SAMPLES) this.#yields.push(at);
  }

  /** The span that the stream claims, the most direct source first; null where it claims none. */
  get claimed(): ClaimedSpan | null {
    if (this.#yields.length >= LEAST_SAMPLES && this.#arrivals.length >= LEAST_SAMPLES) {
      return { source: 'yields', claimed: spanOf(this.#yields), arrived: spanOf(this.#arrivals), seq: null };
    }
    return this.#log.span ?? this.#lines.span ?? this.#claimed;
  }

  /** Single times to compare; null where the stream has none. */
  get samples(): ClockSamples | null {
    if (this.#yields.length >= LEAST_SAMPLES)
      return { source: 'yields', made: this.#yields, arrived: this.#arrivals, shared: true };
    return this.#log.samples ?? this.#lines.samples;
  }

  /** Ollama: each line says when it was made. */
  #line(value: JsonValue, at: number, seq: number): void {
    const createdAt = stringMember(value, 'created_at');
    if (createdAt !== null) this.#lines.add(Date.parse(createdAt), at, seq);
  }

  /** llama.cpp: the last event says how long the tokens took. */
  #timings(value: JsonValue, seq: number): void {
    const predicted = positive(objectMember(value, 'timings'), 'predicted_ms');
    if (predicted !== null) this.#claim('timings.predicted_ms', predicted, null, seq);
  }

  /** Groq: seconds, without queue and prompt; reasoning that is not streamed would be in it. */
  #usage(value: JsonValue, seq: number): void {
    const usage =
      objectMember(value, 'usage') ?? objectMember(objectMember(value, 'x_groq') ?? undefined, 'usage');
    const completion = positive(usage, 'completion_time');
    if (completion !== null && !hasReasoning(usage, 'completion_tokens_details'))
      this.#claim('usage.completion_time', completion * 1000, null, seq);
  }

  #claim(source: string, claimed: number, arrived: number | null, seq: number): void {
    this.#claimed = { source, claimed, arrived, seq };
  }

  /** Responses API: the first and the last event carry the response with its times, in seconds. */
  #response(value: JsonValue, at: number, seq: number): void {
    const type = stringMember(value, 'type');
    if (type === 'response.created') this.#responseCreated = { at };
    if (type !== 'response.completed' || this.#responseCreated === null) return;
    const response = objectMember(value, 'response');
    const created = positive(response, 'created_at');
    const completed = positive(response, 'completed_at');
    if (created === null || completed === null) return;
    // Both are cut to whole seconds, so that up to one second less has passed between them.
    const claimed = (completed - created - 1) * 1000;
    this.#claim('response.completed_at', claimed, at - this.#responseCreated.at, seq);
  }
}

/** From the first to the last of some times. */
function spanOf(times: readonly number[]): number {
  return (times.at(-1) ?? 0) - (times[0] ?? 0);
}

function positive(object: ReturnType<typeof objectMember>, key: string): number | null {
  const found = member(object ?? undefined, key);
  return typeof found === 'number' && Number.isFinite(found) && found > 0 ? found : null;
}

function hasReasoning(usage: ReturnType<typeof objectMember>, details: string): boolean {
  return positive(objectMember(usage ?? undefined, details), 'reasoning_tokens') !== null;
}
