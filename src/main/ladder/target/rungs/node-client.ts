import type { CheckEvidence } from '../../../../contract/ladder.ts';
import {
  chunksOf,
  differingEvents,
  dispatchedBy,
  type DispatchedEvent,
  eventsOf,
  evidence,
} from '../../received-stream.ts';
import { quoted } from '../../stream-checks.ts';
import { eventSourceEvents, rawEvents } from '../split-feed.ts';
import { checkAnswered, checkEvents, checkTargetEnd, checkYields } from '../target-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';

/** Number of bytes to cut at every position. Later bytes rarely differ in kind. */
const mostCuts = 3000;

/** Rung 3 on a target: both Node clients dispatch the same events, at whatever position the bytes are cut. */
export const nodeClientTarget: TargetRung = {
  rung: 3,

  async climb(climb: TargetClimb): Promise<undefined> {
    const stream = await climb.record('The stream, opened by the raw client');
    if (!checkAnswered(climb, stream)) return;
    checkEvents(climb, stream, null);
    checkNothingLost(climb, stream);
    checkUtf8(climb, stream);
    checkYields(climb, stream);
    checkTargetEnd(climb, stream);
    await checkPackage(climb);
    // If the uncut stream fails, cut ones fail too.
    if (climb.checks.every(({ passed }) => passed)) await checkCuts(climb, stream);
  },
};

/** [spec] HTML §9.2.6: "Once the end of the file is reached, any pending data must be discarded." */
function checkNothingLost(climb: TargetClimb, stream: TargetStream): void {
  if (stream.isCut) {
    climb.leaveOut('last-event-is-ended', 'the stream was not read to its end');
    return;
  }
  const lost = stream.derived.blocks.filter(({ kind, data }) => kind === 'discarded' && data !== '');
  climb.check('last-event-is-ended', 'A blank line ends the last event.', lost.length === 0, [
    ...lost.map(({ data, range }) =>
      evidence(stream, `no blank line after ${quoted(data)}: clients discard it`, {
        kind: 'bytes',
        ...range,
      }),
    ),
    ...(lost.length === 0 ? [evidence(stream, `${eventsOf(stream).length} events, all ended`)] : []),
  ]);
}

function checkUtf8(climb: TargetClimb, stream: TargetStream): void {
  const wrong = stream.derived.blocks.filter(({ illFormed }) => illFormed);
  climb.check('bytes-are-utf-8', 'The bytes are well-formed UTF-8.', wrong.length === 0, [
    evidence(stream, `${wrong.length} of ${stream.derived.blocks.length} blocks hold ill-formed UTF-8`),
    ...wrong
      .slice(0, 5)
      .map(({ data, range }) => evidence(stream, quoted(data), { kind: 'bytes', ...range })),
  ]);
}

/** Checks the `eventsource` package on the live stream. It can only send a GET. */
async function checkPackage(climb: TargetClimb): Promise<void> {
  const { method = 'GET', body } = climb.request;
  if (method.toUpperCase() !== 'GET' || body !== undefined) {
    climb.leaveOut('eventsource-receives-all', `EventSource cannot send ${method} or a body`);
    return;
  }
  const stream = await climb.record('The stream, opened by the eventsource package', {
    client: 'eventsource',
  });
  const seen = dispatchedBy(stream);
  if (stream.isCut && seen.length === 0) {
    climb.leaveOut('eventsource-receives-all', 'the stream was cut before its first event');
    return;
  }
  // When the stream was cut, the package may not have read all of it.
  const wrong = differences(
    stream,
    stream.isCut ? eventsOf(stream).slice(0, seen.length) : eventsOf(stream),
    seen,
  );
  const refusal = stream.records.flatMap((record) => {
    const text = record.kind === 'note' && seen.length === 0 ? record.fields['text'] : null;
    return typeof text === 'string' ? [text] : [];
  });
  climb.check(
    'eventsource-receives-all',
    'The eventsource package dispatches the events in the bytes.',
    wrong.length === 0 && seen.length > 0,
    [
      evidence(stream, `${seen.length} events dispatched, ${eventsOf(stream).length} in the bytes`),
      ...wrong.slice(0, 5),
      ...refusal.slice(0, 1).map((text) => evidence(stream, text)),
    ],
  );
}

/** Feeds the captured stream to both clients, cut at every position. */
async function checkCuts(climb: TargetClimb, stream: TargetStream): Promise<void> {
  const whole = Buffer.concat(chunksOf(stream).map(({ bytes }) => bytes));
  const body = whole.subarray(0, prefixLength(stream, whole.length));
  const expected = rawEvents([body]);
  const cuts = Array.from({ length: Math.min(body.length, mostCuts) - 1 }, (_, n) => n + 1);
  const clients = { raw: async (pieces: Uint8Array[]) => rawEvents(pieces), eventsource: eventSourceEvents };
  for (const [client, feed] of Object.entries(clients)) {
    const wrong: CheckEvidence[] = [];
    for (const cut of cuts) {
      climb.setting.signal.throwIfAborted();
      const [first] = differences(stream, expected, await feed([body.subarray(0, cut), body.subarray(cut)]));
      if (first !== undefined) wrong.push({ ...first, text: `cut at byte ${cut}: ${first.text}` });
    }
    const part = body.length < whole.length ? `, the first ${body.length} bytes of ${whole.length}` : '';
    climb.check(
      `${client}-at-every-split`,
      `The ${client} client dispatches the same events at every split point.`,
      wrong.length === 0 && cuts.length > 0,
      [
        evidence(stream, `${cuts.length} split points${part}, ${wrong.length} with other events`),
        ...wrong.slice(0, 5),
      ],
    );
  }
}

/** The length of the first blocks within `mostCuts` bytes; at least one block. */
function prefixLength(stream: TargetStream, length: number): number {
  const ends = stream.derived.blocks.map(({ range }) => range.end);
  const last = ends.findLast((end) => end <= mostCuts) ?? ends[0];
  return last === undefined || length <= mostCuts ? length : last;
}

function differences(
  stream: TargetStream,
  expected: readonly DispatchedEvent[],
  got: readonly DispatchedEvent[],
): CheckEvidence[] {
  return differingEvents(expected, got).map((event) =>
    evidence(stream, `event ${event.seq} is ${shown(event.got)}, expected ${shown(event.expected)}`),
  );
}

function shown(event: DispatchedEvent | undefined): string {
  return event === undefined ? 'missing' : `${event.type} ${quoted(event.data)}`;
}
