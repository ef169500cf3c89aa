/** A question that components ask the host: declared once, as a constant, next to the hook that asks it. */
export interface HostQuery<Params, Data> {
  /**
   * Asks the host.
   *
   * @param before the last answer of the same scope, for answers that only add to it; null for none
   */
  readonly ask: (params: Params, before: Data | null) => Promise<Data>;
  /**
   * What an answer is about, as a rule the capture. Within a scope the last answer is shown until the next one comes; an
   * answer of another scope never is.
   */
  readonly scope: (params: Params) => string;
  /** Minimum time between two requests, in ms, for answers that are expensive for the host. Default: 0. */
  readonly pace?: number;
  /** Whether the answer contains everything that the host has. If not, the next request follows at once. */
  readonly isWhole?: (data: Data) => boolean;
  /** Keeps the last answer when no component shows it any more, until that of another scope is kept. */
  readonly retain?: boolean;
}

/** What is wanted of a query now. */
export interface Wanted {
  /** The params as JSON: equal params are the same question. */
  readonly key: string;
  /** Changes whenever the host may answer the same question differently: it is asked again then. */
  readonly revision: string;
  /** Asks nothing for now; the last answer stays. */
  readonly paused: boolean;
}

/** How the last request ended. */
export interface LastAnswer<Data> {
  /** The question that it was for, see `Wanted`. */
  readonly key: string;
  /** The last answer, which after a failure may be to another question; null for none. */
  readonly data: Data | null;
  readonly failure: { readonly reason: unknown } | null;
}

/** The queries that components ask one host. */
export class HostQueries {
  readonly #byQuery = new Map<object, QueryRuns>();

  /** The query as it runs for a scope. It asks nothing before a component subscribes to it. */
  running<Params, Data>(query: HostQuery<Params, Data>, scope: string): RunningQuery<Params, Data> {
    let runs = this.#byQuery.get(query);
    if (runs === undefined) {
      runs = { byScope: new Map(), askedAt: Number.NEGATIVE_INFINITY };
      this.#byQuery.set(query, runs);
    }
    const found = runs.byScope.get(scope) as RunningQuery<Params, Data> | undefined;
    return found ?? new RunningQuery(query, scope, runs);
  }
}

/** What the scopes of one query share. */
interface QueryRuns {
  /** Those that components show, and the one that is retained. */
  readonly byScope: Map<string, { readonly isShown: boolean }>;
  /** When the host was last asked, by the clock of `performance.now`. */
  askedAt: number;
}

/**
 * One query about one scope. It sends one request at a time; of the questions wanted meanwhile, only the newest is asked
 * next, so that a fast stream does not overload the host.
 */
export class RunningQuery<Params, Data> {
  readonly #query: HostQuery<Params, Data>;
  readonly #scope: string;
  readonly #runs: QueryRuns;
  readonly #listeners = new Set<() => void>();
  #last: LastAnswer<Data> | null = null;
  /** The revision that `#last` is for; null where there is more to ask. */
  #revision: string | null = null;
  #wanted: Wanted | null = null;
  /** Identifies the requests in progress; replaced when their answers no longer count. */
  #asking: object | null = null;

  constructor(query: HostQuery<Params, Data>, scope: string, runs: QueryRuns) {
    this.#query = query;
    this.#scope = scope;
    this.#runs = runs;
    runs.byScope.set(scope, this);
  }

  get isShown(): boolean {
    return this.#listeners.size > 0;
  }

  /** How the last request ended: another object after each. Null before the first. */
  readonly last = (): LastAnswer<Data> | null => this.#last;

  /** Calls `listener` after each request. When the last listener is removed, the request in progress is dropped. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#runs.byScope.set(this.#scope, this);
    return () => {
      this.#listeners.delete(listener);
      if (!this.isShown) this.#stop();
    };
  };

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    if (this.#asking !== null || this.#next() === null) return;
    this.#asking = {};
    void this.#ask(this.#asking);
  }

  #stop(): void {
    const { byScope } = this.#runs;
    this.#wanted = null;
    this.#asking = null;
    // After a failure the next component asks again.
    if (this.#query.retain === true && this.#last?.failure === null) {
      for (const [scope, other] of byScope) if (other !== this && !other.isShown) byScope.delete(scope);
      return;
    }
    this.#last = null;
    this.#revision = null;
    if (byScope.get(this.#scope) === this) byScope.delete(this.#scope);
  }

  /** The next question; null if the last answer is the wanted one. */
  #next(): Wanted | null {
    const wanted = this.#wanted;
    if (wanted === null || wanted.paused) return null;
    return this.#last?.key === wanted.key && this.#revision === wanted.revision ? null : wanted;
  }

  async #ask(asking: object): Promise<void> {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const pause = this.#runs.askedAt + (this.#query.pace ?? 0) - performance.now();
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      else {
        this.#runs.askedAt = performance.now();
        const params = JSON.parse(next.key) as Params;
        const [outcome] = await Promise.allSettled([this.#query.ask(params, this.#last?.data ?? null)]);
        if (this.#asking === asking) this.#settle(next, outcome);
      }
      if (this.#asking !== asking) return;
    }
    this.#asking = null;
  }

  #settle({ key, revision }: Wanted, outcome: PromiseSettledResult<Data>): void {
    if (outcome.status === 'fulfilled') {
      const data = outcome.value;
      this.#last = { key, data, failure: null };
      this.#revision = this.#query.isWhole?.(data) === false ? null : revision;
    } else {
      this.#last = { key, data: this.#last?.data ?? null, failure: { reason: outcome.reason } };
      this.#revision = revision;
    }
    for (const listener of this.#listeners) listener();
  }
}
