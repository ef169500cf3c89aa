import type { CaptureTime } from '../capture-time.ts';
import { assertNever } from '../assert-never.ts';
import { compactJson } from '../json/compact-json.ts';
import type { JsonDocument } from '../json/documents.ts';
import type { Block } from '../sse/block.ts';

/** A dispatched event in exports and in the output of the command line. */
export interface EventRecord {
  /** Number among dispatched events, from 0. */
  readonly seq: number;
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
  /** Bytes [start, end) of the decoded body. */
  readonly range: readonly [start: number, end: number];
  /** Numbers of the first and last chunk with bytes of it. */
  readonly chunks: readonly [first: number, last: number];
  /** ms since the request began, when its last byte arrived; null if the input has no times. */
  readonly at: CaptureTime;
}

/** Any block, in the output of `--all`. */
interface BlockRecord extends Omit<EventRecord, 'seq'> {
  /** Null if nothing was dispatched. */
  readonly seq: number | null;
  readonly kind: Block['kind'];
  /** Why nothing was dispatched; null for events. */
  readonly reason: string | null;
  /** Reconnection time that it set, ms, or null. */
  readonly retry: number | null;
  /** The bytes are not well-formed UTF-8: `data` has U+FFFD in their place. */
  readonly illFormed: boolean;
  /** It was longer than the limit: `data` has its beginning. */
  readonly cut: boolean;
  /** A JSON line that the end of the body may have cut off: `data` may be incomplete. */
  readonly unfinished: boolean;
}

/** The record of a dispatched event; null for other blocks. */
export function eventRecord(block: Block): EventRecord | null {
  return block.seq === null ? null : { seq: block.seq, ...contentOf(block) };
}

/** The record of any block. */
export function blockRecord(block: Block): BlockRecord {
  const { seq, kind, retry, illFormed, cut, unfinished } = block;
  return { seq, kind, ...contentOf(block), reason: reasonOf(block), retry, illFormed, cut, unfinished };
}

function contentOf({ type, data, lastEventId, range, chunks, at }: Block): Omit<EventRecord, 'seq'> {
  return {
    type,
    data,
    lastEventId,
    range: [range.start, range.end],
    chunks: [chunks[0], chunks[1]],
    at,
  };
}

function reasonOf({ kind, retry }: Block): string | null {
  switch (kind) {
    case 'event':
      return null;
    case 'comment':
      return 'holds comments only';
    case 'no-data':
      return retry === null ? 'has no data field' : 'has no data field; it sets the reconnection time';
    case 'discarded':
      return 'the stream ended before the blank line that would have dispatched it';
    case 'blank':
      return 'holds blank lines only';
    default:
      return assertNever(kind);
  }
}

/**
 * The record of a document as JSON text, without a line feed: `{"seq","state","events":[first,last],"value"}`. `value`
 * is the JSON with all digits as sent. If the state is not `complete` it is null, and `text` and `problem` describe the
 * document. The record is text because JavaScript numbers lose digits.
 */
export function jsonRecordText(document: JsonDocument): string {
  const { index, state, events, text, problem } = document;
  const head = JSON.stringify({ seq: index, state, events: [events[0], events[1]] }).slice(0, -1);
  if (state === 'complete') return `${head},"value":${compactJson(text)}}`;
  return `${head},"value":null,"text":${JSON.stringify(text)},"problem":${JSON.stringify(problem)}}`;
}
