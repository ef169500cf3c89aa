import type { CheckEvidence } from '../../../../contract/ladder.ts';
import { trickyStream } from '../../../lab/stages/node-client.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import {
  chunksOf,
  differingEvents,
  dispatchedBy,
  type DispatchedEvent,
  eventsOf,
  evidence,
} from '../../received-stream.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';
import type { LabStream } from '../lab-stream.ts';

/** The events of the stage, written by hand, so that no client judges another. */
const expectedEvents = [
  { type: 'message', data: 'CRLF ends these lines', lastEventId: '1' },
  { type: 'greeting', data: 'Grüße, 世界 🌍', lastEventId: '2' },
  { type: 'message', data: 'two\nlines', lastEventId: '2' },
  { type: 'message', data: 'CR\nalone', lastEventId: '2' },
  { type: 'greeting', data: 'no space', lastEventId: '' },
  { type: 'json', data: '{"step":1,"text":"é"}', lastEventId: '3' },
] as const;

/** Number of parallel requests while every split point is tried. */
const width = 6;

/** Rung 3: both Node clients dispatch the same events, wherever the bytes are split. */
export const nodeClientRung: LabRung = {
  rung: 3,
  proves: 'A Node client receives the stream, wherever its bytes are split.',
  idea:
    'A chunk may end anywhere: it is not a line, and a line is not an event. ' +
    'The eventsource package and the raw client receive the same bytes, cut at every position.',

  async climb(climb: LabClimb): Promise<undefined> {
    for (const client of ['raw', 'eventsource'] as const) {
      const stream = await climb.record(`Uncut, ${client} client`, climb.path('/stages/node-client'), {
        client,
      });
      const wrong = differences(stream);
      climb.check(
        `${client}-receives-all`,
        `The ${client} client receives every event of the uncut stream.`,
        wrong.length === 0,
        wrong.length > 0
          ? wrong
          : [
              evidence(stream, `${expectedEvents.length} events, as expected`, {
                kind: 'bytes',
                start: 0,
                end: trickyStream.length,
              }),
            ],
      );
    }
    // If the uncut stream fails, cut ones fail too.
    if (climb.checks.some(({ passed }) => !passed)) return;
    const cuts = Array.from({ length: trickyStream.length - 1 }, (_, n) => n + 1);
    for (const client of ['raw', 'eventsource'] as const) await checkCuts(climb, client, cuts);
  },
};

async function checkCuts(
  climb: LabClimb,
  client: 'raw' | 'eventsource',
  cuts: readonly number[],
): Promise<void> {
  const path = (cut: number): string => climb.path('/stages/node-client', { cut });
  const wrong: { cut: number; evidence: CheckEvidence }[] = [];
  let seen = 0;
  await inParallel(cuts, width, async (cut) => {
    const stream = await climb.open(path(cut), { client });
    if (isCutAt(stream, cut)) seen++;
    const [first] = differences(stream);
    if (first !== undefined)
      wrong.push({ cut, evidence: { ...first, text: `cut at byte ${cut}: ${first.text}` } });
  });
  wrong.sort((a, b) => a.cut - b.cut);
  const [worst] = wrong;
  if (worst !== undefined)
    await climb.record(`Cut at byte ${worst.cut}, ${client} client`, path(worst.cut), { client });
  climb.check(
    `${client}-at-every-split`,
    `The ${client} client receives the same events at every split point.`,
    wrong.length === 0 && seen === cuts.length,
    [
      evidence(
        null,
        `${cuts.length} split points, ${seen} received as two chunks, ${wrong.length} with wrong events`,
      ),
      ...wrong.slice(0, 5).map((each) => each.evidence),
    ],
  );
}

/** Whether the client received a chunk that ends at the cut. */
function isCutAt(stream: LabStream, cut: number): boolean {
  let at = 0;
  for (const { bytes } of chunksOf(stream)) {
    at += bytes.length;
    if (at === cut) return true;
  }
  return false;
}

/** How the stream differs from what was sent: in bytes, in events, and in those of the `eventsource` package. */
function differences(stream: LabStream): CheckEvidence[] {
  const found: CheckEvidence[] = [];
  const body = Buffer.concat(chunksOf(stream).map(({ bytes }) => bytes));
  if (!body.equals(trickyStream)) {
    const start = body.findIndex((byte, at) => byte !== trickyStream[at]);
    const at = start === -1 ? Math.min(body.length, trickyStream.length) : start;
    const end = Math.min(at + 1, body.length);
    const text = `${body.length} bytes of ${trickyStream.length}, different from byte ${at}`;
    found.push(evidence(stream, text, { kind: 'bytes', start: Math.min(at, end), end }));
  }
  const dispatched = stream.end.reason === 'complete' ? dispatchedBy(stream) : [];
  for (const [name, events] of [
    ['the bytes give', eventsOf(stream)],
    ['the package gives', dispatched.length > 0 ? dispatched : expectedEvents],
  ] as const) {
    for (const { seq, expected, got } of differingEvents(expectedEvents, events)) {
      const text = `${name} ${show(got)} as event ${seq}, expected ${show(expected)}`;
      found.push(evidence(stream, text, ...(got === undefined ? [] : [{ kind: 'event', seq } as const])));
    }
  }
  return found;
}

function show(event: DispatchedEvent | undefined): string {
  return event === undefined
    ? 'nothing'
    : `${event.type} ${JSON.stringify(event.data)} (id ${JSON.stringify(event.lastEventId)})`;
}
