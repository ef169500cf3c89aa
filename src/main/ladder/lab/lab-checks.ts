import type { CheckEvidence } from '../../../contract/ladder.ts';
import { chunksOf, eventsOf, evidence, ms } from '../received-stream.ts';
import type { LabClimb } from './lab-rung.ts';
import { type LabStream, yieldsOf } from './lab-stream.ts';

/** Checks that every yield in the server's log was received, in order. */
export function checkEveryYield(
  climb: LabClimb,
  stream: LabStream,
  expected: number,
  fits: (event: { readonly data: string; readonly lastEventId: string }) => boolean,
): void {
  const yields = yieldsOf(stream);
  const events = eventsOf(stream);
  const wrong: CheckEvidence[] = [];
  for (let n = 0; n < Math.max(yields.length, events.length, expected); n++) {
    const yielded = yields[n];
    const event = events[n];
    if (yielded === undefined) wrong.push(evidence(stream, `yield ${n} is missing`));
    else if (event === undefined || event.lastEventId !== String(n + 1) || !fits(event)) {
      const got = event === undefined ? 'nothing' : `id ${JSON.stringify(event.lastEventId)}`;
      wrong.push(
        evidence(
          stream,
          `yield ${n} at ${ms(yielded.at ?? 0)} should be event ${n} with id "${n + 1}": received ${got}`,
          { kind: 'yield', n },
          ...(event?.seq === null || event === undefined ? [] : [{ kind: 'event', seq: event.seq } as const]),
        ),
      );
    }
  }
  const passed = wrong.length === 0 && events.length === expected;
  const summary = evidence(
    stream,
    `${yields.length} yields logged, ${events.length} events received in ${chunksOf(stream).length} chunks`,
    ...events.map(({ seq }) => ({ kind: 'event', seq: seq ?? 0 }) as const),
  );
  climb.check('every-yield-is-received', 'Every yield is logged and received, in order.', passed, [
    summary,
    ...wrong.slice(0, 5),
  ]);
}

/** Checks that each event arrives before the next is yielded. */
export function checkLive(climb: LabClimb, stream: LabStream): void {
  const yields = yieldsOf(stream);
  const events = eventsOf(stream);
  const late: CheckEvidence[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const [n, event] of events.entries()) {
    const next = yields[n + 1];
    if (next === undefined || event.at === null) continue;
    least = Math.min(least, next.at - event.at);
    if (event.at > next.at) {
      late.push(
        evidence(
          stream,
          `event ${n} arrived at ${ms(event.at)}, after yield ${n + 1} at ${ms(next.at)}`,
          { kind: 'event', seq: event.seq ?? n },
          { kind: 'yield', n: n + 1 },
        ),
      );
    }
  }
  const spare = Number.isFinite(least)
    ? [evidence(stream, `the closest arrived ${ms(least)} before the next yield`)]
    : [evidence(stream, 'fewer than two events arrived')];
  climb.check(
    'each-before-the-next',
    'Each event is received before the next is sent.',
    late.length === 0 && Number.isFinite(least),
    late.length > 0 ? late.slice(0, 5) : spare,
  );
}

/** The yields and arrivals of a stream. */
export function timingOf(stream: LabStream): { yields: number[]; arrivals: number[] } {
  return {
    yields: yieldsOf(stream).map(({ at }) => at),
    arrivals: eventsOf(stream).flatMap(({ at }) => at ?? []),
  };
}
