import { setTimeout as sleep } from 'node:timers/promises';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * Waits `ms` milliseconds, and then until the sockets have had their turn: a process that was held up for longer
 * than the pause would otherwise run several timers before it reads a single byte. Rejects when `signal` aborts.
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal });
  await turn(undefined, { signal });
  await turn(undefined, { signal });
}
