import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so, for `time` ms at the most; looks every few. Rejects when `signal` aborts. */
export async function until(isSo: () => boolean, time: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + time;
  while (!isSo() && performance.now() < end) await sleep(2, undefined, { signal });
}
