import type { CaptureTime } from '../capture-time.ts';
import type { ByteRange } from '../byte-range.ts';
import { wordsOf } from '../vocabulary.ts';
import type { ServerLogLine } from './server-log.ts';

/**
 * How a body is cut into blocks.
 * - `event-stream`: [spec] HTML §9.2, `text/event-stream`.
 * - `ndjson`: lines that end in LF, a JSON text each (https://github.com/ndjson/ndjson-spec, https://jsonlines.org).
 */
export const framings = ['event-stream', 'ndjson'] as const;
export type Framing = (typeof framings)[number];

/**
 * What became of a block: the lines between two blank lines of an event stream, or one of a body of JSON lines, which
 * knows `event` and `blank` alone.
 * - `event`: dispatched.
 * - `comment`: comments only.
 * - `no-data`: fields but no data, so nothing is dispatched (an `id` or `retry` still takes effect).
 * - `discarded`: unfinished when its stream ended. [spec] "Once the end of the file is reached, any
 *   pending data must be discarded."
 * - `blank`: a run of blank lines with nothing between them.
 *
 * The blocks of a body tile it: their ranges follow each other without gap or overlap (a leading BOM belongs
 * to the first), so that no byte on the wire is without its record.
 */
export type BlockKind = keyof typeof blockKindTitles;

/** Kinds of blocks, with the title of each as a list of them says it. */
export const blockKindTitles = {
  event: 'Dispatched events',
  comment: 'Comments',
  'no-data': 'Without data',
  discarded: 'Discarded',
  blank: 'Blank lines',
} as const;
export const blockKinds = wordsOf(blockKindTitles);

/**
 * A line of a block that the standard ignores, or that breaks the block.
 * - `unknown-field`: [spec] HTML §9.2.6 "Otherwise: The field is ignored." `name` is its first 100 characters, `value` the
 *   first 1,000.
 * - `stray-bom`: a line that begins with U+FEFF. Only one at the start of the body is skipped, so the field behind any other
 *   is an unknown one.
 * - `id-contains-null`: [spec] "If the field value does not contain U+0000 NULL … Otherwise, ignore the field."
 * - `retry-invalid`: [spec] "If the field value consists of only ASCII digits … Otherwise, ignore the field."
 */
export type BlockFlaw =
  | { readonly kind: 'unknown-field'; readonly name: string; readonly value: string }
  | { readonly kind: 'stray-bom' }
  | { readonly kind: 'id-contains-null' }
  | { readonly kind: 'retry-invalid'; readonly value: string };

/** The flaws of a block that has none: one array for all of them. */
export const noFlaws: readonly BlockFlaw[] = [];

/** The log lines of a block that has none: one array for all of them. */
export const noLog: readonly ServerLogLine[] = [];

/** A block with what it holds. */
export interface Block {
  /** Framing of the body that it is of. */
  readonly framing: Framing;
  /** Number of the block, from 0. */
  readonly index: number;
  readonly kind: BlockKind;
  /** Number among dispatched events, from 0; null for all other kinds. */
  readonly seq: number | null;
  /** Its bytes, with the line ending of the blank line that ended it. */
  readonly range: ByteRange;
  /** Numbers of the first and the last chunk that hold bytes of it. */
  readonly chunks: readonly [first: number, last: number];
  /** When its last byte arrived. */
  readonly at: CaptureTime;
  /** Event type as dispatched: "message" where none was set; for other kinds the type buffer. */
  readonly type: string;
  /** The data buffer, without its last line feed. Comments' text for `comment`. */
  readonly data: string;
  /** Last event ID string after the block. */
  readonly lastEventId: string;
  /** Reconnection time in ms that the block set, as sent; null where it set none. */
  readonly retry: number | null;
  /** The bytes were not well-formed UTF-8 and `data` holds U+FFFD in their place. */
  readonly illFormed: boolean;
  /** The block was longer than the limit: what is beyond it is not in `data`, but stays in the capture. */
  readonly cut: boolean;
  /**
   * A line of JSON that the body ended in, without a line feed, while the body is not known to be complete: more of it may
   * have been meant to come. In an event stream such a block is `discarded`.
   */
  readonly unfinished: boolean;
  /** Its ignored and broken lines, the first few; empty for nearly every block. */
  readonly flaws: readonly BlockFlaw[];
  /** What the server wrote about its own work in comments of the block, the first few; empty for nearly every block. */
  readonly log: readonly ServerLogLine[];
}

/** Why a field had no effect. */
export type IgnoredReason = 'unknown-field' | 'id-contains-null' | 'retry-invalid' | 'discarded';

/** One line of a block, for the detail view: where it is and what it did. */
export interface Field {
  /** Field name as sent; "" for a comment (the line begins with a colon). */
  readonly name: string;
  readonly value: string;
  readonly comment: boolean;
  /** The line without its line ending. */
  readonly range: ByteRange;
  /** The value alone, after the colon and one space. */
  readonly valueRange: ByteRange;
  /** Null where the field took effect. */
  readonly ignored: IgnoredReason | null;
}
