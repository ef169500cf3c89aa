/**
 * Where a server's clock stands against the client's, estimated from one-way times only. What was sent at server time `s` and
 * arrived at client time `c` took `c − s − offset` ≥ 0 ms, so the offset is at most `c − s`; what a server did at `s` for a
 * request that left at `c` came after it, so the offset is at least `c − s`. The fastest arrival and the latest
 * request bound it from both sides, as in a one-way NTP filter (RFC 5905 §10 keeps the sample with the least delay).
 */
export class ServerClock {
  #least = Number.NEGATIVE_INFINITY;
  #most = Number.POSITIVE_INFINITY;

  /** Something that the server did at `serverTime` arrived at `clientTime`, both in ms. */
  arrived(serverTime: number, clientTime: number): void {
    this.#most = Math.min(this.#most, clientTime - serverTime);
  }

  /** The server did something at `serverTime` for a request that left at `clientTime`, both in ms. */
  followed(serverTime: number, clientTime: number): void {
    this.#least = Math.max(this.#least, clientTime - serverTime);
  }

  /** Takes in what is known of the same clock from another stream. */
  add(other: ServerClock): void {
    this.#least = Math.max(this.#least, other.#least);
    this.#most = Math.min(this.#most, other.#most);
  }

  /**
   * To be added to the server's time to have the client's, ms; null before anything arrived. The largest there can
   * be, so that the fastest arrival took no time at all: every delay is at least what it gives.
   */
  get offset(): number | null {
    return Number.isFinite(this.#most) ? this.#most : null;
  }

  /** How much longer than shown every delay may have been, ms; null where nothing bounds it. */
  get uncertainty(): number | null {
    const width = this.#most - this.#least;
    return Number.isFinite(width) ? Math.max(0, width) : null;
  }

  /** False where what arrived cannot all be of one clock: it was set meanwhile, or there are several servers. */
  get isConsistent(): boolean {
    return this.#least <= this.#most + clockResolution;
  }
}

/** Clocks are written in whole ms by many servers: what is left off makes a yield seem up to that much earlier. */
const clockResolution = 1;
