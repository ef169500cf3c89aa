/**
 * An event's data, seen as JSON.
 * - `complete`: exactly one JSON text (RFC 8259), with white space around it at most.
 * - `partial`: the beginning of a JSON object or array; more input could complete it.
 * - `malformed`: begins as an object or array and no further input could make it JSON.
 * - `sentinel`: `[DONE]`.
 * - `text`: does not begin as JSON.
 * - `empty`: white space only.
 */
export type PayloadState = 'complete' | 'partial' | 'malformed' | 'sentinel' | 'text' | 'empty';

/** A payload's state, and where it stopped being JSON. */
export interface Payload {
  readonly state: PayloadState;
  /** For `malformed` and `partial`: index in the data string (UTF-16 code units) and what was expected there. */
  readonly problem: { readonly at: number; readonly message: string } | null;
}
