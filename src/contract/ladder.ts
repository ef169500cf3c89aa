import type { FindingCode } from '../core/findings/finding.ts';
import type { RungNumber } from '../core/rungs.ts';
import type { CaptureId } from './capture-id.ts';

/** Ways to break a rung on purpose: with one of them exactly its rung fails. */
export const ladderBreaks = {
  'wrong-content-type': {
    rung: 1,
    description: 'The response says text/plain instead of text/event-stream.',
  },
  'http-status': { rung: 1, description: 'The response has status 503.' },
  'drop-event': { rung: 1, description: 'The second event is yielded and never written.' },
  'no-cors': { rung: 2, description: 'The response does not allow the page’s origin.' },
  'foreign-cors': { rung: 2, description: 'The response allows another page’s origin.' },
  'no-final-blank-line': { rung: 3, description: 'The blank line that ends the last event is missing.' },
  'utf8-broken': { rung: 3, description: 'Every byte beyond ASCII becomes 0xFF, which is never UTF-8.' },
  buffer: { rung: 4, description: 'Everything is held back to the end, as a buffering proxy does.' },
  'one-event-late': {
    rung: 4,
    description: 'Each event waits for the next, as with compression that is not flushed.',
  },
  'malformed-json': { rung: 5, description: 'One payload has a comma too many.' },
  'truncated-json': { rung: 5, description: 'The last payload lacks its closing brace.' },
  'missing-done': { rung: 6, description: 'The terminal event is not passed on.' },
  'hold-deltas': { rung: 6, description: 'The relay keeps all deltas until the model has finished.' },
  'lose-delta': { rung: 6, description: 'The relay loses the third delta.' },
  'break-delta': { rung: 6, description: 'The relay cuts the JSON of the third delta.' },
  'lose-context': {
    rung: 7,
    description: 'All generators are driven by one shared loop, in whoever’s context it began.',
  },
  'premature-close': { rung: 7, description: 'The socket is closed in the middle of the third event.' },
  'leak-upstream': { rung: 7, description: 'The call to the model goes on when the client has gone.' },
  'ignore-backpressure': { rung: 7, description: 'The server writes on to a client that does not read.' },
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

/** What a rung is about, for whoever looks at it before it runs. */
export interface RungDescription {
  readonly rung: RungNumber;
  readonly name: string;
  /** What it proves, one sentence. */
  readonly proves: string;
  /** The step in code, in two sentences. */
  readonly idea: string;
  readonly breaks: readonly LadderBreak[];
}

/** A record that a piece of evidence points at, in the run it names. */
export type EvidencePoint =
  | { readonly kind: 'header'; readonly name: string }
  /** Number of a yield in the server's log of the run's request, from 0. */
  | { readonly kind: 'yield'; readonly n: number }
  | { readonly kind: 'chunk'; readonly index: number }
  /** `seq` of a dispatched event. */
  | { readonly kind: 'event'; readonly seq: number }
  | { readonly kind: 'document'; readonly index: number }
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number };

/** Why a check came out as it did. */
export interface CheckEvidence {
  /** A sentence, with the figures. */
  readonly text: string;
  /** The lab's id of the request that it is about; null where it is about none. */
  readonly run: string | null;
  /** The capture of that request, where it was recorded. */
  readonly capture: CaptureId | null;
  readonly points: readonly EvidencePoint[];
}

/** One thing that a rung proves, or does not. */
export interface Check {
  /** Stable: letters and hyphens. */
  readonly name: string;
  /** What is checked, a sentence. */
  readonly title: string;
  readonly passed: boolean;
  readonly evidence: readonly CheckEvidence[];
  /** What a diagnosis calls it, where only the ladder can find it; absent where the check passed. */
  readonly finding?: FindingCode;
}

/** A check that could not be made: from outside not everything of a server can be known. */
export interface UncheckedCheck {
  /** As in `Check`. */
  readonly name: string;
  /** Why not, a sentence. */
  readonly reason: string;
}

/** What came out of a rung. */
export type RungState = 'passed' | 'failed' | 'skipped';

/** A request of a rung whose run was recorded. */
export interface RungCapture {
  readonly run: string;
  readonly capture: CaptureId | null;
  readonly title: string;
}

/** Yields and arrivals of the rung's main run on one clock, ms since its request began: to be plotted beside each other. */
export interface RungTiming {
  readonly yields: readonly number[];
  readonly arrivals: readonly number[];
}

/** A rung that was climbed, or not, and why. */
export interface RungResult {
  readonly rung: RungNumber;
  readonly name: string;
  readonly state: RungState;
  /** Why it was skipped; null for the other states. */
  readonly reason: string | null;
  readonly checks: readonly Check[];
  /** Checks of the rung that could not be made, and why. Absent where all were made. */
  readonly unchecked?: readonly UncheckedCheck[];
  readonly captures: readonly RungCapture[];
  readonly timing: RungTiming | null;
  /** What it was broken with on purpose: then a failure is what is wanted. Null for a climb in earnest. */
  readonly break: LadderBreak | null;
  /** How long it took, ms. */
  readonly duration: number;
}

/** What came out of the whole ladder. */
export interface LadderResult {
  readonly kind: 'result';
  /** No rung failed, and nobody stopped it. */
  readonly passed: boolean;
  /** It was stopped before its end. */
  readonly stopped: boolean;
  /** All seven, in order. */
  readonly rungs: readonly RungResult[];
}

/** What a ladder tells while it is climbed. */
export type LadderProgress =
  | {
      readonly kind: 'rung-started';
      readonly rung: RungNumber;
      readonly name: string;
      /** What it is broken with on purpose; null for a climb in earnest. */
      readonly break: LadderBreak | null;
    }
  | { readonly kind: 'capture'; readonly rung: RungNumber; readonly capture: RungCapture }
  | { readonly kind: 'check'; readonly rung: RungNumber; readonly check: Check }
  | { readonly kind: 'rung'; readonly result: RungResult }
  | LadderResult;

/** What rung 6 calls, and where its key is kept. The key itself never comes to a user interface. */
export interface ModelDescription {
  readonly baseUrl: string;
  readonly model: string;
  readonly api: 'chat' | 'responses';
  /** Nothing is configured: the lab's scripted model answers. */
  readonly scripted: boolean;
  /**
   * Where the key comes from: the system's keyring, the environment, the memory of this process (until it ends), or
   * nowhere.
   */
  readonly key: 'keyring' | 'environment' | 'memory' | 'none';
}

/** The ladder's news, as a host pushes them. */
export interface LadderEvent {
  readonly kind: 'ladder';
  readonly progress: LadderProgress;
}
