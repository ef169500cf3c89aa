import type { CaptureTime } from '../../capture-time.ts';
import type { NoteRecord } from '../../capture/record.ts';
import { isJsonObject, type JsonValue, member, objectMember, stringMember } from '../../json/json-value.ts';

/** The most samples kept for comparing two clocks. */
const MOST_SAMPLES = 4096;
/** The least samples for a judgement. */
const LEAST_SAMPLES = 3;

/** The time that a stream claims its generation took, and the time in which it arrived. */
export interface ClaimedSpan {
  /** The source of the claim, as a path in the payload: "usage.completion_time". */
  readonly source: string;
  /** ms. */
  readonly claimed: number;
  /** ms between the corresponding arrivals; null: the span of the outputs. */
  readonly arrived: number | null;
  /** The event with the claim; null for yields that the lab noted. */
  readonly seq: number | null;
}

/** When pieces were generated, on the server's clock, and when they arrived, on ours: ms, in order. */
export interface ClockSamples {
  readonly source: string;
  readonly made: readonly number[];
  readonly arrived: readonly number[];
  /** Both times are from one clock: differences are delays. */
  readonly shared: boolean;
}

/** Times of a server's clock with their arrivals: the first few thousand, and the last. */
class MakersClock {
  readonly #source: string;
  readonly #made: number[] = [];
  readonly #arrived: number[] = [];
  #last: { readonly made: number; readonly at: number; readonly seq: number } | null = null;

  /** @param source their name in findings */
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

  /** The span from first to last; null if there are too few. */
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
 * Clocks inside a stream: some servers state when, or for how long, they generated the data. Data that took seconds to
 * generate but arrived at once was held back.
 */
export class PayloadClocks {
  #claimed: ClaimedSpan | null = null;
  /** `: yield n t` log lines, and JSON lines with their creation times. */
  readonly #log = new MakersClock('yield lines');
  readonly #lines = new MakersClock('created_at');
  #logged: number | null = null;
  readonly #yields: number[] = [];
  readonly #arrivals: number[] = [];
  #responseCreated: { readonly at: number } | null = null;

  /** Reads the value of a complete document. Never throws. */
  document(value: JsonValue | undefined, at: CaptureTime, seq: number): void {
    if (at === null || !isJsonObject(value)) return;
    // Most documents have none of these members.
    if (value['created_at'] !== undefined) this.#line(value, at, seq);
    if (value['timings'] !== undefined) this.#timings(value, seq);
    if (value['usage'] !== undefined || value['x_groq'] !== undefined) this.#usage(value, seq);
    if (value['response'] !== undefined) this.#response(value, at, seq);
  }

  /** Reads the arrival of a dispatched event, for comparison with its yield. */
  event(at: CaptureTime, seq: number): void {
    const made = this.#logged;
    this.#logged = null;
    if (at === null) return;
    if (this.#arrivals.length < MOST_SAMPLES) this.#arrivals.push(at);
    if (made !== null) this.#log.add(made, at, seq);
  }

  /** Reads a log line of the server: it yields the next event at `made`, ms on its clock. */
  logged(made: number): void {
    this.#logged = made;
  }

  /** Reads a note of the lab: when it yielded, on this machine's clock. */
  note({ note, at }: NoteRecord): void {
    if (note === 'yield' && at !== null && this.#yields.length < MOST_SAMPLES) this.#yields.push(at);
  }

  /** The claimed span from the most direct source, or null. */
  get claimed(): ClaimedSpan | null {
    if (this.#yields.length >= LEAST_SAMPLES && this.#arrivals.length >= LEAST_SAMPLES) {
      return { source: 'yields', claimed: spanOf(this.#yields), arrived: spanOf(this.#arrivals), seq: null };
    }
    return this.#log.span ?? this.#lines.span ?? this.#claimed;
  }

  /** Times for comparison, or null. */
  get samples(): ClockSamples | null {
    if (this.#yields.length >= LEAST_SAMPLES)
      return { source: 'yields', made: this.#yields, arrived: this.#arrivals, shared: true };
    return this.#log.samples ?? this.#lines.samples;
  }

  /** Ollama: each line has its creation time. */
  #line(value: JsonValue, at: number, seq: number): void {
    const createdAt = stringMember(value, 'created_at');
    if (createdAt !== null) this.#lines.add(Date.parse(createdAt), at, seq);
  }

  /** llama.cpp: the last event has the time that the tokens took. */
  #timings(value: JsonValue, seq: number): void {
    const predicted = positive(objectMember(value, 'timings'), 'predicted_ms');
    if (predicted !== null) this.#claim('timings.predicted_ms', predicted, null, seq);
  }

  /** Groq: seconds, without queue and prompt, but including reasoning that is not streamed. */
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

  /** Responses API: the first and the last event have the times of the response, in seconds. */
  #response(value: JsonValue, at: number, seq: number): void {
    const type = stringMember(value, 'type');
    if (type === 'response.created') this.#responseCreated = { at };
    if (type !== 'response.completed' || this.#responseCreated === null) return;
    const response = objectMember(value, 'response');
    const created = positive(response, 'created_at');
    const completed = positive(response, 'completed_at');
    if (created === null || completed === null) return;
    // Both are truncated to seconds: the real span may be up to one second shorter.
    const claimed = (completed - created - 1) * 1000;
    this.#claim('response.completed_at', claimed, at - this.#responseCreated.at, seq);
  }
}

/** The span from the first to the last time. */
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
