/** "1 event", "3 events". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time as people read it: "under 1 ms", "84 ms", "3.06 s", "75 s". */
export function duration(ms: number): string {
  if (ms < 1) return 'under 1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 9950 ? 2 : ms < 99_500 ? 1 : 0)} s`;
}

/** "at once", "within 84 ms". */
export function within(ms: number): string {
  return ms < 1 ? 'at once' : `within ${duration(ms)}`;
}

/** "4096 bytes", "34 KiB". */
export function size(bytes: number): string {
  return bytes < 8192 ? plural(Math.round(bytes), 'byte') : `${Math.round(bytes / 1024)} KiB`;
}
