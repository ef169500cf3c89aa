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

/** A wait that is worth a cause, ms, and how much shorter or longer another one has to be. */
const WAIT_MS = 500;
const WAIT_FACTOR = 3;

const breaks: readonly FindingCode[] = ['premature-close', 'idle-timeout-close', 'platform-time-limit'];

/** The same request twice more, one after the other: a cache, a queue, an end at the same time or byte. */
export const again: Probe = {
  name: 'again',
  requests: 2,
  question: 'Is it the same when it is sent again: its end, its wait, its content?',
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

/** What two more requests say about the first: about its end where that was broken, else about its wait. */
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
    return outcome('decided', 'It was whole both times: the fault comes and goes, and is no limit.', runs, {
      about,
    });
  if (broken.length < runs.length)
    return outcome(
      'decided',
      `It broke off in one of two more requests: the fault comes and goes (ends after ${times}).`,
      runs,
      { about },
    );
  const sameTime = ends.every((at) => at !== null) && areSameTimes(ends.flatMap((at) => at ?? []));
  const bytes = all.map(({ diagnosed }) => diagnosed.facts.bytes);
  const sameByte = new Set(bytes).size === 1;
  if (sameTime && sameByte)
    return outcome(
      'undecided',
      `It broke off after the same time (${times}) and at the same byte (${bytes[0]}): a limit, or the content.`,
      runs,
      { about },
    );
  if (sameTime)
    return outcome(
      'decided',
      `It broke off after the same time (${times}), at other bytes: a limit on the time.`,
      runs,
      { about },
    );
  if (sameByte)
    return outcome(
      'decided',
      `It broke off at the same byte (${bytes[0]}) after ${times}: the content at that place breaks it.`,
      runs,
      { about },
    );
  return outcome(
    'decided',
    `It broke off each time at another time (${times}) and byte: a fault, and no limit.`,
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
      `A cache answers: ${signed.name}: ${signed.value}${sameContent ? ', with the same bytes both times' : ''}.`,
      runs,
      { about },
    );
  const waits = [subject, ...runs].map(({ diagnosed }) => diagnosed.metrics.firstEventAt);
  if (waits.some((wait) => wait === null))
    return outcome('undecided', 'Not all of them had events with times: there is nothing to compare.', runs);
  const known = waits.flatMap((wait) => wait ?? []);
  const [first = 0, ...later] = known;
  const shown = known.map(duration).join(', ');
  const content = sameContent ? 'the same content' : 'other content';
  if (first >= WAIT_MS && later.every((wait) => wait * WAIT_FACTOR < first))
    return outcome(
      sameContent ? 'decided' : 'undecided',
      sameContent
        ? `Sent again, it began at once and with the same content (first events after ${shown}): a cache answers.`
        : `Sent again, it began sooner, with other content (first events after ${shown}): the first request started something.`,
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
    `Sent again it is the same: first events after ${shown}, with ${content}: no cache and no queue.`,
    runs,
    { about },
  );
}
