import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { arrivalGaps, gapEvidence, isFew, leastGap, median, type Pace } from '../../pace.ts';
import { chunksOf, eventsOf, evidence, ms } from '../../received-stream.ts';
import { checkAnswered, checkEvents, checkTargetEnd, checkYields, noYieldLines } from '../target-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';

/** Tries until one is good: a buffer spoils all of them, a machine that was busy for a moment one or two. */
const tries = 3;
/** Arrivals closer together than this, ms, are one arrival to anybody who watches. */
const together = 5;

/** Rung 4 on somebody's server: arrivals against the yields that it logs, or else arrivals alone. */
export const asyncTarget: TargetRung = {
  rung: 4,

  async climb(climb: TargetClimb): Promise<undefined> {
    let stream = await climb.record('Events with pauses between them');
    for (let tried = 1; tried < tries && !isGood(climb, stream); tried++)
      stream = await climb.record(`Events with pauses between them, try ${tried + 1}`);
    if (!checkAnswered(climb, stream)) return;
    checkEvents(climb, stream, null);
    checkYields(climb, stream);
    const pace = climb.paceOf(stream);
    if (pace === null) checkArrivals(climb, stream);
    else checkPace(climb, stream, pace);
    checkTargetEnd(climb, stream);
    if (pace !== null) climb.timing = pace.timing;
  },
};

function isGood(climb: TargetClimb, stream: TargetStream): boolean {
  const pace = climb.paceOf(stream);
  if (pace === null) return eventsOf(stream).length < 2 || isApart(stream);
  return (
    (pace.usualGap ?? 0) < leastGap ||
    (isFew(pace.offGaps.length, pace.gaps.length) && isFew(pace.late.length, pace.gaps.length))
  );
}

/** Arrival gaps follow yield gaps, and nothing waits for the next. */
function checkPace(climb: TargetClimb, stream: TargetStream, pace: Pace): void {
  const { usualGap, gaps, offGaps, late } = pace;
  const apart = (usualGap ?? 0) >= leastGap;
  const usual = `yields are ${ms(usualGap ?? 0)} apart, as the server logs them`;
  const needed = `at least ${leastGap} ms are needed to see whether something holds events back`;
  if (climb.request.own || apart) {
    climb.check('yields-are-apart', 'The server waits between its yields.', apart, [
      evidence(stream, apart ? usual : `${usual}; ${needed}`),
    ]);
  }
  if (!apart) {
    if (!climb.request.own) climb.leaveOut('gaps-follow-yields', `${usual}; ${needed}`);
    return;
  }
  climb.check(
    'gaps-follow-yields',
    'Gaps between arrivals follow gaps between yields.',
    isFew(offGaps.length, gaps.length),
    gapEvidence(stream, pace),
  );
  climb.check('nothing-waits', 'No event waits for the next.', isFew(late.length, gaps.length), [
    evidence(stream, `${late.length} of ${gaps.length} events took until the next was yielded, or longer`),
    clockEvidence(climb, stream),
    ...late.slice(0, 5).map(({ seq, took }) =>
      evidence(stream, `event ${seq} took ${ms(took)} from its yield to its arrival`, {
        kind: 'event',
        seq,
      }),
    ),
  ]);
}

/** How sure the delays are: the two clocks are compared by what came one way only. */
function clockEvidence(climb: TargetClimb, stream: TargetStream): CheckEvidence {
  const { uncertainty } = climb.clockOf(stream);
  const bound =
    uncertainty === null
      ? 'how much longer they were is not known'
      : `every one may have been up to ${ms(uncertainty)} longer`;
  return evidence(stream, `delays are counted from the fastest event of this server; ${bound}`);
}

/** Without the server's own times: whether events arrive apart from each other at all. */
function checkArrivals(climb: TargetClimb, stream: TargetStream): void {
  climb.leaveOut('gaps-follow-yields', noYieldLines);
  const gaps = arrivalGaps(stream);
  const reads = new Set(chunksOf(stream).map(({ read }) => read)).size;
  const text = `${eventsOf(stream).length} events in ${reads} reads, usually ${ms(median(gaps) ?? 0)} apart`;
  const apart = isApart(stream);
  if (!apart && !climb.request.own) {
    const unknown = 'a server that sends all at once looks like one whose output is held back';
    climb.leaveOut('arrives-over-time', `${text}: ${unknown}; “: yield” lines would tell`);
    return;
  }
  climb.check('arrives-over-time', 'Events arrive apart from each other.', apart, [
    evidence(stream, apart ? text : `${text}: the server does not wait, or something holds its events back`),
  ]);
}

function isApart(stream: TargetStream): boolean {
  const gaps = arrivalGaps(stream);
  return gaps.length > 0 && isFew(gaps.filter((gap) => gap < together).length, gaps.length);
}
