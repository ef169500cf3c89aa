import type { CheckEvidence } from '../../../../contract/ladder.ts';
import type { Attempt } from '../../climb.ts';
import {
  chunksOf,
  type ReceivedStream,
  evidence,
  eventsOf,
  headerOf,
  type LabStream,
  ms,
  statusOf,
  yieldsOf,
} from '../lab-stream.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';

/** Rung 1: the server speaks event streams at all. */
export const endpointRung: LabRung = {
  rung: 1,
  proves: 'The server speaks SSE at all.',
  idea:
    'A plain loop yields five hard-coded events, and the server writes each as “data: hello world” and a blank line. ' +
    'The status is 200, the content type text/event-stream, and nothing is cached.',
  breaks: ['wrong-content-type', 'http-status', 'drop-event'],

  async climb(climb: LabClimb): Promise<undefined> {
    const run = await climb.record('Five events from a plain loop', climb.path('/stages/endpoint'));
    checkResponse(climb, run);
    checkCaching(climb, run);
    checkEveryYield(climb, run, 5, (block) => block.data === 'hello world');
    checkLive(climb, run);
    checkEnd(climb, run);
    climb.timing = timingOf(run);
  },
};

/** Status and content type of the response. */
export function checkResponse(climb: Attempt, run: ReceivedStream): void {
  const status = statusOf(run);
  climb.check('status-is-200', 'The response has status 200.', status === 200, [
    evidence(
      run,
      status === null ? `no response: ${run.end.error?.message ?? run.end.reason}` : `status ${status}`,
    ),
  ]);
  const type = headerOf(run, 'content-type');
  // [spec] HTML §9.2.2: any other content type makes an EventSource fail the connection.
  const essence = type?.split(';')[0]?.trim().toLowerCase();
  climb.check(
    'content-type-is-event-stream',
    'The content type is text/event-stream.',
    essence === 'text/event-stream',
    [evidence(run, `content-type: ${type ?? '(none)'}`, { kind: 'header', name: 'content-type' })],
  );
}

/** No cache on the way may keep the response. */
export function checkCaching(climb: Attempt, run: ReceivedStream): void {
  const cache = headerOf(run, 'cache-control');
  climb.check(
    'response-is-not-cached',
    'No cache may keep the response.',
    /\bno-(store|cache)\b/i.test(cache ?? ''),
    [evidence(run, `cache-control: ${cache ?? '(none)'}`, { kind: 'header', name: 'cache-control' })],
  );
}

/** Every yield in the server's log was received, in order. */
export function checkEveryYield(
  climb: LabClimb,
  run: LabStream,
  expected: number,
  fits: (event: { readonly data: string; readonly lastEventId: string }) => boolean,
): void {
  const yields = yieldsOf(run);
  const events = eventsOf(run);
  const wrong: CheckEvidence[] = [];
  for (let n = 0; n < Math.max(yields.length, events.length, expected); n++) {
    const yielded = yields[n];
    const event = events[n];
    if (yielded === undefined) wrong.push(evidence(run, `there is no yield ${n}`));
    else if (event === undefined || event.lastEventId !== String(n + 1) || !fits(event)) {
      const got = event === undefined ? 'nothing' : `id ${JSON.stringify(event.lastEventId)}`;
      wrong.push(
        evidence(
          run,
          `yield ${n} at ${ms(yielded.at ?? 0)} should be event ${n} with id "${n + 1}": received ${got}`,
          { kind: 'yield', n },
          ...(event?.seq === null || event === undefined ? [] : [{ kind: 'event', seq: event.seq } as const]),
        ),
      );
    }
  }
  const passed = wrong.length === 0 && events.length === expected;
  const summary = evidence(
    run,
    `${yields.length} yields logged, ${events.length} events received in ${chunksOf(run).length} chunks`,
    ...events.map(({ seq }) => ({ kind: 'event', seq: seq ?? 0 }) as const),
  );
  climb.check('every-yield-is-received', 'Every yield is logged and received, in order.', passed, [
    summary,
    ...wrong.slice(0, 5),
  ]);
}

/** Each event is there before the next is yielded. */
export function checkLive(climb: LabClimb, run: LabStream): void {
  const yields = yieldsOf(run);
  const events = eventsOf(run);
  const late: CheckEvidence[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const [n, event] of events.entries()) {
    const next = yields[n + 1];
    if (next === undefined || event.at === null) continue;
    least = Math.min(least, next.at - event.at);
    if (event.at > next.at) {
      late.push(
        evidence(
          run,
          `event ${n} arrived at ${ms(event.at)}, after yield ${n + 1} at ${ms(next.at)}`,
          { kind: 'event', seq: event.seq ?? n },
          { kind: 'yield', n: n + 1 },
        ),
      );
    }
  }
  const spare = Number.isFinite(least)
    ? [evidence(run, `the closest arrived ${ms(least)} before the next yield`)]
    : [evidence(run, 'fewer than two events arrived')];
  climb.check(
    'each-before-the-next',
    'Each event is received before the next is sent.',
    late.length === 0 && Number.isFinite(least),
    late.length > 0 ? late.slice(0, 5) : spare,
  );
}

/** The response ended as it should: whole. */
export function checkEnd(climb: Attempt, run: ReceivedStream): void {
  const { reason, error, at } = run.end;
  climb.check('ends-complete', 'The response ends with its last chunk.', reason === 'complete', [
    evidence(run, `${reason} at ${ms(at ?? 0)}${error === undefined ? '' : `: ${error.message}`}`),
  ]);
}

/** Yields and arrivals, to be plotted. */
export function timingOf(run: LabStream): { yields: number[]; arrivals: number[] } {
  return { yields: yieldsOf(run).map(({ at }) => at), arrivals: eventsOf(run).flatMap(({ at }) => at ?? []) };
}
