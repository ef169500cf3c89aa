import type { CaptureTime } from '../capture-time.ts';
import type { ByteRange } from '../byte-range.ts';
import { wordsOf } from '../vocabulary.ts';
import type { ServerLogLine } from './server-log.ts';

/**
 * How a body is divided into blocks.
 * - `event-stream`: [spec] HTML §9.2, `text/event-stream`.
 * - `ndjson`: lines that end in LF, one JSON text per line (https://github.com/ndjson/ndjson-spec, https://jsonlines.org).
 */
export const framings = ['event-stream', 'ndjson'] as const;
export type Framing = (typeof framings)[number];

/**
 * What became of a block: of the lines between two blank lines in an event stream, or of one line in a body of JSON
 * lines (only `event` and `blank`).
 * - `event`: dispatched.
 * - `comment`: comments only.
 * - `no-data`: fields but no data, so nothing is dispatched (an `id` or `retry` still takes effect).
 * - `discarded`: unfinished when its stream ended. [spec] "Once the end of the file is reached, any
 *   pending data must be discarded."
 * - `blank`: a run of blank lines with nothing between them.
 *
 * The blocks of a body tile it: their ranges follow each other without gap or overlap (a leading BOM belongs
 * to the first), so every byte on the wire belongs to a block.
 */
export type BlockKind = keyof typeof blockKindTitles;

/** Kinds of blocks with their titles in lists. */
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
 * - `stray-bom`: a line that begins with U+FEFF. Only one at the start of the body is skipped; anywhere else it makes
 * the field an unknown one.
 * - `id-contains-null`: [spec] "If the field value does not contain U+0000 NULL … Otherwise, ignore the field."
 * - `retry-invalid`: [spec] "If the field value consists of only ASCII digits … Otherwise, ignore the field."
 */
export type BlockFlaw =
  | { readonly kind: 'unknown-field'; readonly name: string; readonly value: string }
  | { readonly kind: 'stray-bom' }
  | { readonly kind: 'id-contains-null' }
  | { readonly kind: 'retry-invalid'; readonly value: string };

/** Shared by all blocks without flaws. */
export const noFlaws: readonly BlockFlaw[] = [];

/** Shared by all blocks without log lines. */
export const noLog: readonly ServerLogLine[] = [];

/** A block and its content. */
export interface Block {
  /** Framing of its body. */
  readonly framing: Framing;
  /** Number of the block, from 0. */
  readonly index: number;
  readonly kind: BlockKind;
  /** Number among dispatched events, from 0; null for all other kinds. */
  readonly seq: number | null;
  /** Its bytes, including the line ending of the blank line that ended it. */
  readonly range: ByteRange;
  /** Numbers of the first and the last chunk that contain bytes of it. */
  readonly chunks: readonly [first: number, last: number];
  /** When its last byte arrived. */
  readonly at: CaptureTime;
  /** Event type as dispatched: "message" where none was set; for other kinds the type buffer. */
  readonly type: string;
  /** The data buffer without its last line feed; for `comment` the text of the comments. */
  readonly data: string;
  /** Last event ID string after the block. */
  readonly lastEventId: string;
  /** Reconnection time in ms that the block set, as sent; or null. */
  readonly retry: number | null;
  /** The bytes were not well-formed UTF-8 and `data` holds U+FFFD in their place. */
  readonly illFormed: boolean;
  /** The block exceeded the limit: `data` lacks the rest, which the capture keeps. */
  readonly cut: boolean;
  /**
   * The last JSON line of a body that may be incomplete, and it had no line feed: the rest of the line may be missing.
   * In an event stream such a block is `discarded`.
   */
  readonly unfinished: boolean;
  /** The first few lines that were ignored or that broke it; nearly always empty. */
  readonly flaws: readonly BlockFlaw[];
  /** The first few log lines that the server wrote in comments; nearly always empty. */
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
