import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { fromBeginning, type ReplayStart } from '../../../src/core/replay/start.ts';
import { type ReplayStep, replaySteps } from '../../../src/core/replay/steps.ts';
import { type ReplaySurvey, surveyReplay } from '../../../src/core/replay/survey.ts';
import { recordedVariant, type ReplayVariant } from '../../../src/core/replay/variant.ts';

/** What a replay of these records does. */
export async function scriptOf(
  records: readonly CaptureRecord[],
  variant: Partial<ReplayVariant> = {},
  start: ReplayStart = fromBeginning,
): Promise<ReplayStep[]> {
  const steps: ReplayStep[] = [];
  const survey = await surveyed(records);
  for await (const step of replaySteps(records, start, { ...recordedVariant, ...variant }, survey)) {
    steps.push(step);
  }
  return steps;
}

/** What is known of a capture that has something to serve. */
export async function surveyed(records: readonly CaptureRecord[]): Promise<ReplaySurvey> {
  const survey = await surveyReplay(records);
  if (survey === null) throw new Error('nothing to serve');
  return survey;
}

/** The pieces as text, a byte a character. */
export function piecesOf(steps: readonly ReplayStep[]): string[] {
  return steps.flatMap((step) => (step.kind === 'piece' ? [Buffer.from(step.bytes).toString('latin1')] : []));
}

/** The body that they add up to. */
export function bodyOf(steps: readonly ReplayStep[]): string {
  return piecesOf(steps).join('');
}

/** When each piece is due. */
export function timesOf(steps: readonly ReplayStep[]): (number | null)[] {
  return steps.flatMap((step) => (step.kind === 'piece' ? [step.at] : []));
}
