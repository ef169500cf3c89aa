import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabEntry } from '../../lab/lab-log.ts';
import type { Lab } from '../../lab/lab.ts';
import { ladderRequestId } from './ladder-request-id.ts';

/** How the lab treated a client that opened a stream and did not read. */
export interface SlowReading {
  /** Whether the generator had to wait. */
  readonly waited: boolean;
  /** The largest number of bytes in the response's buffer. */
  readonly peakBuffered: number;
  readonly yields: number;
}

/**
 * Opens a path without reading, until the generator waits or has ended. Then closes the connection. Uses a socket, since
 * HTTP clients read ahead.
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

/** The generator counts as waiting after this time without a yield, ms. */
const stillTime = 120;
/** Time between two looks, ms. Several are needed, so that a pause of this process does not count. */
const lookTime = 20;

/** Counts the yields until none follows, which is when all buffers are full. */
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

/** Collects the log entries of one request. */
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
