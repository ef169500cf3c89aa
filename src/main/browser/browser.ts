import type { HeaderList } from '../../core/headers.ts';

/** What a page is to open: the same stream twice, under two ids where they are to be told apart in the lab's log. */
export interface PageTask {
  /** Null where EventSource is not to open anything. */
  readonly eventSourceUrl: string | null;
  readonly fetchUrl: string;
  /** What fetch() sends beside the URL; absent for a plain GET. EventSource can send none of it. */
  readonly request?: { readonly method: string; readonly headers: HeaderList; readonly body: string | null };
  /** Events after which the page closes its EventSource, which would reconnect for ever. */
  readonly events: number;
  /** Event types to listen for beside `message`. */
  readonly types?: readonly string[];
  /** ms after which the page reports what it has; null for never. */
  readonly timeout: number | null;
}

/** A task as the page's script gets it: with every member. */
export interface PageScriptTask extends Required<PageTask> {
  /** The page sends `PageObservation`s while the streams run. */
  readonly isWatched: boolean;
}

/**
 * One thing that a page saw, told while the streams run. `at` is ms since the epoch, with a fraction, by the page's
 * monotonic clock.
 */
export type PageObservation =
  /** The page runs, and asks next. */
  | { readonly kind: 'began'; readonly at: number }
  /** Header fields that the browser does not let a page send. */
  | { readonly kind: 'left-out'; readonly at: number; readonly names: readonly string[] }
  | {
      readonly kind: 'response';
      readonly at: number;
      readonly status: number;
      /** Those that a page may read. */
      readonly headers: HeaderList;
      /** The URL that answered, null where it is the one that was asked. */
      readonly url: string | null;
    }
  | { readonly kind: 'chunk'; readonly at: number; readonly base64: string }
  /** fetch() is done: the body is over, or `error`. */
  | { readonly kind: 'fetch-end'; readonly at: number; readonly error: string | null }
  /** The page's own policy kept it from connecting. */
  | { readonly kind: 'blocked'; readonly at: number }
  | { readonly kind: 'source-open'; readonly at: number }
  | {
      readonly kind: 'source-event';
      readonly at: number;
      readonly type: string;
      readonly lastEventId: string;
      /** Of its data, in UTF-16 code units. */
      readonly length: number;
    }
  /** EventSource is done. `refused`: for good, where it would otherwise try again. */
  | {
      readonly kind: 'source-end';
      readonly at: number;
      readonly error: string | null;
      readonly refused: boolean;
      /** It had a response that it accepted. */
      readonly opened: boolean;
      /** Events that it dispatched. */
      readonly events: number;
    };

/** Takes what a page sees. The page reads on when the promise settles. */
export type PageObserver = (observations: readonly PageObservation[]) => Promise<void> | void;

/** What a page saw. Times are ms since the epoch, with a fraction, by the page's monotonic clock. */
export interface PageReport {
  readonly userAgent: string;
  readonly origin: string;
  readonly eventSource: {
    readonly began: number;
    readonly opened: number | null;
    readonly events: readonly {
      readonly at: number;
      readonly type: string;
      readonly data: string;
      readonly lastEventId: string;
    }[];
    /** Why it did not get that far, as the page can know it. */
    readonly error: string | null;
  };
  readonly fetch: {
    readonly began: number;
    readonly status: number | null;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly chunks: readonly { readonly at: number; readonly base64: string }[];
    readonly ended: number;
    readonly error: string | null;
  };
}

/** A real Chromium page that opens streams and reports. */
export interface Browser {
  /** What it is, for a reader: "Chromium 130 (this application)". */
  readonly name: string;
  /**
   * Opens a page, lets it do the task, closes it. `allowOrigin` is called with the page's origin before it opens
   * anything. Rejects where no page could be opened, or `signal` aborts. With `watch` the page tells what it sees at
   * once, and its report holds no chunks and no events: a stream without end needs no memory.
   */
  run(
    task: PageTask,
    allowOrigin: (origin: string) => void,
    signal: AbortSignal,
    watch?: PageObserver,
  ): Promise<PageReport>;
}
