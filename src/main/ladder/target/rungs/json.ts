import type { JsonDocument } from '../../../../core/json/documents.ts';
import { eventsOf, evidence } from '../../received-stream.ts';
import { documentPoints, jsonState, quoted } from '../../stream-checks.ts';
import { checkAnswered, checkTargetEnd, checkYields } from '../target-checks.ts';
import type { TargetClimb, TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';

/** Rung 5 on a target: every payload is JSON, and the steps count up. */
export const jsonTarget: TargetRung = {
  rung: 5,

  async climb(climb: TargetClimb): Promise<{ readonly skipped: string } | undefined> {
    const stream = await climb.record('Events with JSON');
    if (!checkAnswered(climb, stream)) return undefined;
    const states = stream.derived.payloads.flatMap((payload) => payload?.state ?? []);
    const isJson = states.some(
      (state) => state === 'complete' || state === 'partial' || state === 'malformed',
    );
    if (!isJson && !climb.request.own) {
      return { skipped: `none of the ${states.length} payloads looks like JSON` };
    }
    checkPayloads(climb, stream);
    if (climb.request.own) checkSteps(climb, stream);
    checkYields(climb, stream);
    checkTargetEnd(climb, stream);
    return undefined;
  },
};

function checkPayloads(climb: TargetClimb, stream: TargetStream): void {
  const { documents } = stream.derived;
  const wrong = documents.filter(({ state }) => state !== 'complete' && state !== 'sentinel');
  // A limit may have cut the last document.
  const counted = stream.isCut ? wrong.filter(({ index }) => index < documents.length - 1) : wrong;
  climb.check(
    'every-payload-is-json',
    'Every payload is a complete JSON text or the sentinel.',
    documents.length > 0 && counted.length === 0,
    [
      evidence(
        stream,
        `${documents.length} payloads in ${eventsOf(stream).length} events, ${counted.length} of them not JSON`,
      ),
      ...counted
        .slice(0, 5)
        .map((document) => evidence(stream, problemOf(document), ...documentPoints(document))),
    ],
  );
}

function problemOf(document: JsonDocument): string {
  const { index, text } = document;
  // A Python dict as text looks like JSON.
  const advice = /^\s*[{[]\s*'/.test(text) ? ' (a Python repr: use json.dumps)' : '';
  return `payload ${index} is ${jsonState(document)}: ${quoted(text)}${advice}`;
}

/** Checks that the payloads are `{"step":1}`, `{"step":2}` and so on. */
function checkSteps(climb: TargetClimb, stream: TargetStream): void {
  const steps = stream.derived.documents.map(({ text }) => stepOf(text));
  const wrong = steps.findIndex((step, index) => step !== index + 1);
  const counts = steps.length > 1 && wrong === -1;
  const found = counts
    ? `steps 1 to ${steps.length}`
    : `payload ${Math.max(wrong, 0)} has ${steps[Math.max(wrong, 0)] === undefined ? 'no “step”' : `step ${String(steps[Math.max(wrong, 0)])}`}`;
  climb.check('steps-count-up', 'The steps in the payloads count up from 1.', counts, [
    evidence(stream, found),
  ]);
}

function stepOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly step?: unknown } | null)?.step;
  } catch {
    return undefined;
  }
}
