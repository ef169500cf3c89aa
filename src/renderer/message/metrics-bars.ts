/** Minimum width of a bar, px. */
const THINNEST = 3;
/** Moving window for rates, ms: a shorter one would show only single tokens. */
const WINDOW_MS = 1000;

/** Rates per second from counts per bin, each over the second before the bin's end. Takes linear time. */
export function perSecond(counts: readonly number[], binMs: number): readonly number[] {
  const bins = Math.max(1, Math.round(WINDOW_MS / binMs));
  let sum = 0;
  return counts.map((count, n) => {
    sum += count - (n >= bins ? (counts[n - bins] ?? 0) : 0);
    // At the beginning, less than a second has passed.
    return (sum * 1000) / (Math.min(bins, n + 1) * binMs);
  });
}

/** Heights of bars for a plot. If there are too many values, each bar shows the greatest of several. */
export function barHeights(values: readonly number[], width: number, height: number): readonly number[] {
  const together = Math.max(1, Math.ceil((values.length * THINNEST) / width));
  const bars = Array.from({ length: Math.ceil(values.length / together) }, (_, n) =>
    values.slice(n * together, (n + 1) * together).reduce((a, b) => Math.max(a, b), 0),
  );
  const most = bars.reduce((a, b) => Math.max(a, b), 0);
  return bars.map((value) => (value <= 0 || most === 0 ? 0 : Math.max(1, (value / most) * height)));
}
