/** Leading digits at which the end of a growing axis stands still for a while. */
const STOPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * End of the axis while a stream runs. It grows in steps and not with every chunk, so that marks stay where they are
 * between two steps and the eye can follow.
 *
 * @param newest position of the newest record: ms, or bytes
 */
export function liveEnd(newest: number): number {
  const wanted = Math.max(newest * 1.03, 1000);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const stop = STOPS.find((factor) => factor * power >= wanted) ?? 10;
  return stop * power;
}

/** End of the axis once a stream has ended: a little room, so that the last mark is not at the edge. */
export function restEnd(newest: number): number {
  return newest > 0 ? newest * 1.02 : 1;
}
