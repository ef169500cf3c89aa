/**
 * The first index in [from, to) for which `after` holds, or `to`. `after` must be false up to some index and true from
 * there on.
 */
export function firstIndex(from: number, to: number, after: (index: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (after(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
