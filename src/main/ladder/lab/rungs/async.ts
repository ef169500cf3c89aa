import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { evidence, eventsOf, type LabStream, ms, yieldsOf } from '../lab-stream.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';
import { checkEnd, checkEveryYield, checkLive, timingOf } from './endpoint.ts';

const count = 5;

/** ms between yields for a second try, where a busy machine spoilt the first: the stage's own pace. */
const unhurried = 1000;

/**
 * How far an arrival gap may be from its yield gap, as a part of it: both sides share one busy process, and what a
 * buffer adds is a whole gap or more.
 */
const tolerance = 0.5;

/** Rung 4: events arrive when they are produced. */
export const asyncRung: LabRung = {
  rung: 4,
  proves: 'Events arrive when they are produced, not in a burst.',
  idea:
    'An async generator awaits between its yields, and the server writes and flushes each at once. ' +
    'The gaps between arrivals then follow the gaps between yields; a buffer anywhere in between would show here.',
  breaks: ['buffer', 'one-event-late'],

  async climb(climb: LabClimb): Promise<undefined> {
    const first = await open(climb, climb.setting.delay);
    // A process that is not run for a while sees late what came in time. With a break the first try is the answer.
    const spoilt =
      climb.fault === null && climb.setting.delay < unhurried && !isTimely(first, climb.setting.delay);
    const delay = spoilt ? unhurried : climb.setting.delay;
    const run = spoilt ? await open(climb, delay) : first;
    checkEveryYield(
      climb,
      run,
      count,
      ({ data, lastEventId }) => data === `event ${lastEventId} of ${count}`,
    );
    checkGaps(climb, run);
    checkLive(climb, run);
    checkDelay(climb, run, delay);
    checkEnd(climb, run);
    climb.timing = timingOf(run);
  },
};

function open(climb: LabClimb, delay: number): Promise<LabStream> {
  return climb.record(`Five events, ${delay} ms apart`, climb.path('/stages/async', { count, delay }));
}

/** Whether every event took no longer than it may: where one did not, its gaps are not right either. */
function isTimely(run: LabStream, delay: number): boolean {
  const { yields, arrivals } = timingOf(run);
  return (
    arrivals.length === yields.length &&
    yields.every((at, n) => (arrivals[n] ?? at) - at <= (delay * tolerance) / 2)
  );
}

/** Arrival gaps follow yield gaps. */
function checkGaps(climb: LabClimb, run: LabStream): void {
  const { yields, arrivals } = timingOf(run);
  const off: CheckEvidence[] = [];
  const all: string[] = [];
  for (let n = 1; n < yields.length; n++) {
    const yielded = (yields[n] ?? 0) - (yields[n - 1] ?? 0);
    const arrived = (arrivals[n] ?? Number.NaN) - (arrivals[n - 1] ?? Number.NaN);
    all.push(`${yielded.toFixed(0)}→${arrived.toFixed(0)}`);
    if (!(Math.abs(arrived - yielded) <= yielded * tolerance)) {
      off.push(
        evidence(run, `the gap before event ${n} is ${ms(arrived)}, that before yield ${n} ${ms(yielded)}`, {
          kind: 'event',
          seq: n,
        }),
      );
    }
  }
  const summary = evidence(run, `gaps in ms, yielded→arrived: ${all.join(', ')}`);
  const passed = off.length === 0 && yields.length > 1 && arrivals.length === yields.length;
  climb.check('gaps-follow-yields', 'Gaps between arrivals follow gaps between yields.', passed, [
    summary,
    ...off,
  ]);
}

/** No event takes longer from its yield to its arrival than a part of the gap: nothing waits for the next. */
function checkDelay(climb: LabClimb, run: LabStream, delay: number): void {
  const yields = yieldsOf(run);
  const late: CheckEvidence[] = [];
  let most = 0;
  for (const [n, event] of eventsOf(run).entries()) {
    const took = (event.at ?? Number.POSITIVE_INFINITY) - (yields[n]?.at ?? 0);
    most = Math.max(most, took);
    if (took <= delay * tolerance) continue;
    late.push(
      evidence(
        run,
        `event ${n} took ${ms(took)} from its yield to its arrival`,
        { kind: 'event', seq: n },
        {
          kind: 'yield',
          n,
        },
      ),
    );
  }
  const summary = evidence(run, `the slowest took ${ms(most)} from its yield to its arrival`);
  climb.check('nothing-waits', 'No event waits for the next.', late.length === 0 && yields.length > 0, [
    summary,
    ...late,
  ]);
}
