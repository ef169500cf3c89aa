import type { CheckEvidence } from '../../../contract/ladder.ts';
import type { Block } from '../../../core/sse/block.ts';
import type { Climb } from '../climb.ts';
import { chunksOf, eventsOf, evidence, statusOf } from '../received-stream.ts';
import { checkEnd, quoted, statusText } from '../stream-checks.ts';
import type { TargetStream } from './target-stream.ts';

/** Why a check is not possible without log lines. */
export const noYieldLines = 'the server writes no “: yield” lines, so its yields and their times are unknown';

/** Whether the status is 200. If not, adds a failed check, and the other checks of the rung are pointless. */
export function checkAnswered(climb: Climb, stream: TargetStream): boolean {
  if (statusOf(stream) === 200) return true;
  climb.check('is-answered', 'The request is answered with status 200.', false, [
    evidence(stream, statusText(stream)),
  ]);
  return false;
}

/** Checks that events arrive, or exactly the `expected` ones. */
export function checkEvents(
  climb: Climb,
  stream: TargetStream,
  expected: {
    readonly count: number;
    readonly what: string;
    readonly fits: (event: Block) => boolean;
  } | null,
): void {
  const events = eventsOf(stream);
  const summary = `${events.length} events in ${chunksOf(stream).length} chunks`;
  if (expected === null) {
    climb.check('events-arrive', 'Events arrive.', events.length > 0, [evidence(stream, summary)]);
    return;
  }
  const { count, what, fits } = expected;
  const wrong = events
    .filter((event) => !fits(event))
    .map((event) =>
      evidence(stream, `event ${event.seq} is ${quoted(event.data)}`, { kind: 'event', seq: event.seq ?? 0 }),
    );
  climb.check(
    'events-are-as-expected',
    `${count} events arrive, ${what}.`,
    events.length === count && wrong.length === 0,
    [evidence(stream, summary), ...wrong.slice(0, 5)],
  );
}

/** Checks that every yield in the server's log arrived as an event, in order. */
export function checkYields(climb: Climb, stream: TargetStream): void {
  const { yields } = stream.log;
  if (yields.length === 0) return climb.leaveOut('every-yield-is-received', noYieldLines);
  if (stream.isCut) return climb.leaveOut('every-yield-is-received', 'the stream was not read to its end');
  const wrong: CheckEvidence[] = [];
  for (const [index, { n, seq }] of yields.entries()) {
    const before = yields[index - 1]?.n;
    if (seq === null) wrong.push(evidence(stream, `yield ${n} was logged, but its event did not arrive`));
    if (before !== undefined && n !== before + 1)
      wrong.push(evidence(stream, `yield ${n} was logged after yield ${before}`));
  }
  climb.check('every-yield-is-received', 'Every logged yield is received, in order.', wrong.length === 0, [
    evidence(stream, `${yields.length} yields logged, ${eventsOf(stream).length} events received`),
    ...wrong.slice(0, 5),
  ]);
}

/** Checks that the response ended with its last chunk, if it was read to its end. */
export function checkTargetEnd(climb: Climb, stream: TargetStream): void {
  if (stream.isCut) climb.leaveOut('ends-complete', 'the stream is long and was not read to its end');
  else checkEnd(climb, stream);
}
