import type { HeaderList } from '../headers.ts';
import type { CaptureRecord } from '../capture/record.ts';
import { type JsonObject, member } from '../json/json-value.ts';
import type { Assembler, Problems } from './assembly.ts';
import type { Message } from './message.ts';

/**
 * A dialect: how the events of one provider form a message. It contains everything the program knows about the dialect;
 * `dialects.ts` lists all.
 */
export interface Dialect<Name extends string> {
  /** Its name in records, files and on the command line. */
  readonly id: Name;
  /** Its title for people. */
  readonly title: string;
  /**
   * Whether a payload belongs to this dialect. The first dialect of the list that matches is taken, so test for what
   * only this dialect has. It must not throw and must be cheap: it runs for every payload of a live stream.
   */
  matches(payload: JsonObject, head: StreamHead): boolean;
  /** Whether request or response suggest this dialect: for payloads that match none (an error as the first event). */
  suggestedBy(head: StreamHead): boolean;
  /** Creates the state machine for one response. */
  begin(problems: Problems): Assembler;
  /**
   * Whether a payload begins another response in the same stream (two streams concatenated).
   *
   * @param first the first message of the current response
   */
  beginsAnother(payload: JsonObject, first: Message, current: Assembler): boolean;
  /** The model output in a payload, for counting. Stateless and cheap: it runs on live streams. */
  output(payload: JsonObject): PayloadOutput;
  /** Paths of the model's text in its payloads, without array indices. */
  readonly outputPaths: readonly string[];
  /** Its terminal event, in words. */
  readonly terminal: string;
  /** `[DONE]` follows as the last event of the stream. */
  readonly hasSentinel: boolean;
}

/** The model output in one payload. */
export interface PayloadOutput {
  /** Code units of model output: text, reasoning, refusal, arguments. */
  readonly length: number;
  /** Of these, reasoning, and summaries of reasoning. */
  readonly reasoning: number;
  readonly summary: number;
  /** Null if the payload does not state it. */
  readonly tokens: TokenCount | null;
  /** The payload states that the message is finished. */
  readonly finished: boolean;
}

/** Output tokens as counted by the provider so far. */
export interface TokenCount {
  /** All tokens, including reasoning. */
  readonly count: number;
  /** Of these, reasoning, streamed or not; 0 if not stated. */
  readonly reasoning: number;
}

/** A number of tokens in a payload's usage, or null. */
export function tokensMember(usage: JsonObject | null, key: string): number | null {
  const found = member(usage ?? undefined, key);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
}

/** Request and response of a stream, for the detection of its dialect. */
export class StreamHead {
  /** Path of the request's URL, or an empty text. */
  readonly path: string;
  #headers: HeaderList = [];
  #settled = false;

  /** @param url of the request; empty if not known */
  constructor(url: string) {
    this.path = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
  }

  /**
   * Header fields of the response: some protocols name themselves there. The first successful response counts, so a
   * stream read from disk is recognised as it was live. Empty before any response.
   */
  get headers(): HeaderList {
    return this.#headers;
  }

  /** Reads a record of the capture, before the payloads that follow it. */
  record(record: CaptureRecord): void {
    if (record.kind !== 'response' || this.#settled) return;
    this.#headers = record.headers;
    this.#settled = record.status >= 200 && record.status < 300;
  }
}
