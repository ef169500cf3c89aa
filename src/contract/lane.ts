import type { CaptureTime } from '../core/capture-time.ts';
import { z } from 'zod';
import type { ByteRange } from '../core/byte-range.ts';
import { payloadStates, type PayloadState } from '../core/json/payload.ts';
import { blockKinds, type BlockKind } from '../core/sse/block.ts';
import { bound } from './filter-words.ts';
import { lanes } from './lane-name.ts';

export type { Lane } from './lane-name.ts';

export const lane = z.enum(lanes);

/** First and last row, both included. */
export type RowSpan = readonly [first: number, last: number];

/** How a row differs from the one before it: for JSON the path that changed and its value, as text. */
export interface Preview {
  /** Path of the value, such as `choices[0].delta.content`; null if the text is not JSON. */
  readonly path: string | null;
  /** One line, at most 240 characters, control characters made visible. */
  readonly text: string;
}

interface RowBase {
  /** Number in its lane from 0, without any filter. */
  readonly row: number;
  readonly at: CaptureTime;
  /** Milliseconds since the row before it in its lane; null for the first row and if times are unknown. */
  readonly gap: number | null;
  readonly range: ByteRange;
  readonly preview: Preview;
}

/** A row of the `chunks` lane. */
export interface ChunkRow extends RowBase {
  readonly lane: 'chunks';
  /** Socket read that delivered it; equal for chunks of one read. */
  readonly read: number;
  readonly wireBytes: number;
  /** Rows of the `blocks` lane that have bytes in it; null for none. */
  readonly blocks: RowSpan | null;
}

/** A row of the `blocks` lane. */
export interface BlockRow extends RowBase {
  readonly lane: 'blocks';
  readonly kind: BlockKind;
  /** Number among dispatched events; null if it dispatched nothing. */
  readonly seq: number | null;
  readonly type: string;
  readonly chunks: RowSpan;
  /** Null if it dispatched nothing. */
  readonly payload: PayloadState | null;
}

/** A row of the `documents` lane: a JSON text, or a payload that is not JSON. */
export interface DocumentRow extends RowBase {
  readonly lane: 'documents';
  readonly state: PayloadState;
  /** `seq` of the first and last event that make it up. */
  readonly events: RowSpan;
}

export type LaneRow = ChunkRow | BlockRow | DocumentRow;

/**
 * What rows of a lane to show. `narrowing` removes members without effect. The whole capture is searched: in `chunks` the bytes as text, in `blocks` the data and the event type, in `documents` the JSON text.
 */
export const filter = z.object({
  text: z.string().max(1000).optional(),
  /** `text` is a regular expression (see `compilePattern`) instead of plain text. */
  pattern: z.boolean().optional(),
  caseSensitive: z.boolean().optional(),
  /** Event types to keep (`blocks` and `documents`). */
  types: z.array(z.string().max(1000)).max(100).optional(),
  /** Block kinds to keep (`blocks`). */
  kinds: z.array(z.enum(blockKinds)).optional(),
  /** Payload states to keep (`blocks` and `documents`). */
  states: z.array(z.enum(payloadStates)).optional(),
  /** Limits that all hold. They are looked up in the index: no byte is read for them. */
  bounds: z.array(bound).max(20).optional(),
});
export type Filter = z.infer<typeof filter>;

/** A window of rows. */
export interface RowsWindow {
  /** Rows in the lane, or matches of the filter so far. */
  readonly total: number;
  /** False while the search is still running: request the rest again. */
  readonly searched: boolean;
  /** Position in the (filtered) lane of the first row of `rows`. */
  readonly from: number;
  readonly rows: readonly LaneRow[];
}

/** Counts per slice of a time span, for drawing a lane. Arrays have one entry per slice. */
export interface Density {
  /** The requested span in ms, or in bytes of the body if the capture has no times. */
  readonly from: number;
  readonly to: number;
  /** Whether `from` and `to` are times or bytes. */
  readonly unit: 'ms' | 'bytes';
  /**
   * Up to where the capture has been read, in the same unit, while it is being loaded. Null if it is complete or being
   * recorded.
   */
  readonly loadedTo: number | null;
  readonly chunks: readonly number[];
  /** Decoded bytes that arrived in each slice. */
  readonly bytes: readonly number[];
  /** Dispatched events in each slice. */
  readonly events: readonly number[];
  /** Blocks that dispatched nothing, without blank ones. */
  readonly others: readonly number[];
  /** Documents in each slice, by state: `ok` is complete and sentinel. */
  readonly documents: {
    readonly ok: readonly number[];
    readonly partial: readonly number[];
    readonly malformed: readonly number[];
    readonly other: readonly number[];
  };
  /** The first row of each lane at or after the beginning of each slice, to find the row of a click. */
  readonly firstChunk: readonly number[];
  readonly firstBlock: readonly number[];
  readonly firstDocument: readonly number[];
}
