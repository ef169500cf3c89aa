import { duration } from '../../core/text/wording.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { outcome, type Probe, type ProbeRun, runProbe, whyNoAnswer } from './probe.ts';

/** The shortest stream, ms, that can show whether two run at the same time. */
const LEAST_SPAN_MS = 200;
/** Tolerance, ms, for the order of events on two sockets. */
const SLACK_MS = 50;

/** Sends two requests at once: a server that handles one at a time starts the second after the first has ended. */
export const together: Probe = {
  name: 'together',
  requests: 2,
  question: 'Does the server stream to two clients at the same time?',
  whyNot: () => null,
  async run(subject, setting) {
    const runs = await inParallel([1, 2], 2, (number) =>
      runProbe(subject, setting, { title: `Probe together: request ${number} of 2, at once` }),
    );
    const reason = runs.map(whyNoAnswer).find((one) => one !== null);
    if (reason !== undefined) return outcome('failed', reason, runs);
    const [a, b] = runs.flatMap((run) => spanOf(run) ?? []);
    if (a === undefined || b === undefined)
      return outcome('undecided', 'One of the responses had no bytes with times.', runs);
    const [first, second] = a.from <= b.from ? [a, b] : [b, a];
    if (first.to - first.from < LEAST_SPAN_MS)
      return outcome(
        'undecided',
        `The first arrived in too short a time (${duration(first.to - first.from)}) to see whether two run at the same time.`,
        runs,
      );
    if (second.from >= first.to - SLACK_MS)
      return outcome(
        'decided',
        `The second began after the first had ended (${duration(second.from - second.began)} after its request): the server, or a proxy, serves one stream at a time.`,
        runs,
        { about: ['response-buffered', 'stalled'] },
      );
    return outcome(
      'decided',
      `Both ran at the same time: the second began ${duration(Math.max(0, second.from - first.from))} after the first, which lasted ${duration(first.to - first.from)}.`,
      runs,
    );
  },
};

/** From the first byte of the body to the last, by this machine's clock, ms. */
function spanOf({
  began,
  diagnosed: { facts },
}: ProbeRun): { began: number; from: number; to: number } | null {
  const { firstByteAt, lastByteAt } = facts.arrivals;
  if (firstByteAt === null || lastByteAt === null) return null;
  return { began, from: began + firstByteAt, to: began + lastByteAt };
}
