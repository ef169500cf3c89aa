import { breaksOfRung } from '../../../contract/ladder.ts';
import { z } from 'zod';
import { Refusal } from '../../../contract/refusal.ts';
import { type LabEvent, pause } from '../lab-event.ts';
import { oneOf } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';

/**
 * Rung 3: a stream with every kind of split point. It begins with a BOM, uses all three line endings, characters of one to
 * four bytes, data of several lines, and every field.
 */
export const trickyStream: Uint8Array = Buffer.from(
  [
    '\uFEFF: split me anywhere\r\n\r\n',
    'retry: 2500\r\nid: 1\r\ndata: CRLF ends these lines\r\n\r\n',
    'event: greeting\nid: 2\ndata: Grüße, 世界 🌍\n\n',
    'data: two\ndata: lines\n\n',
    'data: CR\rdata: alone\r\r',
    'event: greeting\ndata:no space\nid\n\n',
    'event: json\ndata: {"step":1,"text":"é"}\nid: 3\n\n',
  ].join(''),
);

export const nodeClientStage = streamRoute({
  id: 'node-client',
  path: '/stages/node-client',
  title: 'Rung 3: Node client',
  description: `${trickyStream.length} bytes with every kind of split point, cut at the positions in the query.`,
  query: {
    /** Byte positions of the cuts, separated by commas. */
    cut: z
      .string()
      .regex(/^\d{1,4}(,\d{1,4}){0,999}$/, 'must be byte positions, separated by commas')
      .optional(),
    break: oneOf(breaksOfRung(3)),
  },
  plan: ({ cut, break: fault }) => {
    const cuts = cut === undefined ? [] : cut.split(',').map(Number);
    if (cuts.some((at, n) => at < 1 || at >= trickyStream.length || at <= (cuts[n - 1] ?? 0))) {
      throw new Refusal(
        'bad-params',
        `cut must be increasing positions from 1 to ${trickyStream.length - 1}`,
      );
    }
    return { events: (signal) => inPieces(trickyStream, cuts, signal), fault };
  },
});

/** Yields the bytes in pieces that end at the given positions, one write each. */
export async function* inPieces(
  bytes: Uint8Array,
  cuts: readonly number[],
  signal: AbortSignal,
  delay = 0,
): AsyncGenerator<LabEvent> {
  const ends = [...cuts, bytes.length];
  let start = 0;
  for (const end of ends) {
    if (start > 0) await pause(delay, signal);
    yield { kind: 'bytes', bytes: bytes.subarray(start, end), text: `bytes ${start} to ${end}` };
    start = end;
  }
}
