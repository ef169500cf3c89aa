import { assertNever } from '../core/assert-never.ts';
import { plural } from '../core/text/wording.ts';

/**
 * How a stream of the lab ended.
 * - `complete`: everything was sent. `client`: the client went away. `shutdown`: the lab is closing.
 * - `fault`: cut on demand. `error`: its generator threw.
 */
export type CloseReason = 'complete' | 'client' | 'shutdown' | 'fault' | 'error';

/** What happened in the lab. */
export type LabNews =
  | { readonly kind: 'request'; readonly endpoint: string; readonly method: string; readonly path: string }
  /** A request that was answered without a stream: the list of endpoints, a refusal, a path that does not exist. */
  | { readonly kind: 'answered'; readonly method: string; readonly path: string; readonly status: number }
  /** The generator handed over its `n`-th event (from 0), which is about to be written. */
  | { readonly kind: 'yield'; readonly n: number; readonly text: string }
  /** Event `n` is with the operating system. */
  | { readonly kind: 'written'; readonly n: number; readonly bytes: number }
  /** The socket is full: the generator is not asked for more until it has drained. */
  | { readonly kind: 'wait'; readonly n: number; readonly buffered: number }
  /**
   * A call that the lab makes to a model on behalf of a request; `n` counts its deltas from 0, whose text is what they
   * add to the answer.
   */
  | {
      readonly kind: 'upstream';
      readonly state: 'open' | 'delta' | 'end' | 'aborted' | 'error';
      readonly n: number;
      readonly text: string;
    }
  /** The client's side is gone, before everything was sent. */
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

/** A record of the lab's log, as people read it: on the command line and in the window. Texts are cut at 500 characters. */
export type LabRecord = LabNews & {
  /** Number of the record, from 0; never reused. */
  readonly seq: number;
  /** ms since the lab began, monotonic. */
  readonly at: number;
  /** The same moment by the clock, ISO 8601. */
  readonly time: string;
  /** The request it was written for; null where it belongs to no request. */
  readonly requestId: string | null;
  /** The id of the endpoint that answers the request; null where none does. */
  readonly endpoint: string | null;
};

/** A part of the lab's log. */
export interface LabRecords {
  /** In order; empty where there is nothing new. */
  readonly records: readonly LabRecord[];
  /** Where to go on: the number of the record that comes after these. */
  readonly next: number;
  /** Records between what was asked for and the first of these, which were dropped before they were fetched. */
  readonly missed: number;
}

/** When it happened, by the clock in the time zone of this machine: `14:03:22.118`. */
export function labRecordTime({ time }: Pick<LabRecord, 'time'>): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** A record as one line, without its kind, request and time. */
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
      return `${record.n}  the socket is full, ${record.buffered} bytes wait`;
    case 'upstream':
      return record.state === 'delta'
        ? `${record.n}  ${record.text}`
        : `${record.state} ${record.text}`.trim();
    case 'client-gone':
      return 'the client has gone';
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
