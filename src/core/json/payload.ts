import { JsonScanner } from './json-scanner.ts';
import type { JsonValue } from './json-value.ts';
import { wordsOf } from '../vocabulary.ts';
import { isScalar, skipWhiteSpace, trimmedEnd } from './json-token.ts';

/**
 * The data of an event, as JSON.
 * - `complete`: exactly one JSON text (RFC 8259), possibly with white space around it.
 * - `partial`: the beginning of a JSON object or array; more input could complete it.
 * - `malformed`: begins as an object or array, but no further input can make it a JSON text.
 * - `sentinel`: `[DONE]`.
 * - `text`: does not begin as JSON.
 * - `empty`: white space only.
 */
export type PayloadState = keyof typeof payloadStateTitles;

/** States of payloads with their titles in lists. */
export const payloadStateTitles = {
  complete: 'Complete JSON',
  partial: 'Partial',
  malformed: 'Malformed',
  sentinel: 'Sentinel [DONE]',
  text: 'Text',
  empty: 'Empty',
} as const;
export const payloadStates = wordsOf(payloadStateTitles);

/** Where a text is not JSON, or ends too early. */
export interface JsonProblem {
  /** Index in the text (UTF-16 code units). */
  readonly at: number;
  /** What was expected there, as a phrase: `expected "," or "}"`. */
  readonly message: string;
}

/** The state of a payload, and where it is not JSON. */
export interface Payload {
  readonly state: PayloadState;
  /** For `malformed` and `partial`: index in the data string (UTF-16 code units) and what was expected there. */
  readonly problem: JsonProblem | null;
  /** For `complete`: the parsed value. */
  readonly value: JsonValue | undefined;
}

const sentinel: Payload = { state: 'sentinel', problem: null, value: undefined };
const text: Payload = { state: 'text', problem: null, value: undefined };
const empty: Payload = { state: 'empty', problem: null, value: undefined };

const scanner = new JsonScanner();

/**
 * Classifies the data of an event. A bare string, number or literal is `complete`; an incomplete one is `text`, because
 * it looks like any other text. Several JSON texts in one event are `malformed` here, as for a client that parses the
 * data; `Documents` divides them.
 */
export function payloadOf(data: string): Payload {
  const start = skipWhiteSpace(data, 0);
  if (start === data.length) return empty;
  const first = data.charCodeAt(start);
  if (first !== 0x7b && first !== 0x5b) {
    return isScalar(data, start, trimmedEnd(data)) ? (parsed(data) ?? text) : text;
  }
  if (first === 0x5b && data.startsWith('[DONE]', start) && skipWhiteSpace(data, start + 6) === data.length) {
    return sentinel;
  }
  // `JSON.parse` is several times faster than the scanner for valid JSON.
  const whole = parsed(data);
  if (whole !== null) return whole;
  scanner.reset();
  const at = scanner.feed(data, start);
  if (!scanner.done) {
    return {
      state: scanner.failed ? 'malformed' : 'partial',
      problem: { at, message: `expected ${scanner.expected}` },
      value: undefined,
    };
  }
  const rest = skipWhiteSpace(data, at);
  const next = data.charCodeAt(rest);
  const message =
    next === 0x7b || next === 0x5b ? 'expected the end: another JSON text begins' : 'expected the end';
  return { state: 'malformed', problem: { at: rest, message }, value: undefined };
}

function parsed(data: string): Payload | null {
  try {
    return { state: 'complete', problem: null, value: JSON.parse(data) as JsonValue };
  } catch {
    return null;
  }
}
