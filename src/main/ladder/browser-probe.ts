/** What a page is to open: the same stream twice, under two ids, so that the two can be told apart in the log. */
export interface ProbeTask {
  readonly eventSourceUrl: string;
  readonly fetchUrl: string;
  /** Events after which the page closes its EventSource, which would reconnect for ever. */
  readonly events: number;
  /** Event types to listen for beside `message`. */
  readonly types?: readonly string[];
  /** ms after which the page reports what it has. */
  readonly patience: number;
}

/** What a page saw. Times are ms since the epoch, with a fraction, by the page's monotonic clock. */
export interface ProbeReport {
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
export interface BrowserProbe {
  /** What it is, for a reader: "Chromium 130 (this application)". */
  readonly name: string;
  /**
   * Opens a page, lets it do the task, closes it. `allowOrigin` is called with the page's origin before it opens
   * anything. Rejects where no page could be opened, or `signal` aborts.
   */
  probe(task: ProbeTask, allowOrigin: (origin: string) => void, signal: AbortSignal): Promise<ProbeReport>;
}
