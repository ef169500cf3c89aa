import { beforeEach, expect, it, vi } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import type { Diagnosis } from '../../../src/core/findings/diagnosis.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useDiagnosis } from '../../../src/renderer/state/diagnosis.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { useView } from '../../../src/renderer/state/view.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { mount } from '../mount.ts';
import { resetSlices } from '../reset-slices.ts';

const [a, b] = [idOf('a'), idOf('b')];
const broken = { findings: [{ severity: 'error' }] } as unknown as Diagnosis;

beforeEach(resetSlices);

it('diagnoses a running stream only while its findings are shown, and any other at its end', async () => {
  const host = new FakeHost({ 'capture.diagnosis': () => broken });
  useHost.getState().attach(host);
  useCaptures.getState().merge([summaryOf('a', { phase: 'streaming' })]);
  useCaptures.getState().show(a);
  const diagnosis = mount(useDiagnosis, {});
  await vi.waitFor(() => expect(diagnosis.result()).toEqual({ status: 'loading', data: null }));
  useView.getState().setTab('diagnose');
  await vi.waitFor(() => expect(diagnosis.result().status).toBe('ready'));
  useView.getState().setTab('blocks');
  useCaptures.getState().merge([summaryOf('a', { phase: 'ended' })]);
  await vi.waitFor(() => expect(host.callsOf('capture.diagnosis')).toHaveLength(2));
});

it('does not show the failure of one capture for another that was chosen meanwhile', async () => {
  const asked: ((error: Error) => void)[] = [];
  useHost.getState().attach(
    new FakeHost({
      'capture.diagnosis': ({ capture }) =>
        capture === a ? new Promise((_, reject) => asked.push(reject)) : broken,
    }),
  );
  useCaptures.getState().merge([summaryOf('a'), summaryOf('b')]);
  useCaptures.getState().show(a);
  const diagnosis = mount(useDiagnosis, {});
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  useCaptures.getState().show(b);
  asked[0]?.(new Refusal('storage', 'The capture cannot be read.'));
  await vi.waitFor(() => expect(diagnosis.result()).toEqual({ status: 'ready', data: broken }));
  expect(diagnosis.results.map(({ status }) => status)).not.toContain('failed');
});
