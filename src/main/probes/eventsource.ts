import { stringMember } from '../../core/json/json-value.ts';
import { createClient } from '../client/client.ts';
import { plural } from '../../core/text/wording.ts';
import { environmentOf, outcome, type Probe, runProbe } from './probe.ts';

/** The same with the `eventsource` package: does it dispatch what the bytes hold? */
export const eventsource: Probe = {
  name: 'eventsource',
  requests: 1,
  question: 'Does the eventsource package dispatch what the bytes hold?',
  whyNot: ({ request, diagnosed }) => {
    if (request.method !== 'GET' || request.body !== null)
      return `EventSource sends GET and no body, and this is ${request.method}.`;
    return diagnosed.request.client === 'eventsource' ? 'The stream was opened with it already.' : null;
  },
  async run(subject, setting) {
    const library: { dispatched: number; refusal: string | null } = { dispatched: 0, refusal: null };
    const client = createClient('eventsource', {
      ...environmentOf(setting),
      onLibraryEvent: () => {
        library.dispatched++;
      },
    });
    const run = await runProbe(subject, setting, {
      title: 'Probe eventsource: with the eventsource package',
      client,
      onRecord: (record) => {
        if (record.kind !== 'note') return;
        const text = stringMember(record.fields, 'text') ?? '';
        if (text.startsWith('eventsource: error: ') && library.dispatched === 0)
          library.refusal ??= text.slice(20);
      },
    });
    const { facts } = run.diagnosed;
    const { dispatched, refusal } = library;
    if (facts.response === null)
      return outcome('failed', `No answer came: ${run.end.error?.message ?? run.end.reason}`, [run]);
    const about = [
      'wrong-content-type',
      'http-status',
      'no-events',
      'event-without-blank-line',
      'body-not-sse',
    ] as const;
    if (dispatched === 0 && facts.events !== 0)
      return outcome(
        'decided',
        `The eventsource package dispatched none of ${plural(facts.events, 'event')}: ${refusal ?? 'it gave up'}.`,
        [run],
        { about },
      );
    if (facts.events === 0)
      return outcome(
        'decided',
        `The eventsource package dispatched no event${refusal === null ? '' : `: ${refusal}`}.`,
        [run],
        { about },
      );
    const same = dispatched === facts.events;
    return outcome(
      'decided',
      same
        ? `The eventsource package dispatched all ${plural(dispatched, 'event')} that the bytes hold.`
        : `The eventsource package dispatched ${plural(dispatched, 'event')}, and the bytes hold ${facts.events}.`,
      [run],
      { about },
    );
  },
};
