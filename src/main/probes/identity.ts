import type { FindingCode } from '../../core/findings/finding.ts';
import { duration, plural } from '../../core/text/wording.ts';
import { withHeaders } from '../client/stream-request.ts';
import { outcome, type Probe, type ProbeRun, type ProbeSubject, runProbe, whyNoAnswer } from './probe.ts';

/** Findings about a stream that was held back. */
const held: readonly FindingCode[] = ['response-buffered', 'coalesced-delivery', 'one-event-late'];

/** Sends the request without compression, to see whether the compressor holds back the stream. */
export const identity: Probe = {
  name: 'identity',
  requests: 1,
  question: 'Does it arrive differently without compression?',
  whyNot: ({ diagnosed }) =>
    diagnosed.facts.coding === null ? 'The body has no content coding to leave out.' : null,
  async run(subject, setting) {
    const request = { headers: withHeaders(subject.request.headers, [['Accept-Encoding', 'identity']]) };
    const run = await runProbe(subject, setting, { title: 'Probe identity: without compression', request });
    const reason = whyNoAnswer(run);
    if (reason !== null) return outcome('failed', reason, [run]);
    const { coding } = run.diagnosed.facts;
    if (coding !== null)
      return outcome('undecided', `The server sent ${coding} although only identity was accepted.`, [run]);
    const before = heldCodes(subject);
    const after = heldCodes(run);
    const about = [...before, 'content-encoded' as const];
    if (before.length === 0) {
      const text =
        after.length === 0
          ? `Without compression it arrives just as well: ${paceOf(run)}.`
          : `Without compression it is worse (${after.join(', ')}): ${paceOf(run)}.`;
      return outcome('decided', text, [run], { about: ['content-encoded'] });
    }
    if (after.length > 0)
      return outcome(
        'decided',
        `Without compression it arrives in the same way (${paceOf(run)}): something other than the compressor holds it back.`,
        [run],
        { about },
      );
    const { count } = run.diagnosed.facts.arrivals;
    if (count < 2)
      return outcome(
        'undecided',
        `Without compression it arrived in ${plural(count, 'arrival')}: too few to decide.`,
        [run],
      );
    return outcome(
      'decided',
      `Without compression it arrives smoothly (${paceOf(run)}): the compressor held it back.`,
      [run],
      { about },
    );
  },
};

function heldCodes({ diagnosis }: Pick<ProbeSubject, 'diagnosis'>): readonly FindingCode[] {
  return held.filter((code) => diagnosis.findings.some((finding) => finding.code === code));
}

function paceOf({ diagnosed: { facts, metrics } }: ProbeRun): string {
  const { firstEventAt: first, lastEventAt: last } = metrics;
  const span = first === null || last === null ? '' : ` over ${duration(last - first)}`;
  return `${plural(facts.events, 'event')} in ${plural(facts.arrivals.count, 'arrival')}${span}`;
}
