import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runAction } from '../../../src/renderer/actions/actions.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useDialogs } from '../../../src/renderer/state/dialogs.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { FakeHost, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

beforeEach(resetSlices);

describe('actions', () => {
  it('do nothing while they are not available', () => {
    const host = new FakeHost({ 'stream.stop': () => null });
    useHost.getState().attach(host);
    runAction('stop');
    runAction('delete');
    runAction('export');
    expect(host.calls).toEqual([]);
    expect(useDialogs.getState().open).toBeNull();
  });

  it('stop the current stream', async () => {
    const live = summaryOf('live', { phase: 'streaming', end: null });
    const host = new FakeHost({ 'stream.stop': () => null });
    useHost.getState().attach(host);
    useCaptures.getState().merge([live, summaryOf('other')]);
    useCaptures.getState().show(live.id);
    runAction('stop');
    await vi.waitFor(() => expect(host.callsOf('stream.stop')).toEqual([{ capture: live.id }]));
  });

  it('ask for confirmation before a capture is deleted', () => {
    const capture = summaryOf('one');
    useCaptures.getState().merge([capture]);
    useCaptures.getState().show(capture.id);
    runAction('delete');
    expect(useDialogs.getState().open).toEqual({ kind: 'delete', capture: capture.id });
  });

  it('move through the captures and stop at both ends', () => {
    const captures = ['3', '2', '1'].map((n) =>
      summaryOf(`n${n}`, { startedAt: `2025-11-2${n}T00:00:00.000Z` }),
    );
    useCaptures.getState().merge(captures);
    const shown: (string | null)[] = [];
    for (const action of [
      'next-capture',
      'next-capture',
      'next-capture',
      'next-capture',
      'previous-capture',
    ] as const) {
      runAction(action);
      shown.push(useCaptures.getState().current);
    }
    expect(shown).toEqual(['capture-n3', 'capture-n2', 'capture-n1', 'capture-n1', 'capture-n2']);
  });
});
