import { stringMember } from '../../core/json/json-value.ts';
import { createClient } from '../client/client.ts';
import { plural } from '../../core/text/wording.ts';
import { environmentOf, outcome, type Probe, runProbe } from './probe.ts';

/** Sends the request with the `eventsource` package, and compares what it dispatches with the bytes. */
export const eventsource: Probe = {
  name: 'eventsource',
  requests: 1,
  question: 'Does the eventsource package dispatch all events in the bytes?',
  whyNot: ({ request, diagnosed }) => {
    if (request.method !== 'GET' || request.body !== null)
      return `EventSource can only send GET without a body; this request is ${request.method}.`;
    return diagnosed.request.client === 'eventsource' ? 'The stream was already opened with it.' : null;
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
      return outcome('failed', `No response: ${run.end.error?.message ?? run.end.reason}`, [run]);
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
        ? `The eventsource package dispatched all ${plural(dispatched, 'event')} in the bytes.`
        : `The eventsource package dispatched ${plural(dispatched, 'event')}, but the bytes contain ${facts.events}.`,
      [run],
      { about },
    );
  },
};
