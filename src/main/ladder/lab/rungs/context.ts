import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { startLab } from '../../../lab/lab.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import { slowReader } from '../slow-reader.ts';
import { eventsOf, evidence, ms } from '../../received-stream.ts';
import { checkAllComplete, checkEnd } from '../../stream-checks.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';
import type { LabStream } from '../lab-stream.ts';

/** Number of parallel streams. */
const concurrent = 50;
/** Time in which an abort must reach the model, ms. */
const abortTime = 1000;
/** Maximum buffer of a response to a client that does not read, bytes: Node's limit and some events. */
const mostBuffered = 512 * 1024;

/** Rung 7: every yield sees the context of its request, and nothing stays open. */
export const contextRung: LabRung = {
  rung: 7,
  proves: 'The context of a request survives the whole stream, and nothing stays open.',
  idea:
    'The generator runs inside AsyncLocalStorage, so that every yield, log line and upstream call sees its request. ' +
    'When the client disconnects, the request’s abort signal ends the generator and the upstream call. A full socket makes both wait.',

  async climb(climb: LabClimb): Promise<undefined> {
    const { log } = climb.setting.lab;
    const warnings: string[] = [];
    const open = { streams: 0, calls: 0 };
    const warn = (warning: Error): void => void warnings.push(warning.message);
    const stopListening = log.listen((entry) => {
      if (!climb.requests.has(entry.requestId ?? '')) return;
      if (entry.kind === 'line' && entry.level === 'warning') warnings.push(entry.text);
      if (entry.kind === 'request') open.streams++;
      if (entry.kind === 'close') open.streams--;
      if (entry.kind === 'upstream' && entry.state !== 'delta') open.calls += entry.state === 'open' ? 1 : -1;
    });
    process.on('warning', warn);
    try {
      await checkOne(climb);
      await checkContexts(climb);
      await checkAbort(climb);
      await checkSlowReader(climb);
      await checkNothingLeft(climb, open);
      await checkShutdown(climb);
      // Process warnings are emitted in a later turn.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', warn);
      stopListening();
    }
    climb.check('no-warnings', 'Neither the log nor the process has a warning.', warnings.length === 0, [
      evidence(null, warnings.length === 0 ? 'no warning' : warnings.slice(0, 3).join('; ')),
    ]);
  },
};

/** Records one stream to look at. */
async function checkOne(climb: LabClimb): Promise<void> {
  const stream = await climb.record(
    'One stream over an upstream call',
    climb.path('/stages/context', { source: 'model', delay: 5 }),
  );
  checkEnd(climb, stream);
}

/** Checks that every yield and log entry sees its own request while many run in parallel. */
async function checkContexts(climb: LabClimb): Promise<void> {
  const streams = await inParallel(Array.from({ length: concurrent }), concurrent, async (_, n) => {
    const source = n % 2 === 0 ? 'steps' : 'model';
    return climb.open(climb.path('/stages/context', { source, count: 10, delay: 3 + (n % 5) }));
  });
  const wrong: CheckEvidence[] = [];
  let yields = 0;
  let entries = 0;
  for (const stream of streams) {
    for (const { seq, data } of eventsOf(stream)) {
      yields++;
      const context = contextOf(data);
      if (context === stream.id) continue;
      wrong.push(
        evidence(stream, `yield ${seq} of ${stream.id} saw ${context ?? 'no context'}`, {
          kind: 'event',
          seq: seq ?? 0,
        }),
      );
    }
    for (const entry of stream.entries) {
      entries++;
      if (entry.contextId === entry.requestId) continue;
      wrong.push(
        evidence(stream, `"${entry.kind}" of ${stream.id} was logged in ${entry.contextId ?? 'no context'}`),
      );
    }
    if (!eventsOf(stream).some(({ data }) => data.includes('"upstream"'))) continue;
    // The id of the upstream request comes from the context of the call.
    if (stream.entries.some(({ requestId }) => requestId === `${stream.id}.upstream`)) continue;
    wrong.push(evidence(stream, `the upstream call of ${stream.id} did not carry its id`));
  }
  climb.check(
    'context-everywhere',
    'Every yield, log line and upstream call sees its own request.',
    wrong.length === 0,
    [
      evidence(
        null,
        `${concurrent} parallel streams: ${yields} yields and ${entries} log entries, ${wrong.length} of them wrong`,
      ),
      ...wrong.slice(0, 5),
    ],
  );
  const unfinished = streams.filter(({ end }) => end.reason !== 'complete');
  checkAllComplete(climb, unfinished, streams.length);
}

/** Checks that when the client disconnects, the generator ends and the call to the model is aborted. */
async function checkAbort(climb: LabClimb): Promise<void> {
  const { log } = climb.setting.lab;
  // The model is silent for longer than the check waits, so only the abort can end the call.
  const path = climb.path('/stages/context', { source: 'model', delay: abortTime * 3 });
  const stream = await climb.record('Stopped after its first events', path, {
    onRecord: (record, stop) => {
      if (record.kind === 'chunk' && Buffer.from(record.bytes).includes('"upstream"')) stop();
    },
  });
  const at = (id: string, kind: 'client-gone' | 'finally'): number | null =>
    log.entries(id).find((entry) => entry.kind === kind)?.at ?? null;
  const gone = at(stream.id, 'client-gone');
  await until(() => at(`${stream.id}.upstream`, 'client-gone') !== null, abortTime, climb.setting.signal);
  const upstreamGone = at(`${stream.id}.upstream`, 'client-gone');
  const ended = at(stream.id, 'finally');
  const took = gone === null || upstreamGone === null ? null : upstreamGone - gone;
  climb.check(
    'abort-reaches-upstream',
    'When the client disconnects, the call to the model is aborted.',
    took !== null,
    [
      evidence(
        stream,
        took === null
          ? `${abortTime} ms after the client disconnected (${stream.end.reason}), the call to the model was still open`
          : `the model’s server noticed ${ms(took)} after the lab`,
      ),
    ],
  );
  const context = log.entries(stream.id).find(({ kind }) => kind === 'client-gone')?.contextId ?? null;
  climb.check(
    'finally-runs',
    'The generator’s finally runs, and the close handler sees the context of the request.',
    ended !== null && context === stream.id,
    [
      evidence(
        stream,
        ended === null || gone === null
          ? `it did not run: the lab logged ${stream.entries
              .map(({ kind }) => kind)
              .join(', ')
              .slice(-200)}`
          : `it ran ${ms(ended - gone)} after the client disconnected`,
      ),
      evidence(stream, `the close handler saw ${context ?? 'no context'}`),
    ],
  );
}

/** Checks that a client that does not read makes the generator wait, with bounded memory. */
async function checkSlowReader(climb: LabClimb): Promise<void> {
  const { lab, signal } = climb.setting;
  const path = climb.path('/stages/context', { size: 128 * 1024, count: 400, delay: 0 });
  const { waited, peakBuffered, yields } = await slowReader(lab, path, signal);
  const passed = waited && peakBuffered <= mostBuffered;
  climb.check('slow-reader-is-waited-for', 'A client that does not read makes the generator wait.', passed, [
    evidence(
      null,
      `${yields} of 400 events of 128 KiB were yielded ${waited ? 'before the generator waited' : 'without a wait'}; ` +
        `the response held ${Math.round(peakBuffered / 1024)} KiB at most`,
    ),
  ]);
}

/** Checks that all streams and calls of this rung have ended. Counts log entries, since the lab may have other clients. */
async function checkNothingLeft(
  climb: LabClimb,
  open: { readonly streams: number; readonly calls: number },
): Promise<void> {
  await until(() => open.streams + open.calls === 0, abortTime, climb.setting.signal);
  const { streams, calls } = open;
  climb.check('nothing-is-left', 'No stream and no call to the model is left open.', streams + calls === 0, [
    evidence(
      null,
      `of ${climb.requests.size} requests, ${streams} streams and ${calls} upstream calls are open`,
    ),
  ]);
}

/** Checks that a second lab with open streams shuts down. */
async function checkShutdown(climb: LabClimb): Promise<void> {
  const { signal } = climb.setting;
  const before = process.getActiveResourcesInfo().length;
  const lab = await startLab();
  let closed: Promise<void> | null = null;
  try {
    const sources = ['steps', 'model', 'steps'] as const;
    let streaming = 0;
    const cut = await inParallel(sources, sources.length, (source) => {
      let counted = false;
      return climb.open(`/stages/context?source=${source}&count=1000&delay=200`, {
        lab,
        onRecord: (record) => {
          if (record.kind !== 'chunk' || counted) return;
          counted = true;
          if (++streaming === sources.length) closed = lab.close();
        },
      });
    });
    await (closed ??= lab.close());
    checkEnded(climb, cut);
    const { streams, calls, sockets } = lab.counts();
    const left = streams + calls + sockets;
    climb.check(
      'shutdown-leaves-nothing',
      'After a shutdown no socket, stream or call is open.',
      left === 0,
      [
        evidence(null, `open: ${streams} streams, ${calls} upstream calls, ${sockets} sockets`),
        evidence(
          null,
          `handles of the process: ${before} before, ${process.getActiveResourcesInfo().length} after`,
        ),
      ],
    );
  } finally {
    await (closed ?? lab.close());
  }
  signal.throwIfAborted();
}

function checkEnded(climb: LabClimb, streams: readonly LabStream[]): void {
  const graceful = streams.filter(({ end, entries, id }) => {
    const close = entries.find(({ kind, requestId }) => kind === 'close' && requestId === id);
    return end.reason === 'complete' && close?.kind === 'close' && close.reason === 'shutdown';
  });
  climb.check(
    'shutdown-is-graceful',
    'A shutdown ends open streams with their last chunk.',
    graceful.length === streams.length,
    [
      evidence(null, `${graceful.length} of ${streams.length} streams ended with their last chunk`),
      ...streams.map((stream) =>
        evidence(stream, `${stream.end.reason}: ${stream.end.error?.message ?? 'last chunk received'}`),
      ),
    ],
  );
}

function contextOf(data: string): string | null {
  try {
    const { context } = JSON.parse(data) as { context?: unknown };
    return typeof context === 'string' ? context : null;
  } catch {
    return null;
  }
}

/** Polls until the condition holds, for at most `time` ms. Rejects when `signal` aborts. */
async function until(isSo: () => boolean, time: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + time;
  while (!isSo() && performance.now() < end) await sleep(2, undefined, { signal });
}
