import type { CheckEvidence } from '../../../../contract/ladder.ts';
import type { JsonDocument } from '../../../../core/json/documents.ts';
import { event, formatEvent } from '../../../lab/lab-event.ts';
import { cutText, malformedText, stepText } from '../../../lab/stages/json.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import { chunksOf, eventsOf, evidence } from '../../received-stream.ts';
import { checkEnd, documentPoints, jsonState } from '../../stream-checks.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';
import type { LabStream } from '../lab-stream.ts';

const count = 5;
/** Number of parallel requests while every cut is tried. */
const width = 6;

/** Rung 5: the documents equal what was sent, wherever they were cut. */
export const jsonRung: LabRung = {
  rung: 5,
  proves: 'Payloads parse, even if a JSON text is cut over events or chunks.',
  idea:
    'Data is parsed when an event is dispatched, not when a chunk arrives. ' +
    'A text that is cut over events is kept until it is complete. Malformed JSON is reported with its position.',

  async climb(climb: LabClimb): Promise<undefined> {
    const stream = await climb.record('{"step":1} to {"step":5}', climb.path('/stages/json', { count }));
    const steps = Array.from({ length: count }, (_, n) => stepText(n + 1));
    checkDocuments(
      climb,
      stream,
      'documents-equal-what-was-sent',
      'Every payload is the JSON that was sent.',
      steps,
    );
    checkEnd(climb, stream);
    // The other modes do not apply the break.
    if (climb.fault !== null) return;
    await checkCutOverChunks(climb);
    await checkCutOverEvents(climb);
    await checkSeveral(climb);
    await checkMalformed(climb);
    await checkTruncated(climb);
  },
};

function checkDocuments(
  climb: LabClimb,
  stream: LabStream,
  name: string,
  title: string,
  expected: readonly string[],
): void {
  const { documents } = stream.derived;
  const wrong = differences(stream, documents, expected);
  climb.check(name, title, wrong.length === 0, [
    evidence(
      stream,
      `${documents.length} documents in ${eventsOf(stream).length} events, ${expected.length} sent`,
    ),
    ...wrong.slice(0, 5),
  ]);
}

function differences(
  stream: LabStream,
  documents: readonly JsonDocument[],
  expected: readonly string[],
): CheckEvidence[] {
  const wrong: CheckEvidence[] = [];
  for (let index = 0; index < Math.max(documents.length, expected.length); index++) {
    const document = documents[index];
    if (document === undefined)
      wrong.push(evidence(stream, `document ${index} is missing: ${expected[index]}`));
    else if (document.state !== 'complete' || document.text !== expected[index]) {
      const text = `document ${index} is ${jsonState(document)}: ${document.text} (sent ${expected[index] ?? 'nothing'})`;
      wrong.push(evidence(stream, text, ...documentPoints(document)));
    }
  }
  return wrong;
}

/** Checks one event in two chunks, cut at every byte, also inside UTF-8. */
async function checkCutOverChunks(climb: LabClimb): Promise<void> {
  const { length } = formatEvent(event(cutText));
  const { streams, cuts } = await everyCut(climb, 'chunks', length);
  const wrong = streams.flatMap((stream, n) =>
    chunksOf(stream).length < 2
      ? [evidence(stream, `cut at byte ${cuts[n]}: not delivered as two chunks`)]
      : differences(stream, stream.derived.documents, [cutText]),
  );
  climb.check('cut-over-chunks', 'A payload in two chunks parses, wherever it is cut.', wrong.length === 0, [
    evidence(null, `${cuts.length} cuts, ${wrong.length} of them wrong`),
    ...wrong.slice(0, 5),
  ]);
  await climb.record('A payload cut inside UTF-8', climb.path('/stages/json', { mode: 'chunks' }));
}

/** Checks one text in two events, cut at every character. */
async function checkCutOverEvents(climb: LabClimb): Promise<void> {
  const { streams, cuts } = await everyCut(climb, 'events', cutText.length);
  const wrong = streams.flatMap((stream) =>
    eventsOf(stream).length === 2
      ? differences(stream, stream.derived.documents, [cutText])
      : [evidence(stream, `${eventsOf(stream).length} events instead of two`)],
  );
  climb.check(
    'cut-over-events',
    'A text in two events is one document, wherever it is cut.',
    wrong.length === 0,
    [evidence(null, `${cuts.length} cuts, ${wrong.length} of them wrong`), ...wrong.slice(0, 5)],
  );
  await climb.record('A text cut over two events', climb.path('/stages/json', { mode: 'events' }));
}

async function everyCut(
  climb: LabClimb,
  mode: string,
  length: number,
): Promise<{ streams: readonly LabStream[]; cuts: readonly number[] }> {
  const cuts = Array.from({ length: length - 1 }, (_, n) => n + 1);
  const streams = await inParallel(cuts, width, (cut) =>
    climb.open(climb.path('/stages/json', { mode, cut })),
  );
  return { streams, cuts };
}

async function checkSeveral(climb: LabClimb): Promise<void> {
  const stream = await climb.record(
    'Several texts in one event',
    climb.path('/stages/json', { mode: 'several' }),
  );
  const title = 'Two texts in one event are two documents.';
  checkDocuments(climb, stream, 'several-in-one-event', title, [stepText(1), stepText(2), stepText(3)]);
}

async function checkMalformed(climb: LabClimb): Promise<void> {
  const stream = await climb.record('A malformed payload', climb.path('/stages/json', { mode: 'malformed' }));
  const [before, wrong, after] = stream.derived.documents;
  const passed =
    before?.state === 'complete' &&
    wrong?.state === 'malformed' &&
    wrong.problem?.at === malformedText.problemAt &&
    after?.text === stepText(3) &&
    after.state === 'complete';
  const found = `document 1 is ${wrong?.state ?? 'missing'} at ${wrong?.problem?.at ?? 'no position'}`;
  const text = `${found}, sent malformed at ${malformedText.problemAt}: ${wrong?.problem?.message ?? ''}`;
  climb.check(
    'malformed-is-flagged',
    'Malformed JSON is reported at its position, and its neighbours parse.',
    passed,
    [evidence(stream, text, { kind: 'document', index: 1 })],
  );
}

async function checkTruncated(climb: LabClimb): Promise<void> {
  const stream = await climb.record(
    'A text that never ends',
    climb.path('/stages/json', { mode: 'truncated' }),
  );
  const [first, second, ...more] = stream.derived.documents;
  const passed = first?.state === 'complete' && second?.state === 'partial' && more.length === 0;
  const text = `documents: ${stream.derived.documents.map(({ state }) => state).join(', ')}`;
  climb.check('unfinished-is-given-up', 'A text that never ends is reported as partial.', passed, [
    evidence(stream, text, { kind: 'document', index: 1 }),
  ]);
}
