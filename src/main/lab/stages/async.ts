import { breaksOfRung } from '../../../contract/ladder.ts';
import { type LabEvent, event, paced } from '../lab-event.ts';
import { oneOf, wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';

/** Rung 4: events with pauses between them. */
export const asyncStage = streamRoute({
  id: 'async',
  path: '/stages/async',
  title: 'Rung 4: async',
  description:
    'An async generator that awaits between its yields, 1 s by default. Events arrive when they are produced.',
  query: {
    count: wholeNumber({ min: 1, max: 100_000, default: 5 }),
    delay: wholeNumber({ min: 1, max: 60_000, default: 1000 }),
    break: oneOf(breaksOfRung(4)),
  },
  plan: ({ count, delay, break: fault }) => ({
    events: (signal) => paced(numbered(count), delay, signal),
    fault,
  }),
});

function* numbered(count: number): Generator<LabEvent> {
  for (let n = 1; n <= count; n++) yield event(`event ${n} of ${count}`, { id: String(n) });
}
