import type { CaptureTime } from '../core/capture-time.ts';
import { z } from 'zod';
import type { PairRecord, ComparisonRecord } from '../core/compare/comparison-records.ts';
import { captureId, type CaptureId } from './capture-id.ts';
import { command } from './command.ts';
import type { Preview } from './lane.ts';

/** One capture of a comparison, at the time of the comparison. */
export interface ComparedSide {
  readonly capture: CaptureId;
  readonly events: number;
  /** ms since the request began. */
  readonly firstByteAt: CaptureTime;
  readonly firstEventAt: CaptureTime;
  readonly firstTokenAt: CaptureTime;
  readonly lastAt: CaptureTime;
  readonly gapP50: number | null;
  readonly gapP95: number | null;
  readonly gapMax: number | null;
  readonly tokens: number | null;
  readonly tokensPerSecond: number | null;
  readonly comments: number;
  readonly chunks: number;
  /** Chunks of one socket read are one arrival. */
  readonly arrivals: number;
  readonly bytes: number;
  readonly wireBytes: number;
  readonly status: number | null;
  /** How the transport ended; null while the stream runs. */
  readonly end: string | null;
}

/** Two captures, aligned by content. */
export interface ComparisonView {
  /** Names it in further questions. The host keeps the newest few. */
  readonly comparison: string;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly result: ComparisonRecord;
  /** Rows of its table: pairs, and the unpaired events in their places. */
  readonly rows: number;
  /** Of those, the numbers of the rows that are no exact pair; at most the first 1,000. */
  readonly differences: readonly number[];
}

/** An event of one side in a row of the table. */
export interface ComparedEvent {
  readonly seq: number;
  readonly at: CaptureTime;
  readonly type: string;
  readonly preview: Preview;
}

/** A row of the table. */
export interface ComparisonRow {
  readonly row: number;
  /** Null if the event is in B only. */
  readonly a: ComparedEvent | null;
  readonly b: ComparedEvent | null;
  /** Time in B minus time in A, ms; null for no pair, or no times. */
  readonly delay: number | null;
  /** Null for no pair. */
  readonly level: PairRecord['level'] | null;
  /** For an event without a partner: the event of the other side that it was probably changed into, or from. */
  readonly changed: number | null;
}

/** Pairs as lines on the common axis, thinned: lines that would fall on each other are one. Parallel arrays. */
export interface ComparisonLinks {
  /** ms since each side's request began. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Row of the first pair of each line, and how many pairs it stands for. */
  readonly row: readonly number[];
  readonly pairs: readonly number[];
  /** Events without a partner: their times, thinned the same way, and the row of the first. */
  readonly onlyA: readonly { readonly at: number; readonly row: number }[];
  readonly onlyB: readonly { readonly at: number; readonly row: number }[];
  /** Events that came one after another in A and together in B: from the first to the last on each side. */
  readonly held: readonly { readonly a: readonly [number, number]; readonly b: readonly [number, number] }[];
}

const name = z.string().max(100);
const row = z.number().int().nonnegative();

/** The commands that compare captures. */
export const comparisonCommands = {
  /**
   * Aligns two captures by content, as far as they have come. Refused as `bad-params` for a capture with itself. Takes
   * seconds for hundreds of thousands of events; the host answers other requests in between.
   */
  'captures.compare': command<ComparisonView>()(z.object({ a: captureId, b: captureId })),
  /** Rows [from, to); at most 500 per request. Refused as `no-such-comparison` if the host no longer keeps it. */
  'comparison.rows': command<readonly ComparisonRow[]>()(z.object({ comparison: name, from: row, to: row })),
  /** The lines that cross the span, for a plot of so many pixels. */
  'comparison.links': command<ComparisonLinks>()(
    z.object({
      comparison: name,
      from: z.number(),
      to: z.number(),
      width: z.number().int().min(1).max(8192),
    }),
  ),
} as const;
