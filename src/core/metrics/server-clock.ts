/**
 * The offset between a server's clock and the client's, estimated from one-way times. Data sent at server time `s` that
 * arrived at client time `c` took `c − s − offset` ≥ 0 ms, so the offset is at most `c − s`. What the server did at `s`
 * for a request sent at `c` came later, so the offset is at least `c − s`. The fastest arrival and the latest request
 * are the two bounds, as in a one-way NTP filter (RFC 5905 §10 keeps the sample with the least delay).
 */
export class ServerClock {
  #least = Number.NEGATIVE_INFINITY;
  #most = Number.POSITIVE_INFINITY;

  /** Data sent at `serverTime` arrived at `clientTime`, both in ms. */
  arrived(serverTime: number, clientTime: number): void {
    this.#most = Math.min(this.#most, clientTime - serverTime);
  }

  /** The server acted at `serverTime` for a request sent at `clientTime`, both in ms. */
  followed(serverTime: number, clientTime: number): void {
    this.#least = Math.max(this.#least, clientTime - serverTime);
  }

  /** Adds the bounds of the same clock from another stream. */
  add(other: ServerClock): void {
    this.#least = Math.max(this.#least, other.#least);
    this.#most = Math.min(this.#most, other.#most);
  }

  /**
   * Server time plus offset is client time, in ms; null before any arrival. It is the upper bound, at which the fastest
   * arrival took no time: real delays are at least those computed with it.
   */
  get offset(): number | null {
    return Number.isFinite(this.#most) ? this.#most : null;
  }

  /** By how many ms every delay may be longer than computed; null without a bound. */
  get uncertainty(): number | null {
    const width = this.#most - this.#least;
    return Number.isFinite(width) ? Math.max(0, width) : null;
  }

  /** False if the bounds contradict each other: the clock was set, or there are several servers. */
  get isConsistent(): boolean {
    return this.#least <= this.#most + clockResolution;
  }
}

/** Many servers write whole ms: rounding down makes a yield look earlier by up to this. */
const clockResolution = 1;
