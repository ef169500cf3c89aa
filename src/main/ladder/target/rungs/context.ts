import { randomUUID } from 'node:crypto';
import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import { arrivalGaps } from '../../pace.ts';
import { chunksOf, eventsOf, evidence, ms } from '../../received-stream.ts';
import { checkAllComplete } from '../../stream-checks.ts';
import { checkAnswered, checkEvents, checkTargetEnd } from '../target-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import { requestIdHeader, type TargetStream } from '../target-stream.ts';

/** Streams that are open at once, each with a context of its own. */
const concurrent = 8;
/** Streams that are aborted at once. */
const abortedAtOnce = 3;
/**
 * ms in which the server must have let go of aborted streams, at the least. Most notice when they write, and not with the
 * first write but with the second, since the first still goes into the kernel's buffer: so this many of the stream's longest
 * gaps where that is more.
 */
const cleanUpTime = 5000;
const cleanUpGaps = 4;

/** Rung 7 on somebody's server: each request sees its own context, and an abort leaves nothing behind. */
export const contextTarget: TargetRung = {
  rung: 7,

  async climb(climb: TargetClimb): Promise<undefined> {
    const stream = await climb.record('One stream, alone');
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
 * Each event, in its data or in a comment before it, says the request's own id and never another's. What a stream never
 * says cannot be checked.
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
        wrong.push(evidence(stream, `event ${seq} of ${stream.id} says ${other}`, { kind: 'event', seq }));
      // One that all rungs share may end in events of another kind.
      if (found.length === 0 && climb.request.own)
        wrong.push(evidence(stream, `event ${seq} of ${stream.id} says no request`, { kind: 'event', seq }));
    }
  }
  if (said === 0) {
    climb.leaveOut('context-survives', `no event says the ${requestIdHeader} that the request was sent with`);
    return;
  }
  climb.check('context-survives', 'Every event sees its own request.', wrong.length === 0, [
    evidence(
      null,
      `${streams.length} streams at once: ${said} of ${events} events say a request, ${wrong.length} the wrong one or none`,
    ),
    ...wrong.slice(0, 5),
  ]);
}

/** The ids that each event says, in its own block or in comments before it. */
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

/** Streams are aborted in their middle; later ones must find as few open as the first did. */
async function checkAbort(climb: TargetClimb, alone: TargetStream): Promise<void> {
  const before = alone.log.open;
  if (before === null) {
    climb.leaveOut(
      'abort-is-noticed',
      'the server writes no “: open” lines, so what it keeps open is not known',
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
    climb.leaveOut('abort-is-noticed', 'the streams were over before they could be aborted');
    return;
  }
  const patience = Math.max(cleanUpTime, cleanUpGaps * Math.max(0, ...arrivalGaps(alone)));
  const began = performance.now();
  let open: number | null = null;
  let tried = 0;
  // Each is read to its end, so that it is not one of those left open when the next one asks.
  do {
    open = (await climb.open()).log.open;
    tried++;
  } while (open !== null && open > before && performance.now() - began < patience);
  const noticed = open !== null && open <= before;
  const took = ms(performance.now() - began);
  climb.check('abort-is-noticed', 'The server lets go of streams whose clients have gone.', noticed, [
    evidence(
      null,
      `${before} open with one stream alone, ${open ?? 'none told'} after ${aborted.length} were aborted`,
    ),
    evidence(null, noticed ? `seen within ${took}, at request ${tried}` : `still so after ${took}`),
  ]);
}

const abortAtFirstEvent = {
  onRecord: (record: { readonly kind: string; readonly bytes?: Uint8Array }, stop: () => void): void => {
    if (record.kind === 'chunk' && Buffer.from(record.bytes ?? []).includes('data')) stop();
  },
};
