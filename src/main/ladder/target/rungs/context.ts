import { randomUUID } from 'node:crypto';
import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import { arrivalGaps } from '../../pace.ts';
import { chunksOf, eventsOf, evidence, ms } from '../../received-stream.ts';
import { checkAllComplete } from '../../stream-checks.ts';
import { checkAnswered, checkEvents, checkTargetEnd } from '../target-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import { requestIdHeader, type TargetStream } from '../target-stream.ts';

/** Number of parallel streams. */
const concurrent = 8;
/** Number of parallel streams to abort. */
const abortedAtOnce = 3;
/**
 * Minimum time in which the server must release aborted streams, ms. Most servers notice an abort with their second write,
 * since the first still goes into the kernel's buffer. So slow streams get `cleanUpGaps` of their longest gaps.
 */
const cleanUpTime = 5000;
const cleanUpGaps = 4;

/** Rung 7 on a target: each request sees its own context, and the server releases aborted streams. */
export const contextTarget: TargetRung = {
  rung: 7,

  async climb(climb: TargetClimb): Promise<undefined> {
    const stream = await climb.record('A single stream');
    if (!checkAnswered(climb, stream)) return;
    checkEvents(climb, stream, null);
    checkTargetEnd(climb, stream);
    const streams = await openTogether(climb);
    checkContexts(climb, streams);
    const unfinished = streams.filter(({ end, isCut }) => end.reason !== 'complete' && !isCut);
    checkAllComplete(climb, unfinished, streams.length);
    await checkAbort(climb, stream);
  },
};

function openTogether(climb: TargetClimb): Promise<readonly TargetStream[]> {
  return inParallel(Array.from({ length: concurrent }), concurrent, () => climb.open({ id: randomUUID() }));
}

/**
 * Checks that each event names its own request, in its data or in a comment before it. Not possible if no event names a
 * request.
 */
function checkContexts(climb: TargetClimb, streams: readonly TargetStream[]): void {
  const ids = new Set(streams.map(({ id }) => id));
  const wrong: CheckEvidence[] = [];
  let events = 0;
  let said = 0;
  for (const stream of streams) {
    for (const { seq, ids: found } of idsByEvent(stream, ids)) {
      events++;
      if (found.length > 0) said++;
      for (const other of found.filter((id) => id !== stream.id))
        wrong.push(evidence(stream, `event ${seq} of ${stream.id} names ${other}`, { kind: 'event', seq }));
      // A shared stream may have other events too.
      if (found.length === 0 && climb.request.own)
        wrong.push(evidence(stream, `event ${seq} of ${stream.id} names no request`, { kind: 'event', seq }));
    }
  }
  if (said === 0) {
    climb.leaveOut('context-survives', `no event contains the ${requestIdHeader} of its request`);
    return;
  }
  climb.check('context-survives', 'Every event sees its own request.', wrong.length === 0, [
    evidence(
      null,
      `${streams.length} parallel streams: ${said} of ${events} events name a request, ${wrong.length} name a wrong one or none`,
    ),
    ...wrong.slice(0, 5),
  ]);
}

/** The ids in each event and in comments before it. */
function idsByEvent(stream: TargetStream, ids: ReadonlySet<string>): { seq: number; ids: string[] }[] {
  const body = Buffer.concat(chunksOf(stream).map(({ bytes }) => bytes));
  let from = 0;
  return eventsOf(stream).map(({ seq, range }) => {
    const text = body.toString('utf8', from, range.end);
    from = range.end;
    return { seq: seq ?? 0, ids: text.match(uuid)?.filter((id) => ids.has(id)) ?? [] };
  });
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Aborts streams and checks that the server's number of open streams returns to that of a single stream. */
async function checkAbort(climb: TargetClimb, alone: TargetStream): Promise<void> {
  const before = alone.log.open;
  if (before === null) {
    climb.leaveOut(
      'abort-is-noticed',
      'the server writes no “: open” lines, so its number of open streams is unknown',
    );
    return;
  }
  const streams = await inParallel(Array.from({ length: abortedAtOnce }), abortedAtOnce, (_, n) =>
    n === 0
      ? climb.record('Aborted after its first event', abortAtFirstEvent)
      : climb.open(abortAtFirstEvent),
  );
  const aborted = streams.filter(({ end }) => end.reason === 'aborted');
  if (aborted.length === 0) {
    climb.leaveOut('abort-is-noticed', 'the streams ended before they could be aborted');
    return;
  }
  const patience = Math.max(cleanUpTime, cleanUpGaps * Math.max(0, ...arrivalGaps(alone)));
  const began = performance.now();
  let open: number | null = null;
  let tried = 0;
  // Reads each stream to its end, so that it does not count as open for the next.
  do {
    open = (await climb.open()).log.open;
    tried++;
  } while (open !== null && open > before && performance.now() - began < patience);
  const noticed = open !== null && open <= before;
  const took = ms(performance.now() - began);
  climb.check(
    'abort-is-noticed',
    'The server releases the streams of clients that have disconnected.',
    noticed,
    [
      evidence(
        null,
        `${before} open with a single stream, ${open ?? 'unknown'} after ${aborted.length} were aborted`,
      ),
      evidence(null, noticed ? `after ${took}, at request ${tried}` : `unchanged after ${took}`),
    ],
  );
}

const abortAtFirstEvent = {
  onRecord: (record: { readonly kind: string; readonly bytes?: Uint8Array }, stop: () => void): void => {
    if (record.kind === 'chunk' && Buffer.from(record.bytes ?? []).includes('data')) stop();
  },
};
