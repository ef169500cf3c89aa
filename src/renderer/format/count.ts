/** A count with separated thousands: `1,204`. */
export function countText(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A count with its noun: `1 event`, `1,204 events`. */
export function countOf(n: number, noun: string, plural = `${noun}s`): string {
  return `${countText(n)} ${n === 1 ? noun : plural}`;
}

/** A rate with about three digits: `0.4`, `38`, `9,870`. */
export function rateText(n: number): string {
  return n < 9.95 ? String(Number(n.toFixed(1))) : countText(Math.round(n));
}

/** A short count: in full up to four digits, then `10.2k`, `412k`, `1.05M`. */
export function shortCountText(n: number): string {
  if (n < 10_000) return countText(n);
  // Rounded down: there are at least this many.
  if (n < 1_000_000) return `${cut(n / 1000, n < 100_000 ? 1 : 0)}k`;
  if (n < 1_000_000_000) return `${cut(n / 1e6, n < 1e7 ? 2 : n < 1e8 ? 1 : 0)}M`;
  return `${countText(Math.floor(n / 1e9))}G`;
}

function cut(n: number, digits: number): string {
  const power = 10 ** digits;
  return (Math.floor(n * power) / power).toFixed(digits);
}
