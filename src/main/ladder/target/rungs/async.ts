import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { chunksOf, evidence, eventsOf, ms } from '../../lab/lab-stream.ts';
import { arrivalGaps, isFew, leastGap, median, type Pace, paceOf } from '../pace.ts';
import { checkAnswered, checkEvents, checkTargetEnd, checkYields, noYieldLines } from '../target-checks.ts';
import type { TargetStream } from '../target-stream.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';

/** Tries until one is good: a buffer spoils all of them, a machine that was busy for a moment one or two. */
const tries = 3;
/** Arrivals closer together than this, ms, are one arrival to anybody who watches. */
const together = 5;

/** Rung 4 on somebody's server: arrivals against the yields that it logs, or else arrivals alone. */
export const asyncTarget: TargetRung = {
  rung: 4,

  async climb(climb: TargetClimb): Promise<undefined> {
    let run = await climb.record('Events with pauses between them');
    for (let tried = 1; tried < tries && !isGood(climb, run); tried++)
      run = await climb.record(`Events with pauses between them, try ${tried + 1}`);
    if (!checkAnswered(climb, run)) return;
    checkEvents(climb, run, null);
    checkYields(climb, run);
    const pace = paceOf(run, climb.clockOf(run));
    if (pace === null) checkArrivals(climb, run);
    else checkPace(climb, run, pace);
    checkTargetEnd(climb, run);
    if (pace !== null) climb.timing = pace.timing;
  },
};

function isGood(climb: TargetClimb, run: TargetStream): boolean {
  const pace = paceOf(run, climb.clockOf(run));
  if (pace === null) return eventsOf(run).length < 2 || isApart(run);
  return (
    (pace.usualGap ?? 0) < leastGap ||
    (isFew(pace.offGaps.length, pace.gaps.length) && isFew(pace.late.length, pace.gaps.length))
  );
}

/** Arrival gaps follow yield gaps, and nothing waits for the next. */
function checkPace(climb: TargetClimb, run: TargetStream, pace: Pace): void {
  const { usualGap, gaps, offGaps, late } = pace;
  const apart = (usualGap ?? 0) >= leastGap;
  const usual = `yields are ${ms(usualGap ?? 0)} apart, as the server logs them`;
  const needed = `at least ${leastGap} ms are needed to see whether something holds events back`;
  if (climb.request.own || apart) {
    climb.check('yields-are-apart', 'The server waits between its yields.', apart, [
      evidence(run, apart ? usual : `${usual}; ${needed}`),
    ]);
  }
  if (!apart) {
    if (!climb.request.own) climb.leaveOut('gaps-follow-yields', `${usual}; ${needed}`);
    return;
  }
  const shown = gaps
    .slice(0, 12)
    .map(({ yielded, arrived }) => `${yielded.toFixed(0)}→${arrived.toFixed(0)}`);
  climb.check(
    'gaps-follow-yields',
    'Gaps between arrivals follow gaps between yields.',
    isFew(offGaps.length, gaps.length),
    [
      evidence(run, `gaps in ms, yielded→arrived: ${shown.join(', ')}`),
      ...offGaps.slice(0, 5).map(({ seq, yielded, arrived }) =>
        evidence(run, `the gap before event ${seq} is ${ms(arrived)}, that before its yield ${ms(yielded)}`, {
          kind: 'event',
          seq,
        }),
      ),
    ],
  );
  climb.check('nothing-waits', 'No event waits for the next.', isFew(late.length, gaps.length), [
    evidence(run, `${late.length} of ${gaps.length} events took until the next was yielded, or longer`),
    clockEvidence(climb, run),
    ...late
      .slice(0, 5)
      .map(({ seq, took }) =>
        evidence(run, `event ${seq} took ${ms(took)} from its yield to its arrival`, { kind: 'event', seq }),
      ),
  ]);
}

/** How sure the delays are: the two clocks are compared by what came one way only. */
function clockEvidence(climb: TargetClimb, run: TargetStream): CheckEvidence {
  const { uncertainty } = climb.clockOf(run);
  const bound =
    uncertainty === null
      ? 'how much longer they were is not known'
      : `every one may have been up to ${ms(uncertainty)} longer`;
  return evidence(run, `delays are counted from the fastest event of this server; ${bound}`);
}

/** Without the server's own times: whether events arrive apart from each other at all. */
function checkArrivals(climb: TargetClimb, run: TargetStream): void {
  climb.leaveOut('gaps-follow-yields', noYieldLines);
  const gaps = arrivalGaps(run);
  const reads = new Set(chunksOf(run).map(({ read }) => read)).size;
  const text = `${eventsOf(run).length} events in ${reads} reads, usually ${ms(median(gaps) ?? 0)} apart`;
  const apart = isApart(run);
  if (!apart && !climb.request.own) {
    const unknown = 'a server that sends all at once looks like one whose output is held back';
    climb.leaveOut('arrives-over-time', `${text}: ${unknown}; “: yield” lines would tell`);
    return;
  }
  climb.check('arrives-over-time', 'Events arrive apart from each other.', apart, [
    evidence(run, apart ? text : `${text}: the server does not wait, or something holds its events back`),
  ]);
}

function isApart(run: TargetStream): boolean {
  const gaps = arrivalGaps(run);
  return gaps.length > 0 && isFew(gaps.filter((gap) => gap < together).length, gaps.length);
}
