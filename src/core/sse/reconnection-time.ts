/**
 * The reconnection time that a `retry` value sets, in ms, at most the largest integer that JSON holds exactly; null if
 * the value is invalid.
 * [spec] "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten, and set
 * the event stream's reconnection time to that integer. Otherwise, ignore the field."
 */
export function reconnectionTime(value: string): number | null {
  return /^[0-9]+$/.test(value) ? Math.min(Number(value), Number.MAX_SAFE_INTEGER) : null;
}
