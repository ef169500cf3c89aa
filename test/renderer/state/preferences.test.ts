import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyKeptDraft } from '../../../src/contract/kept-draft.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { usePreferences, writePreferences } from '../../../src/renderer/state/preferences.ts';
import { FakeHost } from '../fake-host.ts';

let host: FakeHost;

beforeEach(() => {
  vi.useFakeTimers();
  usePreferences.setState(usePreferences.getInitialState(), true);
  host = new FakeHost({
    'preferences.get': () => ({
      theme: 'dark',
      panes: { left: 300, right: 400, timeline: 150 },
      draft: emptyKeptDraft,
      ladder: { on: 'lab', url: '', rungs: ['', '', '', '', '', '', ''] },
      captureLimits: { size: 10e9, ratio: 200 },
    }),
    'preferences.set': () => null,
  });
  useHost.getState().attach(host);
});

afterEach(() => {
  writePreferences();
  vi.useRealTimers();
});

describe('preferences', () => {
  it('are read from the host', async () => {
    await usePreferences.getState().load();
    expect(usePreferences.getState()).toMatchObject({ theme: 'dark', panes: { left: 300 } });
  });

  it('are written once for many changes, with the last of each', async () => {
    await usePreferences.getState().load();
    for (let left = 200; left < 260; left += 1) {
      usePreferences.getState().change({ panes: { left, right: 400, timeline: 150 } });
    }
    usePreferences.getState().change({ theme: 'light' });
    vi.runAllTimers();
    expect(host.callsOf('preferences.set')).toEqual([
      { panes: { left: 259, right: 400, timeline: 150 }, theme: 'light' },
    ]);
  });

  it('are written at once when the window closes', async () => {
    await usePreferences.getState().load();
    usePreferences.getState().change({ theme: 'light' });
    writePreferences();
    expect(host.callsOf('preferences.set')).toEqual([{ theme: 'light' }]);
  });

  it('are not written before they were read, so that defaults do not replace them', () => {
    usePreferences.getState().change({ theme: 'light' });
    vi.runAllTimers();
    expect(host.callsOf('preferences.set')).toEqual([]);
  });
});
