import type { RungNumber } from '../rungs.ts';

/** Codes of findings, in the order of the ladder. Stable: records, exports and `--expect` use them. */
export const findingCodes = [
  // Rung 1: endpoint.
  'connection-failed',
  'http-status',
  'wrong-content-type',
  'body-not-sse',
  'redirected',
  'content-encoded',
  'bytes-after-body',
  'cacheable-response',
  // Rung 2: browser.
  'cors-missing',
  'credentials-in-url',
  'not-eventsource-compatible',
  'http1-connection-limit',
  // Rung 3: Node client, framing.
  'no-events',
  'event-without-blank-line',
  'unknown-field',
  'utf8-invalid',
  'utf8-split-across-chunks',
  'event-split-across-chunks',
  'stray-bom',
  'retry-invalid',
  'id-contains-null',
  'line-too-long',
  'mixed-line-endings',
  // Rung 4: async, timing.
  'response-buffered',
  'coalesced-delivery',
  'one-event-late',
  'stalled',
  'no-heartbeat',
  'served-from-cache',
  // Rung 5: JSON.
  'json-malformed',
  'json-truncated',
  'json-split-across-events',
  'duplicate-key',
  'number-precision-loss',
  // Rung 6: OpenAI, messages.
  'missing-terminal-event',
  'error-in-stream',
  'tool-arguments-invalid',
  'tool-index-missing',
  'data-after-done',
  'length-limit-reached',
  'content-filtered',
  'out-of-order',
  'sequence-gap',
  // Rung 7: context and clean-up.
  'premature-close',
  'idle-timeout-close',
  'platform-time-limit',
  'abort-not-propagated',
  'context-lost',
  'resources-left-open',
  'last-event-id-ignored',
  'duplicate-after-reconnect',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** `error`: the stream failed. `warning`: it works, but not as it should. `info`: worth knowing. Worst first. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/**
 * What proves a finding: something that can be shown. Times are ms since the request began.
 * - `event`: a dispatched event, by its `seq`. `block`: a block, by its number.
 * - `document`: a JSON document and an index in its text; null for the whole document.
 * - `bytes`: the range [start, end) of the decoded body.
 * - `chunks`: body chunks, first to last, both included.
 * - `gap`: a silence that began at `at` and lasted `ms`.
 * - `header`: a response header field, with its value as received; an empty value if the field is absent.
 * - `url`: the URL of the request or of a redirect, with secrets redacted.
 * - `note`: the text of a note of the capture.
 * - `end`: how the transport ended.
 */
export type FindingEvidence =
  | { readonly kind: 'event'; readonly seq: number }
  | { readonly kind: 'block'; readonly block: number }
  | { readonly kind: 'document'; readonly document: number; readonly at: number | null }
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number }
  | { readonly kind: 'chunks'; readonly first: number; readonly last: number }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'note'; readonly at: number | null; readonly text: string }
  | { readonly kind: 'gap'; readonly at: number; readonly ms: number }
  | { readonly kind: 'end'; readonly reason: string; readonly error: string | null };

/**
 * Requests that can answer what one capture cannot. `check --probe` and the window send them.
 * - `identity`: the same request with `Accept-Encoding: identity`.
 * - `browser`: the same from a page of another origin, with its preflight.
 * - `eventsource`: the same with the `eventsource` package.
 * - `again`: the same request a second time. `together`: two at once.
 * - `longer`: a request for a longer answer.
 * - `reconnect`: a reconnection with Last-Event-ID.
 */
export const probeNames = [
  'identity',
  'browser',
  'eventsource',
  'again',
  'together',
  'longer',
  'reconnect',
] as const;
export type ProbeName = (typeof probeNames)[number];

/** The request that would decide between the possible causes. */
export interface Decider {
  /** The probe that sends it; null if only the user can, such as a request past the proxy. */
  readonly probe: ProbeName | null;
  /** What to do and what each outcome means, one or two sentences. */
  readonly text: string;
}

/**
 * A diagnosis in three separate parts: what was observed, what may have caused it, and what would decide.
 */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly rung: RungNumber;
  /** What was observed, as fact: one or two sentences with figures. */
  readonly message: string;
  /** At least one. */
  readonly evidence: readonly FindingEvidence[];
  /** Possible causes, one sentence each; may be empty. */
  readonly causes: readonly string[];
  /** What to do, one or two sentences. */
  readonly advice: string;
  /** Null if there is nothing to decide. */
  readonly decider: Decider | null;
}
