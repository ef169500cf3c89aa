import type { CheckEvidence } from '../../../contract/ladder.ts';
import type { Block } from '../../../core/sse/block.ts';
import type { Attempt } from '../climb.ts';
import { chunksOf, evidence, eventsOf, statusOf } from '../lab/lab-stream.ts';
import { checkEnd } from '../lab/rungs/endpoint.ts';
import type { TargetStream } from './target-stream.ts';

/** What is said where a check needs log lines and the server writes none. */
export const noYieldLines = 'the server writes no “: yield” lines, so what it yielded and when is not known';

/** The request was answered with 200: without that, the other checks of a rung would only say so again. */
export function checkAnswered(climb: Attempt, run: TargetStream): boolean {
  const status = statusOf(run);
  if (status === 200) return true;
  const text =
    status === null ? `no response: ${run.end.error?.message ?? run.end.reason}` : `status ${status}`;
  climb.check('is-answered', 'The request is answered with status 200.', false, [evidence(run, text)]);
  return false;
}

/** Events came; exactly `expected` of them, each as `fits` says, where the rung's step says so. */
export function checkEvents(
  climb: Attempt,
  run: TargetStream,
  expected: {
    readonly count: number;
    readonly what: string;
    readonly fits: (event: Block) => boolean;
  } | null,
): void {
  const events = eventsOf(run);
  const summary = `${events.length} events in ${chunksOf(run).length} chunks`;
  if (expected === null) {
    climb.check('events-arrive', 'Events arrive.', events.length > 0, [evidence(run, summary)]);
    return;
  }
  const { count, what, fits } = expected;
  const wrong = events
    .filter((event) => !fits(event))
    .map((event) =>
      evidence(run, `event ${event.seq} is ${quoted(event.data)}`, { kind: 'event', seq: event.seq ?? 0 }),
    );
  climb.check(
    'events-are-as-expected',
    `${count} events arrive, ${what}.`,
    events.length === count && wrong.length === 0,
    [evidence(run, summary), ...wrong.slice(0, 5)],
  );
}

/** Every yield that the server logged became an event here, in order. */
export function checkYields(climb: Attempt, run: TargetStream): void {
  const { yields } = run.log;
  if (yields.length === 0) return climb.leaveOut('every-yield-is-received', noYieldLines);
  if (run.isCut) return climb.leaveOut('every-yield-is-received', 'the stream was not read to its end');
  const wrong: CheckEvidence[] = [];
  for (const [index, { n, seq }] of yields.entries()) {
    const before = yields[index - 1]?.n;
    if (seq === null) wrong.push(evidence(run, `yield ${n} was logged, and no event came of it`));
    if (before !== undefined && n !== before + 1)
      wrong.push(evidence(run, `yield ${n} was logged after yield ${before}`));
  }
  climb.check('every-yield-is-received', 'Every logged yield is received, in order.', wrong.length === 0, [
    evidence(run, `${yields.length} yields logged, ${eventsOf(run).length} events received`),
    ...wrong.slice(0, 5),
  ]);
}

/** The response ended whole, where it was read to its end. */
export function checkTargetEnd(climb: Attempt, run: TargetStream): void {
  if (run.isCut) climb.leaveOut('ends-complete', 'the stream goes on for long and was not read to its end');
  else checkEnd(climb, run);
}

/** The beginning of a text, as evidence shows it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
