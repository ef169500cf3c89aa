/** A count with its thousands set apart: `1,204`. */
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
