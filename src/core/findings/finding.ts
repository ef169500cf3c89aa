/** What a finding is called: stable, see the design's list. */
const findingCodes = [
  'connection-failed',
  'http-status',
  'wrong-content-type',
  'content-encoded',
  'bytes-after-body',
  'no-events',
  'event-without-blank-line',
  'utf8-invalid',
  'stalled',
  'json-malformed',
  'json-truncated',
  'json-split-across-events',
  'missing-terminal-event',
  'error-in-stream',
  'tool-arguments-invalid',
  'tool-index-missing',
  'data-after-done',
  'length-limit-reached',
  'premature-close',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Rung of the ladder that a finding belongs to. */
export type Rung = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** What proves a finding: something that can be looked at. */
export type Evidence =
  | { readonly kind: 'event'; readonly seq: number }
  | { readonly kind: 'block'; readonly block: number }
  | { readonly kind: 'document'; readonly document: number; readonly at: number | null }
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'gap'; readonly at: number; readonly ms: number }
  | { readonly kind: 'end'; readonly reason: string; readonly error: string | null };

/** A diagnosis. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: the stream failed. `warning`: it works, but not as it should. `info`: worth knowing. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly rung: Rung;
  /** What is wrong, one sentence. */
  readonly message: string;
  /** At least one. */
  readonly evidence: readonly Evidence[];
  /** What to do, one or two sentences. */
  readonly advice: string;
}
