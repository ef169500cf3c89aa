import { breaksOfRung } from '../../../contract/ladder.ts';
import { oneOf, wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';
import { helloDelay, sayHello } from './endpoint.ts';

/** Rung 2: the stream of rung 1, for a page of another origin. */
export const browserStage = streamRoute({
  id: 'browser',
  path: '/stages/browser',
  title: 'Rung 2: browser',
  description: 'The stream of rung 1 with CORS for the application’s page, so that a browser can read it.',
  query: { delay: wholeNumber({ min: 0, max: 60_000, default: helloDelay }), break: oneOf(breaksOfRung(2)) },
  plan: ({ delay, break: fault }) => ({
    events: (signal) => sayHello(delay, signal),
    cors: fault === null,
    ...(fault === 'foreign-cors'
      ? { headers: { 'access-control-allow-origin': 'http://another.example' } }
      : {}),
  }),
});
