import type { FindingCode } from '../core/findings/finding.ts';
import type { RungNumber } from '../core/rungs.ts';
import type { CaptureId } from './capture-id.ts';

/** Ways to break a rung on purpose. Each makes exactly its rung fail. */
export const ladderBreaks = {
  'wrong-content-type': {
    rung: 1,
    description: 'The response says text/plain instead of text/event-stream.',
  },
  'http-status': { rung: 1, description: 'The response has status 503.' },
  'drop-event': { rung: 1, description: 'The second event is yielded but never written.' },
  'no-cors': { rung: 2, description: 'The response does not allow the page’s origin.' },
  'foreign-cors': { rung: 2, description: 'The response allows another page’s origin.' },
  'no-final-blank-line': { rung: 3, description: 'The blank line that ends the last event is missing.' },
  'utf8-broken': { rung: 3, description: 'Every byte beyond ASCII becomes 0xFF, which is never UTF-8.' },
  buffer: { rung: 4, description: 'All events are held back until the end, as by a buffering proxy.' },
  'one-event-late': {
    rung: 4,
    description: 'Each event is held back until the next, as by compression without flushing.',
  },
  'malformed-json': { rung: 5, description: 'One payload has an extra comma.' },
  'truncated-json': { rung: 5, description: 'The last payload lacks its closing brace.' },
  'missing-done': { rung: 6, description: 'The terminal event is not passed on.' },
  'hold-deltas': { rung: 6, description: 'The relay keeps all deltas until the model has finished.' },
  'lose-delta': { rung: 6, description: 'The relay loses the third delta.' },
  'break-delta': { rung: 6, description: 'The relay cuts the JSON of the third delta.' },
  'lose-context': {
    rung: 7,
    description: 'One shared loop runs all generators, in the context of the request that started it.',
  },
  'premature-close': { rung: 7, description: 'The socket is closed in the middle of the third event.' },
  'leak-upstream': {
    rung: 7,
    description: 'The call to the model continues after the client has disconnected.',
  },
  'ignore-backpressure': { rung: 7, description: 'The server keeps writing to a client that does not read.' },
} as const satisfies { readonly [name: string]: { readonly rung: RungNumber; readonly description: string } };
export type LadderBreak = keyof typeof ladderBreaks;
export const ladderBreakNames = Object.keys(ladderBreaks) as [LadderBreak, ...LadderBreak[]];

/** The ways to break one rung. */
export type BreakOfRung<N extends RungNumber> = {
  [Name in LadderBreak]: (typeof ladderBreaks)[Name]['rung'] extends N ? Name : never;
}[LadderBreak];

/** The ways to break a rung, in the order of `ladderBreaks`. */
export function breaksOfRung<N extends RungNumber>(rung: N): [BreakOfRung<N>, ...BreakOfRung<N>[]] {
  return ladderBreakNames.filter((name) => ladderBreaks[name].rung === rung) as [
    BreakOfRung<N>,
    ...BreakOfRung<N>[],
  ];
}

/** Describes a rung. */
export interface RungDescription {
  readonly rung: RungNumber;
  readonly name: string;
  /** One sentence: what it proves. */
  readonly proves: string;
  /** Two sentences: how the code of this step works. */
  readonly idea: string;
  readonly breaks: readonly LadderBreak[];
}

/** A record of a stream that evidence points at. */
export type EvidencePoint =
  | { readonly kind: 'header'; readonly name: string }
  /** Number of a yield in the server's log of the request, from 0. */
  | { readonly kind: 'yield'; readonly n: number }
  | { readonly kind: 'chunk'; readonly index: number }
  /** `seq` of a dispatched event. */
  | { readonly kind: 'event'; readonly seq: number }
  | { readonly kind: 'document'; readonly index: number }
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number };

/** A reason for the outcome of a check. */
export interface CheckEvidence {
  /** A sentence with the measured values. */
  readonly text: string;
  /** Id of the request; null if the evidence is not about a single request. */
  readonly run: string | null;
  /** The capture of that request; null if it was not recorded. */
  readonly capture: CaptureId | null;
  readonly points: readonly EvidencePoint[];
}

/** The outcome of one check of a rung. */
export interface Check {
  /** Stable: letters and hyphens. */
  readonly name: string;
  /** A sentence: what is checked. */
  readonly title: string;
  readonly passed: boolean;
  readonly evidence: readonly CheckEvidence[];
  /** The finding of a failed check, if only the ladder can detect it. */
  readonly finding?: FindingCode;
}

/** A check that was not possible, since not everything about a server is visible from outside. */
export interface UncheckedCheck {
  /** As in `Check`. */
  readonly name: string;
  /** A sentence: why not. */
  readonly reason: string;
}

/** The outcome of a rung. */
export type RungState = 'passed' | 'failed' | 'skipped';

/** A recorded request of a rung. */
export interface RungCapture {
  readonly run: string;
  readonly capture: CaptureId | null;
  readonly title: string;
}

/** Yields and arrivals of the rung's main stream by one clock, in ms since its request began. */
export interface RungTiming {
  readonly yields: readonly number[];
  readonly arrivals: readonly number[];
}

/** The result of a rung. */
export interface RungResult {
  readonly rung: RungNumber;
  readonly name: string;
  readonly state: RungState;
  /** Why it was skipped; null in other states. */
  readonly reason: string | null;
  readonly checks: readonly Check[];
  /** Checks that were not possible. Absent if there are none. */
  readonly unchecked?: readonly UncheckedCheck[];
  readonly captures: readonly RungCapture[];
  readonly timing: RungTiming | null;
  /** The break that was applied, so that a failure is expected; null for none. */
  readonly break: LadderBreak | null;
  /** Duration in ms. */
  readonly duration: number;
}

/** The result of the whole ladder. */
export interface LadderResult {
  readonly kind: 'result';
  /** No rung failed, and the ladder was not stopped. */
  readonly passed: boolean;
  /** The ladder was stopped before its end. */
  readonly stopped: boolean;
  /** All seven, in order. */
  readonly rungs: readonly RungResult[];
}

/** Progress of the ladder while it runs. */
export type LadderProgress =
  | {
      readonly kind: 'rung-started';
      readonly rung: RungNumber;
      readonly name: string;
      /** The break that is applied; null for none. */
      readonly break: LadderBreak | null;
    }
  | { readonly kind: 'capture'; readonly rung: RungNumber; readonly capture: RungCapture }
  | { readonly kind: 'check'; readonly rung: RungNumber; readonly check: Check }
  | { readonly kind: 'rung'; readonly result: RungResult }
  | LadderResult;

/** The model that rung 6 calls, and where its key is kept. The key itself is never sent to a user interface. */
export interface ModelDescription {
  readonly baseUrl: string;
  readonly model: string;
  readonly api: 'chat' | 'responses';
  /** No model is configured, so the lab's scripted model answers. */
  readonly scripted: boolean;
  /**
   * Where the key comes from: the system's keyring, the environment, the memory of this process, or nowhere.
   */
  readonly key: 'keyring' | 'environment' | 'memory' | 'none';
}

/** Progress of the ladder, as pushed by the host. */
export interface LadderEvent {
  readonly kind: 'ladder';
  readonly progress: LadderProgress;
}
