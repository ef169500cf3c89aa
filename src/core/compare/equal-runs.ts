/** The most steps per entry; then the rest stays unchanged. */
const STEPS = 32;
/** Passes over all entries: the place of one depends on its neighbours. */
const ROUNDS = 3;
/** Square milliseconds per pair by which another place must be better: less is noise of the clock. */
const LEAST_GAIN = 1e-3;

/**
 * Decides by time which of several equal entries has no partner: if one of fifty heartbeats is missing, content cannot
 * show which. It is the one without which the delays of the others vary least. Changes `partners`; the number of pairs
 * stays.
 *
 * @param keys equal entries have equal numbers
 * @param partners per entry its partner in the other stream, or -1; ascending
 * @param at time of each entry, ms; NaN if not known
 * @param otherAt time of each entry of the other stream
 */
export function placeByTime(
  keys: ArrayLike<number>,
  partners: Int32Array,
  at: ArrayLike<number>,
  otherAt: ArrayLike<number>,
): void {
  let steps = STEPS * partners.length;
  for (let round = 0; round < ROUNDS; round++) {
    let hasMoved = false;
    for (let entry = 0; entry < partners.length && steps > 0; entry++) {
      if (partners[entry] !== -1) continue;
      const isAlike = (other: number): boolean => keys[other] === keys[entry] && partners[other] !== -1;
      let from = entry;
      while (from > 0 && isAlike(from - 1)) from--;
      let to = entry + 1;
      while (to < partners.length && isAlike(to)) to++;
      steps -= to - from;
      const place = from + bestPlace(partners, at, otherAt, from, entry, to);
      if (place === entry) continue;
      hasMoved = true;
      const step = place < entry ? -1 : 1;
      for (let n = entry; n !== place; n += step) partners[n] = partners[n + step] as number;
      partners[place] = -1;
      // To the right it would be visited again in this pass.
      entry = Math.max(entry, place);
    }
    if (!hasMoved) return;
  }
}

/** The best place in [from, to) for the entry without a partner, from `from`; its current place unless another is better. */
function bestPlace(
  partners: Int32Array,
  at: ArrayLike<number>,
  otherAt: ArrayLike<number>,
  from: number,
  alone: number,
  to: number,
): number {
  const count = to - from - 1;
  const others: number[] = [];
  for (let n = from; n < to; n++) if (n !== alone) others.push(otherAt[partners[n] as number] as number);
  // Relative to the first delay, so that squares stay small.
  const base = (others[0] as number) - (at[from] as number);
  const delay = (pair: number, shift: number): number =>
    (others[pair] as number) - (at[from + pair + shift] as number) - base;
  let [sum, squares] = [0, 0];
  for (let pair = 0; pair < count; pair++) {
    sum += delay(pair, 1);
    squares += delay(pair, 1) ** 2;
  }
  let best = Number.POSITIVE_INFINITY;
  const present = alone - from;
  let presentVariance = Number.POSITIVE_INFINITY;
  let place = present;
  for (let p = 0; p <= count; p++) {
    const variance = squares - sum ** 2 / Math.max(1, count);
    if (p === present) presentVariance = variance;
    if (variance < best) {
      best = variance;
      place = p;
    }
    if (p < count) {
      sum += delay(p, 0) - delay(p, 1);
      squares += delay(p, 0) ** 2 - delay(p, 1) ** 2;
    }
  }
  return best < presentVariance - LEAST_GAIN * count ? place : present;
}
