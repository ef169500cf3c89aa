/**
 * Asks for the newest of what is wanted, one request at a time: while one is under way only the last wish is kept, so
 * a picture that changes faster than its host answers costs the host no more than it can give.
 */
export class LatestRequest<Params, Result> {
  readonly #ask: (params: Params) => Promise<Result>;
  readonly #settled: (params: Params, outcome: PromiseSettledResult<Result>) => void;
  #wanted: { readonly params: Params } | null = null;
  #busy = false;
  #closed = false;

  /** @param settled called for every request that was made, in order, until `close` */
  constructor(
    ask: (params: Params) => Promise<Result>,
    settled: (params: Params, outcome: PromiseSettledResult<Result>) => void,
  ) {
    this.#ask = ask;
    this.#settled = settled;
  }

  want(params: Params): void {
    this.#wanted = { params };
    if (!this.#busy) void this.#run();
  }

  /** Drops what is wanted and under way. */
  close(): void {
    this.#closed = true;
    this.#wanted = null;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#wanted !== null) {
      const { params } = this.#wanted;
      this.#wanted = null;
      const [outcome] = await Promise.allSettled([this.#ask(params)]);
      if (this.#closed) return;
      this.#settled(params, outcome);
    }
    this.#busy = false;
  }
}
