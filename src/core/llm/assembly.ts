import { documentValue, type JsonDocument } from '../json/documents.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Message, ToolCallPart } from './message.ts';

/** One event as the assemblers see it. */
export interface LlmEvent {
  /** Number among dispatched events. */
  readonly seq: number;
  /** Event type. */
  readonly type: string;
  /** The payload where it is one JSON text; undefined for anything else. */
  readonly value: JsonValue | undefined;
  /** The data is `[DONE]`. */
  readonly sentinel: boolean;
  /** The data as text; of a text that was cut over several events, all of it. */
  readonly text: string;
}

/**
 * A document as the assemblers see it. A text that was cut over several events counts for the one that made it whole.
 *
 * @param type type of that event
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
 * What was wrong in the making of a message.
 * - `error-in-stream`: the provider sent an error inside the stream.
 * - `tool-arguments-invalid`: arguments that are whole are not JSON, or the provider says that the call is malformed.
 * - `tool-index-missing`: a delta for a part that never began, or one that does not say which; or two calls with one index.
 * - `data-after-done`: something came after the terminal event, or a response begins again.
 * - `missing-terminal-event`: the stream ended without the dialect's sign of a whole message.
 * - `length-limit-reached`: the provider stopped for length; or the message outgrew what is kept here.
 * - `content-filtered`: the provider held content back.
 * - `out-of-order`: events that come after later ones, or twice, by their sequence numbers.
 * - `sequence-gap`: sequence numbers that never came.
 * - `unexpected-shape`: a member is not what the dialect says.
 * - `dialect-changed`: another dialect's events began.
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

/** One thing that was wrong, with the event that shows it (null: the end of the stream). */
export interface AssemblyProblem {
  readonly code: ProblemCode;
  readonly seq: number | null;
  /** What was observed: a sentence, without its full stop. A provider's words stand in it exactly as they were sent. */
  readonly message: string;
  /** No client is hurt by it: worth an information at most. */
  readonly harmless: boolean;
}

/** Problems kept: a stream can be wrong in every event, memory stays bounded. */
const MAX_PROBLEMS = 1000;

/** What an assembler tells besides its messages. */
export class Problems {
  readonly list: AssemblyProblem[] = [];
  /** All that were reported, also those beyond what is kept. */
  count = 0;

  add(code: ProblemCode, seq: number | null, message: string, harmless = false): void {
    this.count++;
    if (this.list.length < MAX_PROBLEMS) this.list.push({ code, seq, message, harmless });
  }

  /** Checks arguments that are whole: strict, nothing is repaired. No arguments at all is how some makes say `{}`. */
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
 * One dialect's state machine: events in, messages out. Linear in what it is fed, never throws for what a stream
 * holds, the same for every way the bytes were cut.
 */
export interface Assembler {
  readonly messages: readonly Message[];
  /** The sign of the end came: what follows is another response, or wrong. */
  readonly terminated: boolean;
  push(event: LlmEvent): void;
  /** The stream ended. @param aborted because the user stopped it: then nothing is missing */
  end(aborted: boolean): void;
}

/** Parts that one message may have: beyond is no answer of a model any more. */
export const MAX_PARTS = 10_000;
