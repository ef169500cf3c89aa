import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabEntry } from '../../lab/lab-log.ts';
import type { Lab } from '../../lab/lab.ts';
import { ladderRequestId } from './ladder-request-id.ts';

/** How the lab did with a client that opened a stream and read nothing. */
export interface SlowReading {
  /** The generator was made to wait. */
  readonly waited: boolean;
  /** Bytes that the response held at its fullest. */
  readonly peakBuffered: number;
  readonly yields: number;
}

/**
 * Opens a path on a bare socket and does not read, until the generator makes no progress or has ended; then hangs up.
 * A socket, because every HTTP client reads ahead.
 */
export async function slowReader(lab: Lab, path: string, signal: AbortSignal): Promise<SlowReading> {
  const id = ladderRequestId();
  const { hostname, port, host } = new URL(lab.origin);
  const url = new URL(path, lab.origin);
  url.searchParams.set('request', id);
  const socket = connect({ host: hostname, port: Number(port), signal });
  socket.on('error', () => {});
  socket.pause();
  const watch = watchRequest(lab, id, signal);
  try {
    await once(socket, 'connect');
    socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    const yields = await yieldsUntilStill(watch.seen, signal);
    const waited = !watch.seen.some(({ kind }) => kind === 'finally');
    socket.destroy();
    const close = await watch.entry((entry) => entry.kind === 'close');
    return { waited, peakBuffered: close.kind === 'close' ? close.peakBuffered : 0, yields };
  } finally {
    socket.destroy();
    watch.stop();
  }
}

/** ms without a yield after which the generator counts as waiting: it pauses for nothing else. */
const stillTime = 120;
/** ms between two looks: several, so that a process that is not run for a while does not take that for stillness. */
const lookTime = 20;

/** Waits while the kernel's buffers fill, and counts the yields until none follows. */
async function yieldsUntilStill(seen: readonly LabEntry[], signal: AbortSignal): Promise<number> {
  let counted = 0;
  for (let still = 0; still < stillTime; still += lookTime) {
    await sleep(lookTime, undefined, { signal });
    const yields = seen.filter(({ kind }) => kind === 'yield').length;
    if (seen.some(({ kind }) => kind === 'finally')) return yields;
    if (yields > counted || yields === 0) still = -lookTime;
    counted = yields;
  }
  return counted;
}

/** The entries of one request, also those that came before they are asked for. */
function watchRequest(lab: Lab, id: string, signal: AbortSignal) {
  const seen: LabEntry[] = [];
  const news = new EventEmitter();
  const stop = lab.log.listen((entry) => {
    if (entry.requestId !== id) return;
    seen.push(entry);
    news.emit('entry');
  });
  const entry = async (fits: (entry: LabEntry) => boolean): Promise<LabEntry> => {
    for (;;) {
      const found = seen.find(fits);
      if (found !== undefined) return found;
      await once(news, 'entry', { signal });
    }
  };
  return { seen, entry, stop };
}
