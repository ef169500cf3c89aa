import { beforeEach, expect, it } from 'vitest';
import type { PlannedProbe } from '../../../src/contract/probes.ts';
import { Refusal } from '../../../src/contract/refusal.ts';
import type { ProbeVerdict } from '../../../src/core/findings/probe-verdict.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { planProbe, sendProbe, useProbes, verdictsOf } from '../../../src/renderer/state/probes.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

const [a, b] = [idOf('a'), idOf('b')];
const plan: PlannedProbe = { probe: 'browser', question: 'Can a page read it?', requests: 2, skipped: null };
const verdict: ProbeVerdict = {
  probe: 'browser',
  state: 'decided',
  text: 'A page can read it.',
  about: [],
  findings: [],
  rung: null,
  captures: [],
};
const stateOf = (capture: typeof a) => useProbes.getState().byCapture.get(capture)?.get('browser');

beforeEach(() => {
  resetSlices();
  useCaptures.getState().merge([summaryOf('a'), summaryOf('b')]);
});

it('plans a probe before it is sent', async () => {
  const host = new FakeHost({ 'probe.plan': () => [plan], 'probe.run': () => verdict });
  useHost.getState().attach(host);
  await planProbe(a, 'browser');
  expect(stateOf(a)).toEqual({ phase: 'planned', plan });
  expect(host.callsOf('probe.run')).toEqual([]);
  await sendProbe(a, plan);
  expect(verdictsOf(useProbes.getState().byCapture.get(a))).toEqual([verdict]);
  expect(stateOf(b)).toBeUndefined();
});

it('reports that another probe is being sent, so that it can be stopped', async () => {
  useHost.getState().attach(
    new FakeHost({
      'probe.run': () => {
        throw new Refusal('busy', 'Another probe is being sent.');
      },
    }),
  );
  await sendProbe(a, plan);
  expect(stateOf(a)).toEqual({ phase: 'refused', problem: 'Another probe is being sent.', isBusy: true });
});

it('drops the probes of a deleted capture, including those in progress', async () => {
  let answer = (_: ProbeVerdict): void => undefined;
  useHost.getState().attach(
    new FakeHost({
      'probe.plan': () => [plan],
      'probe.run': () => new Promise((resolve) => (answer = resolve)),
    }),
  );
  await planProbe(b, 'browser');
  const sent = sendProbe(a, plan);
  useCaptures.getState().remove([a]);
  expect([...useProbes.getState().byCapture.keys()]).toEqual([b]);
  answer(verdict);
  await sent;
  expect([...useProbes.getState().byCapture.keys()]).toEqual([b]);
});
