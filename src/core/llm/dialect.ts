import type { HeaderList } from '../headers.ts';
import type { CaptureRecord } from '../capture/record.ts';
import { type JsonObject, member } from '../json/json-value.ts';
import type { Assembler, Problems } from './assembly.ts';
import type { Message } from './message.ts';

/**
 * A dialect: how one provider's events add up to a message. Everything that the program knows of it is here; `dialects.ts`
 * lists them all.
 */
export interface Dialect<Name extends string> {
  /** As it stands in records, files and on the command line. */
  readonly id: Name;
  /** As people say it. */
  readonly title: string;
  /**
   * Whether a payload belongs to this dialect. Asked in the order of the list, and the first that says yes has it: so it
   * looks for what only this dialect has. Never throws, and costs little: it runs for every payload while a stream arrives.
   */
  matches(payload: JsonObject, head: StreamHead): boolean;
  /** Whether the exchange suggests this dialect: a hint, for payloads that say nothing (an error as the first event). */
  suggestedBy(head: StreamHead): boolean;
  /** Its state machine, for one response. */
  begin(problems: Problems): Assembler;
  /**
   * Whether a payload begins a response of its own although one has begun already: two streams glued together.
   *
   * @param first the first message of the response that has begun
   */
  beginsAnother(payload: JsonObject, first: Message, current: Assembler): boolean;
  /** What a payload brings of a message, for counting. Keeps nothing and costs little, so that it can run live. */
  output(payload: JsonObject): PayloadOutput;
  /** Where its payloads have the text that the model writes, piece by piece: paths, array indices left out. */
  readonly outputPaths: readonly string[];
  /** Its own sign of a whole message, in words. */
  readonly terminal: string;
  /** `[DONE]` comes after that sign, as the stream's last event. */
  readonly hasSentinel: boolean;
}

/** What one payload brings of a message; see the assemblers for the message itself. */
export interface PayloadOutput {
  /** Code units of model output: text, reasoning, refusal, arguments. */
  readonly length: number;
  /** Of them the model's reasoning as it thought it, and a summary of it. */
  readonly reasoning: number;
  readonly summary: number;
  /** Null where the payload does not say. */
  readonly tokens: TokenCount | null;
  /** The payload says that the message is finished. */
  readonly finished: boolean;
}

/** Output tokens as a provider counts them so far. */
export interface TokenCount {
  /** All of them, those of reasoning too. */
  readonly count: number;
  /** Of them reasoning, whether it was streamed or not; 0 where the provider does not say. */
  readonly reasoning: number;
}

/** A number of tokens in a payload's usage; null where it does not say. */
export function tokensMember(usage: JsonObject | null, key: string): number | null {
  const found = member(usage ?? undefined, key);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
}

/** What is known of a stream besides its payloads. */
export class StreamHead {
  /** Path of the request's URL; empty where it has none. */
  readonly path: string;
  #headers: HeaderList = [];
  #settled = false;

  /** @param url of the request; empty where it is not known */
  constructor(url: string) {
    this.path = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
  }

  /**
   * Header fields of the response: some protocols name themselves there. Of the first that succeeded, so that a stream
   * that is read later, from disk, is recognised as it was while it arrived; empty before any response.
   */
  get headers(): HeaderList {
    return this.#headers;
  }

  /** Takes a record of the capture, before the payloads that follow it. */
  record(record: CaptureRecord): void {
    if (record.kind !== 'response' || this.#settled) return;
    this.#headers = record.headers;
    this.#settled = record.status >= 200 && record.status < 300;
  }
}
