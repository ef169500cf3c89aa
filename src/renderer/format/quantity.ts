/** What an axis counts: milliseconds, or bytes of the body where a capture has no times. */
export type AxisUnit = 'ms' | 'bytes';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * A quantity with about three significant digits: `0.4 ms`, `612 ms`, `1.13 s`, `2 min 5 s`,
 * `1 h 3 min`; `17 B`, `24.9 kB`, `1.2 MB`.
 */
export function quantityText(value: number, unit: AxisUnit): string {
  return unit === 'ms' ? durationText(value) : bytesText(value);
}

function durationText(ms: number): string {
  if (ms < 999.5) return `${trimmed(ms, ms < 9.95 ? 1 : 0)} ms`;
  if (ms < 9_995) return `${trimmed(ms / 1000, 2)} s`;
  if (ms < 59_950) return `${trimmed(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(ms / MINUTE);
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

function bytesText(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 999_500) return `${trimmed(bytes / 1e3, bytes < 99_950 ? 1 : 0)} kB`;
  if (bytes < 999_500_000) return `${trimmed(bytes / 1e6, bytes < 99_950_000 ? 1 : 0)} MB`;
  return `${trimmed(bytes / 1e9, 2)} GB`;
}

function trimmed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * A position on the axis, precise to `step` (the distance of two positions that must differ in text). Positions up to
 * two minutes are in ms or seconds, later ones as a clock: `2:30`, `1:02:30`.
 *
 * @param largest the largest position on the same axis, so that all labels have the same form
 */
export function positionText(value: number, step: number, largest: number, unit: AxisUnit): string {
  if (unit === 'bytes') {
    const [size, name] =
      largest < 10_000 ? [1, 'B'] : largest < 1e7 ? [1e3, 'kB'] : largest < 1e10 ? [1e6, 'MB'] : [1e9, 'GB'];
    return `${(value / size).toFixed(decimals(step / size))} ${name}`;
  }
  if (largest < 1000) return `${value.toFixed(decimals(step))} ms`;
  if (largest < 2 * MINUTE) return `${(value / 1000).toFixed(decimals(step / 1000))} s`;
  return clockText(value, step, largest);
}

function clockText(ms: number, step: number, largest: number): string {
  const digits = decimals(step / 1000);
  if (step % HOUR === 0) return `${Math.round(ms / HOUR)} h`;
  if (step % MINUTE === 0 && largest < HOUR) return `${Math.round(ms / MINUTE)} min`;
  // Rounded before splitting, so that 59.996 s does not become "0:60.00".
  const units = Math.round((ms / 1000) * 10 ** digits);
  const seconds = units / 10 ** digits;
  const whole = Math.floor(seconds / 60);
  const rest = (seconds - whole * 60).toFixed(digits).padStart(digits === 0 ? 2 : 3 + digits, '0');
  if (largest < HOUR) return `${whole}:${rest}`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}:${rest}`;
}

/** Decimals needed to show two values that differ by `step` differently; at most 6. */
function decimals(step: number): number {
  // The small term undoes the error of dividing by a power of ten: 0.001 must need 3, not 4.
  return step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9));
}
