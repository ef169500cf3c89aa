import { oneOf, oneOfFirst, wholeNumber } from '../route-query.ts';
import { inPieces, trickyStream } from '../stages/node-client.ts';
import { streamRoute } from '../stream-route.ts';

const places = ['everywhere', 'utf8', 'crlf', 'field-name'] as const;

/** A stream that is cut at the places where parsers fail. */
export const split = streamRoute({
  id: 'split',
  path: '/scenarios/split',
  title: 'Split points',
  description:
    'A stream that is cut after every "size" bytes, or only inside UTF-8 sequences, CRLFs or field names.',
  query: {
    inside: oneOfFirst(places),
    /** Bytes in a piece, for `inside=everywhere`. */
    size: wholeNumber({ min: 1, max: 1000, default: 1 }),
    delay: wholeNumber({ min: 0, max: 60_000, default: 5 }),
    break: oneOf(['no-final-blank-line', 'utf8-broken', 'premature-close']),
  },
  plan: ({ inside, size, delay, break: fault }) => ({
    events: (signal) => inPieces(trickyStream, cutsInside(trickyStream, inside, size), signal, delay),
    fault,
    cors: true,
  }),
});

/** The byte positions of the cuts, increasing. */
function cutsInside(bytes: Uint8Array, inside: (typeof places)[number], size: number): readonly number[] {
  const cuts: number[] = [];
  for (let at = 1; at < bytes.length; at++) {
    const before = bytes[at - 1] ?? 0;
    const after = bytes[at] ?? 0;
    const continues = (after & 0xc0) === 0x80;
    const inName = String.fromCharCode(before, after) === 'da' || String.fromCharCode(before, after) === 'ev';
    if (
      (inside === 'everywhere' && at % size === 0) ||
      (inside === 'utf8' && continues) ||
      (inside === 'crlf' && before === 0x0d && after === 0x0a) ||
      (inside === 'field-name' && inName && (bytes[at - 2] === 0x0a || bytes[at - 2] === 0x0d))
    ) {
      cuts.push(at);
    }
  }
  return cuts;
}
