import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { arrivalGaps, gapEvidence, isFew, leastGap, median, type Pace } from '../../pace.ts';
import { chunksOf, eventsOf, evidence, ms } from '../../received-stream.ts';
import { checkAnswered, checkEvents, checkTargetEnd, checkYields, noYieldLines } from '../target-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';

/** Maximum number of tries. A buffer spoils all of them, a busy machine one or two. */
const tries = 3;
/** Arrivals closer together than this count as one, ms. */
const together = 5;

/** Rung 4 on a target: compares arrivals with the logged yields, or judges arrivals alone. */
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

/** Checks that arrival gaps follow yield gaps, and that no event waits for the next. */
function checkPace(climb: TargetClimb, stream: TargetStream, pace: Pace): void {
  const { usualGap, gaps, offGaps, late } = pace;
  const apart = (usualGap ?? 0) >= leastGap;
  const usual = `yields are ${ms(usualGap ?? 0)} apart, as the server logs them`;
  const needed = `at least ${leastGap} ms are needed to detect buffering`;
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
    evidence(stream, `${late.length} of ${gaps.length} events took at least until the next yield`),
    clockEvidence(climb, stream),
    ...late.slice(0, 5).map(({ seq, took }) =>
      evidence(stream, `event ${seq} took ${ms(took)} from its yield to its arrival`, {
        kind: 'event',
        seq,
      }),
    ),
  ]);
}

/** The uncertainty of the delays, since the two clocks are compared in one direction only. */
function clockEvidence(climb: TargetClimb, stream: TargetStream): CheckEvidence {
  const { uncertainty } = climb.clockOf(stream);
  const bound =
    uncertainty === null
      ? 'how much longer they were is unknown'
      : `each may have been up to ${ms(uncertainty)} longer`;
  return evidence(stream, `delays are relative to the fastest event of this server; ${bound}`);
}

/** Without the server's times: checks that events arrive at different times. */
function checkArrivals(climb: TargetClimb, stream: TargetStream): void {
  climb.leaveOut('gaps-follow-yields', noYieldLines);
  const gaps = arrivalGaps(stream);
  const reads = new Set(chunksOf(stream).map(({ read }) => read)).size;
  const text = `${eventsOf(stream).length} events in ${reads} reads, usually ${ms(median(gaps) ?? 0)} apart`;
  const apart = isApart(stream);
  if (!apart && !climb.request.own) {
    const unknown = 'a server that sends all at once looks like a buffered one';
    climb.leaveOut('arrives-over-time', `${text}: ${unknown}; “: yield” lines would show the difference`);
    return;
  }
  climb.check('arrives-over-time', 'Events arrive at different times.', apart, [
    evidence(stream, apart ? text : `${text}: the server does not wait, or something buffers its events`),
  ]);
}

function isApart(stream: TargetStream): boolean {
  const gaps = arrivalGaps(stream);
  return gaps.length > 0 && isFew(gaps.filter((gap) => gap < together).length, gaps.length);
}
