import type { FindingCode } from '../../core/findings/finding.ts';
import { cacheSign } from '../../core/findings/rules/cache-sign.ts';
import { duration } from '../../core/text/wording.ts';
import {
  areSameTimes,
  outcome,
  type Outcome,
  type Probe,
  type ProbeRun,
  type ProbeSubject,
  runProbe,
  whyNoAnswer,
} from './probe.ts';

/** The shortest wait, ms, that needs a cause; and the factor by which another wait must differ. */
const WAIT_MS = 500;
const WAIT_FACTOR = 3;

const breaks: readonly FindingCode[] = ['premature-close', 'idle-timeout-close', 'platform-time-limit'];

/** Sends the same request twice, one after the other, to find caches, queues, and ends at the same time or byte. */
export const again: Probe = {
  name: 'again',
  requests: 2,
  question: 'Do the end, the wait and the content stay the same when the request is sent again?',
  whyNot: () => null,
  async run(subject, setting) {
    const runs: ProbeRun[] = [];
    for (const number of [1, 2]) {
      const run = await runProbe(subject, setting, { title: `Probe again: request ${number} of 2` });
      runs.push(run);
      const reason = whyNoAnswer(run);
      if (reason !== null) return outcome('failed', reason, runs);
    }
    return compareAgain(subject, runs);
  },
};

/** Compares two more requests with the first: their ends if the first was broken, otherwise their waits. */
export function compareAgain(subject: ProbeSubject, runs: readonly ProbeRun[]): Outcome {
  return isBroken(subject) ? aboutBreaks(subject, runs) : aboutWaits(subject, runs);
}

function isBroken({ diagnosed: { facts } }: Pick<ProbeRun, 'diagnosed'>): boolean {
  const reason = facts.end?.reason;
  return reason === 'premature-close' || reason === 'timeout' || reason === 'error';
}

function aboutBreaks(subject: ProbeSubject, runs: readonly ProbeRun[]): Outcome {
  const all = [subject, ...runs];
  const about = breaks;
  const broken = runs.filter(isBroken);
  const ends = all.map(({ diagnosed }) => diagnosed.facts.end?.at ?? null);
  const times = ends.map((at) => (at === null ? 'an unknown time' : duration(at))).join(', ');
  if (broken.length === 0)
    return outcome('decided', 'It was complete both times: the fault is intermittent, not a limit.', runs, {
      about,
    });
  if (broken.length < runs.length)
    return outcome(
      'decided',
      `It broke off in one of two more requests: the fault is intermittent (ends after ${times}).`,
      runs,
      { about },
    );
  const sameTime = ends.every((at) => at !== null) && areSameTimes(ends.flatMap((at) => at ?? []));
  const bytes = all.map(({ diagnosed }) => diagnosed.facts.bytes);
  const sameByte = new Set(bytes).size === 1;
  if (sameTime && sameByte)
    return outcome(
      'undecided',
      `It broke off after the same time (${times}) and at the same byte (${bytes[0]}): the cause is a limit or the content.`,
      runs,
      { about },
    );
  if (sameTime)
    return outcome(
      'decided',
      `It broke off after the same time (${times}) at different bytes: a time limit.`,
      runs,
      { about },
    );
  if (sameByte)
    return outcome(
      'decided',
      `It broke off at the same byte (${bytes[0]}) after ${times}: the content at that position breaks it.`,
      runs,
      { about },
    );
  return outcome(
    'decided',
    `It broke off at a different time (${times}) and byte each time: a fault, not a limit.`,
    runs,
    { about },
  );
}

function aboutWaits(subject: ProbeSubject, runs: readonly ProbeRun[]): Outcome {
  const about: FindingCode[] = ['served-from-cache', 'response-buffered'];
  const signed = runs.map(({ diagnosed }) => cacheSign(diagnosed.facts)).find((sign) => sign !== null);
  const [second, third] = runs;
  const sameContent = second !== undefined && second.digest === third?.digest;
  if (signed !== undefined)
    return outcome(
      'decided',
      `A cache responded: ${signed.name}: ${signed.value}${sameContent ? ', with the same bytes both times' : ''}.`,
      runs,
      { about },
    );
  const waits = [subject, ...runs].map(({ diagnosed }) => diagnosed.metrics.firstEventAt);
  if (waits.some((wait) => wait === null))
    return outcome(
      'undecided',
      'Some responses had no events with times: there is nothing to compare.',
      runs,
    );
  const known = waits.flatMap((wait) => wait ?? []);
  const [first = 0, ...later] = known;
  const shown = known.map(duration).join(', ');
  const content = sameContent ? 'the same content' : 'different content';
  if (first >= WAIT_MS && later.every((wait) => wait * WAIT_FACTOR < first))
    return outcome(
      sameContent ? 'decided' : 'undecided',
      sameContent
        ? `Sent again, it began at once with the same content (first events after ${shown}): a cache responded.`
        : `Sent again, it began sooner with different content (first events after ${shown}): the first request warmed something up.`,
      runs,
      { about },
    );
  if (Math.max(...known) >= WAIT_MS && Math.max(...known) > WAIT_FACTOR * Math.min(...known))
    return outcome(
      'undecided',
      `The wait for the first event varies (${shown}): a queue, or a busy server.`,
      runs,
      { about },
    );
  return outcome(
    'decided',
    `Sent again, it behaves the same: first events after ${shown}, with ${content}. There is no cache and no queue.`,
    runs,
    { about },
  );
}
