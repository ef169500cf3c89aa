import { breaksOfRung } from '../../../contract/ladder.ts';
import { type LabEvent, event, paced } from '../lab-event.ts';
import { oneOf, wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';

/** Rung 1: hard-coded events, so that only the sending can fail. */
const helloWorld: readonly LabEvent[] = [
  event('hello world', { id: '1' }),
  event('hello world', { id: '2' }),
  event('hello world', { id: '3' }),
  event('hello world', { id: '4' }),
  event('hello world', { id: '5' }),
];

/** Default time between two events, ms. Long enough for each to arrive before the next is sent. */
export const helloDelay = 25;

/** Yields the five events, `delay` ms apart. */
export function sayHello(delay: number, signal: AbortSignal): AsyncGenerator<LabEvent> {
  return paced(helloWorld, delay, signal);
}

export const endpointStage = streamRoute({
  id: 'endpoint',
  path: '/stages/endpoint',
  title: 'Rung 1: endpoint',
  description: 'Five hard-coded "hello world" events from a plain loop.',
  query: { delay: wholeNumber({ min: 0, max: 60_000, default: helloDelay }), break: oneOf(breaksOfRung(1)) },
  plan: ({ delay, break: fault }) => ({ events: (signal) => sayHello(delay, signal), fault }),
});
