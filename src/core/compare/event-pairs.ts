/**
 * How similar the events of a pair are.
 * - `exact`: same type, same data.
 * - `content`: the same, except for what differs between requests, and order and spacing of JSON.
 * - `text`: the same part of a model's text, cut differently: several events of one stream can be paired with one of
 * the other.
 */
export type PairLevel = 'exact' | 'content' | 'text';

/** Levels by their number in `EventPairs.level`. */
export const pairLevels: readonly PairLevel[] = ['exact', 'content', 'text'];

/** Pairs of matching events, as parallel columns in order of A, then of B. */
export interface EventPairs {
  readonly count: number;
  /** `seq` of the events. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Index in `pairLevels`. */
  readonly level: Uint8Array;
  /** Time in B minus time in A, each from its own request, ms; NaN if a capture has no times. */
  readonly delay: Float64Array;
}
