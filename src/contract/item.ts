import type { CaptureTime } from '../core/capture-time.ts';
import type { ByteRange } from '../core/byte-range.ts';
import type { Payload } from '../core/json/payload.ts';
import type { Block, Field } from '../core/sse/block.ts';
import type { TextSource } from '../core/pipeline/text-source.ts';
import type { Lane, RowSpan } from './lane.ts';

export type { TextSource } from '../core/pipeline/text-source.ts';

/** One row with everything known about it, for the detail pane. */
export interface ItemDetail {
  readonly lane: Lane;
  readonly row: number;
  readonly at: CaptureTime;
  readonly range: ByteRange;
  /** Rows of each lane that share bytes with it, in its own lane only itself; null if there are none. */
  readonly related: {
    readonly chunks: RowSpan | null;
    readonly blocks: RowSpan | null;
    readonly documents: RowSpan | null;
  };
  /** For `chunks`. */
  readonly chunk: { readonly read: number; readonly wireBytes: number } | null;
  /** For `blocks`, and for `documents` the block of its first event. `data` is cut at 1 Mi characters. */
  readonly block: Block | null;
  /** The block's lines, at most 1,000. */
  readonly fields: readonly Field[];
  readonly payload: Pick<Payload, 'state' | 'problem'> | null;
  /** The JSON text or the data, cut at 1 Mi characters; null for `chunks`. */
  readonly text: string | null;
  /** Full length of `text` before the cut. */
  readonly textLength: number;
  /** Where the pieces of `text` are in the body, in order. */
  readonly sources: readonly TextSource[];
}

/** Bytes of the body. */
export interface BodyBytes {
  readonly range: ByteRange;
  readonly base64: string;
}
