import { documentValue, type JsonDocument } from '../json/documents.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Message, ToolCallPart } from './message.ts';

/** One event as the assemblers read it. */
export interface LlmEvent {
  /** Number among dispatched events. */
  readonly seq: number;
  /** Event type. */
  readonly type: string;
  /** The payload if it is one JSON text, else undefined. */
  readonly value: JsonValue | undefined;
  /** The data is `[DONE]`. */
  readonly sentinel: boolean;
  /** The data as text; for a text that spans several events the whole text. */
  readonly text: string;
}

/**
 * A document as the assemblers read it. A text that spans several events belongs to the last one.
 *
 * @param type of that event
 */
export function llmEvent(document: JsonDocument, type: string): LlmEvent {
  return {
    seq: document.events[1],
    type,
    value: documentValue(document),
    sentinel: document.state === 'sentinel',
    text: document.text,
  };
}

/**
 * What is wrong with a message.
 * - `error-in-stream`: the provider sent an error inside the stream.
 * - `tool-arguments-invalid`: complete arguments are not JSON, or the provider calls them malformed.
 * - `tool-index-missing`: a delta for a part that never began, or for no part; or two calls with one index.
 * - `data-after-done`: an event after the terminal event, or another response.
 * - `missing-terminal-event`: the stream ended without the terminal event of the dialect.
 * - `length-limit-reached`: the provider stopped at a length limit, or the message exceeded the limit here.
 * - `content-filtered`: the provider withheld content.
 * - `out-of-order`: events out of order, or repeated, by their sequence numbers.
 * - `sequence-gap`: missing sequence numbers.
 * - `unexpected-shape`: a member has not the type that the dialect specifies.
 * - `dialect-changed`: events of another dialect began.
 */
export type ProblemCode =
  | 'error-in-stream'
  | 'tool-arguments-invalid'
  | 'tool-index-missing'
  | 'data-after-done'
  | 'missing-terminal-event'
  | 'length-limit-reached'
  | 'content-filtered'
  | 'out-of-order'
  | 'sequence-gap'
  | 'unexpected-shape'
  | 'dialect-changed';

/** One problem, with the event that shows it (null: the end of the stream). */
export interface AssemblyProblem {
  readonly code: ProblemCode;
  readonly seq: number | null;
  /** What was observed: a sentence without a full stop. The provider's words are quoted exactly. */
  readonly message: string;
  /** It harms no client: at most an `info` finding. */
  readonly harmless: boolean;
}

/** Problems kept: memory stays bounded even if every event has one. */
const MAX_PROBLEMS = 1000;

/** The problems that an assembler reports. */
export class Problems {
  readonly list: AssemblyProblem[] = [];
  /** All reported problems, including those that are not kept. */
  count = 0;

  add(code: ProblemCode, seq: number | null, message: string, harmless = false): void {
    this.count++;
    if (this.list.length < MAX_PROBLEMS) this.list.push({ code, seq, message, harmless });
  }

  /** Checks complete arguments strictly. Empty arguments are valid: some servers send them for `{}`. */
  checkArguments(call: ToolCallPart, seq: number | null): void {
    if (call.json === null || call.arguments.length === 0) return;
    call.json.end();
    const { problem } = call.json;
    if (problem === null) return;
    const name = call.name ?? call.id ?? 'unnamed';
    this.add(
      'tool-arguments-invalid',
      seq,
      `The arguments of ${name} are not JSON: ${problem.message} at position ${problem.at}`,
    );
  }
}

/**
 * The state machine of one dialect: takes events, gives messages. Linear time. It never throws for any content, and the
 * result does not depend on how the bytes were cut.
 */
export interface Assembler {
  readonly messages: readonly Message[];
  /** The terminal event came: what follows is another response or an error. */
  readonly terminated: boolean;
  push(event: LlmEvent): void;
  /** Ends the stream. @param aborted the user stopped it, so nothing counts as missing */
  end(aborted: boolean): void;
}

/** The most parts of one message: no model sends more. */
export const MAX_PARTS = 10_000;
