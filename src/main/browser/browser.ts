import type { HeaderList } from '../../core/headers.ts';

/** What a page opens: the same stream twice, with different ids to tell them apart in the lab's log. */
export interface PageTask {
  /** Null if EventSource is not used. */
  readonly eventSourceUrl: string | null;
  readonly fetchUrl: string;
  /** Method, header fields and body for fetch(); absent for a plain GET. EventSource cannot send them. */
  readonly request?: { readonly method: string; readonly headers: HeaderList; readonly body: string | null };
  /** Number of events after which the page closes its EventSource, which would otherwise reconnect. */
  readonly events: number;
  /** Event types to listen for in addition to `message`. */
  readonly types?: readonly string[];
  /** ms after which the page sends its report; null for never. */
  readonly timeout: number | null;
}

/** A task with all members, as the page's script receives it. */
export interface PageScriptTask extends Required<PageTask> {
  /** Whether the page sends `PageObservation`s while the streams run. */
  readonly isWatched: boolean;
}

/**
 * One observation of a page, sent while the streams run. `at` is ms since the epoch, with a fraction, by the page's
 * monotonic clock.
 */
export type PageObservation =
  /** The page is running, and sends its requests next. */
  | { readonly kind: 'began'; readonly at: number }
  /** Header fields that the browser does not let a page send. */
  | { readonly kind: 'left-out'; readonly at: number; readonly names: readonly string[] }
  | {
      readonly kind: 'response';
      readonly at: number;
      readonly status: number;
      /** Only those that a page may read. */
      readonly headers: HeaderList;
      /** The final URL after redirects; null if there were none. */
      readonly url: string | null;
    }
  | { readonly kind: 'chunk'; readonly at: number; readonly base64: string }
  /** fetch() is done: the body has ended, or `error`. */
  | { readonly kind: 'fetch-end'; readonly at: number; readonly error: string | null }
  /** The page's own content security policy blocked a connection. */
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
  /** EventSource is done. `refused`: it failed permanently; otherwise it would reconnect. */
  | {
      readonly kind: 'source-end';
      readonly at: number;
      readonly error: string | null;
      readonly refused: boolean;
      /** It received a valid response. */
      readonly opened: boolean;
      /** Events that it dispatched. */
      readonly events: number;
    };

/** Receives observations. The page pauses reading until the promise settles. */
export type PageObserver = (observations: readonly PageObservation[]) => Promise<void> | void;

/** The report of a page. Times are ms since the epoch, with a fraction, by the page's monotonic clock. */
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
    /** What went wrong, as far as a page can know. */
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

/** A real Chromium that opens streams in a page and reports. */
export interface Browser {
  /** Description for the user: "Chromium 130 (this application)". */
  readonly name: string;
  /**
   * Opens a page, runs the task, and closes the page. Calls `allowOrigin` with the page's origin before the page
   * connects. Rejects if no page can be opened, or if `signal` is aborted. With `watch`, the page sends its
   * observations at once, and its report contains no chunks and events, so that an endless stream needs no memory.
   */
  run(
    task: PageTask,
    allowOrigin: (origin: string) => void,
    signal: AbortSignal,
    watch?: PageObserver,
  ): Promise<PageReport>;
}
