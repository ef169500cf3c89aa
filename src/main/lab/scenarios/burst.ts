import { Refusal } from '../../../contract/refusal.ts';
import { type LabEvent, event, pause } from '../lab-event.ts';
import { wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';
import { deliveredAs, scenarioQuery } from './scenario-query.ts';

const mostBytes = 4 * 1024 ** 3;

/** Events as fast as the client reads. */
export const burst = streamRoute({
  id: 'burst',
  path: '/scenarios/burst',
  title: 'Burst',
  description:
    'Events of "size" bytes of data, as fast as the client reads them. By default 10,000 events of 256 bytes.',
  query: {
    ...scenarioQuery({ count: 10_000, delay: 0 }),
    /** Bytes of data in each event. */
    size: wholeNumber({ min: 8, max: 32 * 1024 * 1024, default: 256 }),
  },
  plan: (query) => {
    if (query.count * query.size > mostBytes)
      throw new Refusal('bad-params', 'count times size is over 4 GiB');
    return { ...deliveredAs(query), events: (signal) => events(query, signal) };
  },
});

async function* events(
  { count, size, delay }: { count: number; size: number; delay: number },
  signal: AbortSignal,
): AsyncGenerator<LabEvent> {
  const filler = 'x'.repeat(size);
  for (let n = 1; n <= count; n++) {
    if (n > 1 && delay > 0) await pause(delay, signal);
    const number = String(n).padStart(8, '0');
    yield event(number + filler.slice(number.length), { id: String(n) });
  }
}
