import { assertNever } from '../core/assert-never.ts';
import { plural } from '../core/text/wording.ts';

/**
 * How a stream of the lab ended.
 * - `complete`: everything was sent. `client`: the client disconnected. `shutdown`: the lab is closing.
 * - `fault`: cut on demand. `error`: the generator threw.
 */
export type CloseReason = 'complete' | 'client' | 'shutdown' | 'fault' | 'error';

/** What happened in the lab. */
export type LabNews =
  | { readonly kind: 'request'; readonly endpoint: string; readonly method: string; readonly path: string }
  /** A request that was answered without a stream, such as the list of endpoints or an error. */
  | { readonly kind: 'answered'; readonly method: string; readonly path: string; readonly status: number }
  /** The generator yielded event `n` (from 0), which will be written next. */
  | { readonly kind: 'yield'; readonly n: number; readonly text: string }
  /** Event `n` was passed to the operating system. */
  | { readonly kind: 'written'; readonly n: number; readonly bytes: number }
  /** The socket is full. The generator waits until it drains. */
  | { readonly kind: 'wait'; readonly n: number; readonly buffered: number }
  /**
   * A call to a model for a request. `n` counts its deltas from 0; `text` of a delta is the text that it adds to the
   * answer.
   */
  | {
      readonly kind: 'upstream';
      readonly state: 'open' | 'delta' | 'end' | 'aborted' | 'error';
      readonly n: number;
      readonly text: string;
    }
  /** The client disconnected before everything was sent. */
  | { readonly kind: 'client-gone' }
  /** The generator's `finally` has run. */
  | { readonly kind: 'finally' }
  | {
      readonly kind: 'close';
      readonly reason: CloseReason;
      readonly events: number;
      readonly peakBuffered: number;
    }
  /** The same of a replay, which sends the pieces of a recorded body. */
  | {
      readonly kind: 'close';
      readonly reason: CloseReason;
      readonly pieces: number;
      readonly bytes: number;
      readonly peakBuffered: number;
    }
  | { readonly kind: 'line'; readonly level: 'info' | 'warning'; readonly text: string };

/** A record of the lab's log, for the command line and the window. Texts are cut off after 500 characters. */
export type LabRecord = LabNews & {
  /** Number of the record, from 0; never reused. */
  readonly seq: number;
  /** ms since recording began, monotonic. */
  readonly at: number;
  /** The same moment by the system's clock, ISO 8601. */
  readonly time: string;
  /** The request that the record belongs to; null for none. */
  readonly requestId: string | null;
  /** Id of the endpoint that answers the request; null for none. */
  readonly endpoint: string | null;
};

/** A part of the lab's log. */
export interface LabRecords {
  /** In order; empty if there is nothing new. */
  readonly records: readonly LabRecord[];
  /** Number of the record after these, for the next request. */
  readonly next: number;
  /** Number of records that were dropped before they could be read. */
  readonly missed: number;
}

/** Local time of a record: `14:03:22.118`. */
export function labRecordTime({ time }: Pick<LabRecord, 'time'>): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** The text of a record, without its kind, request and time. */
export function labRecordText(record: LabRecord): string {
  switch (record.kind) {
    case 'request':
      return `${record.method} ${record.path}`;
    case 'answered':
      return `${record.method} ${record.path}: ${record.status}`;
    case 'yield':
      return `${record.n}  ${record.text}`;
    case 'written':
      return `${record.n}  ${plural(record.bytes, 'byte')}`;
    case 'wait':
      return `${record.n}  the socket is full, ${record.buffered} bytes are buffered`;
    case 'upstream':
      return record.state === 'delta'
        ? `${record.n}  ${record.text}`
        : `${record.state} ${record.text}`.trim();
    case 'client-gone':
      return 'the client disconnected';
    case 'finally':
      return 'the generator has ended';
    case 'close':
      return 'events' in record
        ? `${record.reason}, ${plural(record.events, 'event')}`
        : `${record.reason}, ${plural(record.bytes, 'byte')} in ${plural(record.pieces, 'piece')}`;
    case 'line':
      return record.text;
    default:
      return assertNever(record);
  }
}
