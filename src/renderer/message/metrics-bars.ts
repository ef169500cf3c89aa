/** Width of a bar that can still be told from its neighbours, px. */
const THINNEST = 3;
/** A moving window for rates, ms: shorter ones show nothing but single tokens. */
const WINDOW_MS = 1000;

/** Rates per second from counts per bin, over the second before each bin's end. Linear. */
export function perSecond(counts: readonly number[], binMs: number): readonly number[] {
  const bins = Math.max(1, Math.round(WINDOW_MS / binMs));
  let sum = 0;
  return counts.map((count, n) => {
    sum += count - (n >= bins ? (counts[n - bins] ?? 0) : 0);
    // At the beginning there is less than a second to look back on.
    return (sum * 1000) / (Math.min(bins, n + 1) * binMs);
  });
}

/** Heights of bars for a plot: values that are too many are put together by their greatest. */
export function barHeights(values: readonly number[], width: number, height: number): readonly number[] {
  const together = Math.max(1, Math.ceil((values.length * THINNEST) / width));
  const bars = Array.from({ length: Math.ceil(values.length / together) }, (_, n) =>
    values.slice(n * together, (n + 1) * together).reduce((a, b) => Math.max(a, b), 0),
  );
  const most = bars.reduce((a, b) => Math.max(a, b), 0);
  return bars.map((value) => (value <= 0 || most === 0 ? 0 : Math.max(1, (value / most) * height)));
}
