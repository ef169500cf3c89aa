import { type LabEvent, event, paced } from '../lab-event.ts';
import { wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';
import { deliveredAs, scenarioQuery } from './scenario-query.ts';

/** One tick a second, resumed after a reconnect. */
export const clock = streamRoute({
  id: 'clock',
  path: '/scenarios/clock',
  title: 'Clock',
  description:
    'One tick a second with ids, resumed after Last-Event-ID. "part" ends each connection after that many ticks.',
  query: {
    ...scenarioQuery({ count: 60, delay: 1000 }),
    /** Ends the connection after this many ticks, so that the client has to reconnect; 0 for never. */
    part: wholeNumber({ min: 0, max: 1_000_000, default: 0 }),
    /** Reconnection time sent with the first tick, ms. */
    retry: wholeNumber({ min: 0, max: 3_600_000, default: 2000 }),
  },
  plan: (query, { request }) => {
    const last = request.headers['last-event-id'];
    const first = typeof last === 'string' && /^\d{1,9}$/.test(last) ? Number(last) + 1 : 1;
    const end = query.part === 0 ? query.count : Math.min(query.count, first + query.part - 1);
    return {
      ...deliveredAs(query),
      events: (signal) => paced(ticks(first, end, query.retry), query.delay, signal),
    };
  },
});

function* ticks(first: number, last: number, retry: number): Generator<LabEvent> {
  for (let tick = first; tick <= last; tick++) {
    const fields = { event: 'tick', id: String(tick) };
    yield event(JSON.stringify({ tick }), tick === first ? { ...fields, retry } : fields);
  }
}
