import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { gapEvidence, paceOf, tolerance } from '../../pace.ts';
import { eventsOf, evidence, ms } from '../../received-stream.ts';
import { checkEnd } from '../../stream-checks.ts';
import { checkEveryYield, checkLive, timingOf } from '../lab-checks.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';
import { type LabStream, yieldsOf } from '../lab-stream.ts';

const count = 5;

/** Time between yields of a second try, ms, for a busy machine. */
const unhurried = 1000;

/** Rung 4: events arrive when they are produced. */
export const asyncRung: LabRung = {
  rung: 4,
  proves: 'Events arrive when they are produced, not in a burst.',
  idea:
    'An async generator awaits between its yields, and the server writes and flushes each event at once. ' +
    'The gaps between arrivals then follow the gaps between yields. A buffer in between changes them.',

  async climb(climb: LabClimb): Promise<undefined> {
    const first = await open(climb, climb.setting.delay);
    // A busy machine delays arrivals, so a second try decides. With a break the first one does.
    const spoilt =
      climb.fault === null && climb.setting.delay < unhurried && !isTimely(first, climb.setting.delay);
    const delay = spoilt ? unhurried : climb.setting.delay;
    const stream = spoilt ? await open(climb, delay) : first;
    checkEveryYield(
      climb,
      stream,
      count,
      ({ data, lastEventId }) => data === `event ${lastEventId} of ${count}`,
    );
    checkGaps(climb, stream);
    checkLive(climb, stream);
    checkDelay(climb, stream, delay);
    checkEnd(climb, stream);
    climb.timing = timingOf(stream);
  },
};

function open(climb: LabClimb, delay: number): Promise<LabStream> {
  return climb.record(`Five events, ${delay} ms apart`, climb.path('/stages/async', { count, delay }));
}

/** Whether every event arrived in time. A late one makes its gaps wrong too. */
function isTimely(stream: LabStream, delay: number): boolean {
  const { yields, arrivals } = timingOf(stream);
  return (
    arrivals.length === yields.length &&
    yields.every((at, n) => (arrivals[n] ?? at) - at <= (delay * tolerance) / 2)
  );
}

/** Checks that arrival gaps follow yield gaps. */
function checkGaps(climb: LabClimb, stream: LabStream): void {
  const events = eventsOf(stream);
  const yields = yieldsOf(stream).map(({ at }, n) => {
    const event = events[n];
    return { at, arrived: event?.at ?? null, seq: event?.seq ?? null };
  });
  const pace = paceOf(yields);
  const passed = pace !== null && pace.offGaps.length === 0 && events.length === yields.length;
  climb.check(
    'gaps-follow-yields',
    'Gaps between arrivals follow gaps between yields.',
    passed,
    pace === null ? [evidence(stream, 'fewer than two events arrived')] : gapEvidence(stream, pace),
  );
}

/** Checks that no event waits for the next: its delay is at most a part of the gap. */
function checkDelay(climb: LabClimb, stream: LabStream, delay: number): void {
  const yields = yieldsOf(stream);
  const late: CheckEvidence[] = [];
  let most = 0;
  for (const [n, event] of eventsOf(stream).entries()) {
    const took = (event.at ?? Number.POSITIVE_INFINITY) - (yields[n]?.at ?? 0);
    most = Math.max(most, took);
    if (took <= delay * tolerance) continue;
    late.push(
      evidence(
        stream,
        `event ${n} took ${ms(took)} from its yield to its arrival`,
        { kind: 'event', seq: n },
        {
          kind: 'yield',
          n,
        },
      ),
    );
  }
  const summary = evidence(stream, `the slowest took ${ms(most)} from its yield to its arrival`);
  climb.check('nothing-waits', 'No event waits for the next.', late.length === 0 && yields.length > 0, [
    summary,
    ...late,
  ]);
}
