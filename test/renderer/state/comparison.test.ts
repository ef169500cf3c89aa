import { beforeEach, expect, it, vi } from 'vitest';
import type { ComparisonView } from '../../../src/contract/comparison.ts';
import { Refusal } from '../../../src/contract/refusal.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useComparison, useComparisonView } from '../../../src/renderer/state/comparison.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { useLabLog } from '../../../src/renderer/state/lab-log.ts';
import { useLadder } from '../../../src/renderer/state/ladder.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { mount } from '../mount.ts';
import { resetSlices } from '../reset-slices.ts';

const [a, b] = [idOf('a'), idOf('b')];

beforeEach(() => {
  resetSlices();
  useCaptures.getState().merge([summaryOf('a'), summaryOf('b')]);
});

it('shows the comparison that was requested last', async () => {
  const answers: ((view: ComparisonView) => void)[] = [];
  const host = new FakeHost({ 'captures.compare': () => new Promise((resolve) => answers.push(resolve)) });
  useHost.getState().attach(host);
  const shown = mount(useComparisonView, {});
  useComparison.getState().compare(a, b);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  useComparison.getState().swap();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  const view = (comparison: string) => ({ comparison }) as ComparisonView;
  answers[1]?.(view('second'));
  answers[0]?.(view('first'));
  await vi.waitFor(() => expect(shown.result().data?.comparison).toBe('second'));
  expect(useComparison.getState().shown).toEqual({ a: b, b: a });
});

it('reports why the host refused to compare, and asks again', async () => {
  let refuses = true;
  useHost.getState().attach(
    new FakeHost({
      'captures.compare': () => {
        if (refuses) throw new Refusal('storage', 'The capture cannot be read.');
        return { comparison: 'one' } as ComparisonView;
      },
    }),
  );
  const shown = mount(useComparisonView, {});
  useComparison.getState().compare(a, b);
  await vi.waitFor(() =>
    expect(shown.result()).toMatchObject({ status: 'failed', problem: 'The capture cannot be read.' }),
  );
  refuses = false;
  useComparison.getState().again();
  await vi.waitFor(() =>
    expect(shown.result()).toMatchObject({ status: 'ready', data: { comparison: 'one' } }),
  );
});

it('closes when a capture, a rung or the log is shown, and when one of the two is deleted', () => {
  const { compare } = useComparison.getState();
  for (const leave of [
    () => useCaptures.getState().show(a),
    () => useLadder.getState().show(4),
    () => useLabLog.getState().show(true),
    () => useCaptures.getState().remove([b]),
  ]) {
    compare(a, b);
    expect(useComparison.getState().shown).not.toBeNull();
    expect(useLadder.getState().shown).toBeNull();
    expect(useLabLog.getState().shown).toBe(false);
    leave();
    expect(useComparison.getState().shown).toBeNull();
  }
});
