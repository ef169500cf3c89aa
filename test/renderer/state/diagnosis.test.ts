import { beforeEach, expect, it, vi } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import type { Diagnosis } from '../../../src/core/findings/diagnosis.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useDiagnosis } from '../../../src/renderer/state/diagnosis.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

const [a, b] = [idOf('a'), idOf('b')];
const broken = { findings: [{ severity: 'error' }] } as unknown as Diagnosis;

beforeEach(resetSlices);

it('forgets the worst finding of a capture that was deleted', async () => {
  useHost.getState().attach(new FakeHost({ 'capture.diagnosis': () => broken }));
  useCaptures.getState().merge([summaryOf('a'), summaryOf('b')]);
  useCaptures.getState().show(a);
  await vi.waitFor(() => expect(useDiagnosis.getState().worst.get(a)).toBe('error'));
  useCaptures.getState().remove([a]);
  expect(useDiagnosis.getState().worst.has(a)).toBe(false);
});

it('does not show a refusal about one capture at another that was chosen meanwhile', async () => {
  const asked: ((error: Error) => void)[] = [];
  useHost.getState().attach(
    new FakeHost({
      'capture.diagnosis': ({ capture }) =>
        capture === a ? new Promise((_, reject) => asked.push(reject)) : broken,
    }),
  );
  useCaptures.getState().merge([summaryOf('a'), summaryOf('b')]);
  useCaptures.getState().show(a);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  const problems: unknown[] = [];
  const release = useDiagnosis.subscribe(({ problem }) => problems.push(problem));
  useCaptures.getState().show(b);
  asked[0]?.(new Refusal('storage', 'The capture cannot be read.'));
  await vi.waitFor(() => expect(useDiagnosis.getState().diagnosis).toBe(broken));
  release();
  expect(problems.filter((problem) => problem !== null)).toEqual([]);
});
