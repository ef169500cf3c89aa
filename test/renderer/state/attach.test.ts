import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { emptyKeptDraft } from '../../../src/contract/kept-draft.ts';
import type { ActionId } from '../../../src/contract/window-actions.ts';
import { attachHost } from '../../../src/renderer/state/attach.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useDraft } from '../../../src/renderer/state/draft.ts';
import type { Clock } from '../../../src/renderer/state/frame-batch.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { usePreferences } from '../../../src/renderer/state/preferences.ts';
import { FakeHost, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

const capture = summaryOf('one');

/** A clock whose next frame comes when the test says so. */
function handClock() {
  const frames: (() => void)[] = [];
  const clock: Clock = { requestFrame: (run) => frames.push(run), delay: () => {} };
  const frame = (): void => {
    for (const run of frames.splice(0)) run();
  };
  return { clock, frame };
}

function attach() {
  const host = new FakeHost({
    'captures.list': () => [],
    'preferences.get': () => ({
      ...usePreferences.getInitialState(),
      draft: { ...emptyKeptDraft, url: 'https://example.test/last' },
    }),
  });
  const menu: ActionId[] = [];
  const { clock, frame } = handClock();
  const release = attachHost(host, (action) => menu.push(action), clock);
  // What listens on would act on the slices of the tests after this one.
  onTestFinished(release);
  return { host, menu, frame, release };
}

beforeEach(resetSlices);

describe('events of the host', () => {
  it('update a capture once per frame, with the newest summary', () => {
    const { host, frame } = attach();
    let updates = 0;
    useCaptures.subscribe(() => (updates += 1));
    for (let dispatched = 0; dispatched < 50; dispatched += 1) {
      host.push({ kind: 'captures', changed: [{ ...capture, dispatched }] });
    }
    frame();
    expect(updates).toBe(2);
    expect(useCaptures.getState().byId.get(capture.id)?.dispatched).toBe(49);
  });

  it('keep their order within a frame: a capture that changed and was then removed is gone', () => {
    const { host, frame } = attach();
    host.push({ kind: 'notice', level: 'info', message: 'opens the frame' });
    host.push({ kind: 'captures', changed: [capture] });
    host.push({ kind: 'removed', captures: [capture.id] });
    frame();
    expect(useCaptures.getState().byId.size).toBe(0);
  });

  it('show a capture that was announced in the same frame', () => {
    const { host, frame } = attach();
    host.push({ kind: 'notice', level: 'info', message: 'opens the frame' });
    host.push({ kind: 'captures', changed: [capture] });
    host.push({ kind: 'show', capture: capture.id });
    frame();
    expect(useCaptures.getState().current).toBe(capture.id);
    expect(host.callsOf('captures.open')).toEqual([]);
  });

  it('forward menu actions, and show notices', () => {
    const { host, menu, frame } = attach();
    host.push({ kind: 'menu', action: 'find' });
    host.push({ kind: 'notice', level: 'error', message: 'The disk is full.' });
    frame();
    expect(menu).toEqual(['find']);
    expect(useHost.getState().notices.map((notice) => notice.message)).toContain('The disk is full.');
  });

  it('report a lost connection, and list the captures again when it is back', async () => {
    const { host, frame } = attach();
    host.push({ kind: 'connection', state: 'lost' });
    expect(useHost.getState().link).toBe('lost');
    host.push({ kind: 'connection', state: 'back' });
    frame();
    expect(useHost.getState().link).toBe('up');
    await vi.waitFor(() => expect(host.callsOf('captures.list')).toHaveLength(2));
  });

  it('are ignored after release', () => {
    const { host, release } = attach();
    release();
    host.push({ kind: 'captures', changed: [capture] });
    expect(useCaptures.getState().byId.size).toBe(0);
  });
});

describe('the address of the last run', () => {
  it('is restored in the toolbar', async () => {
    attach();
    await vi.waitFor(() => expect(useDraft.getState().url).toBe('https://example.test/last'));
  });

  it('does not replace what was typed meanwhile', async () => {
    attach();
    useDraft.getState().edit({ url: 'https://typed.test' });
    await vi.waitFor(() => expect(usePreferences.getState().read).toBe(true));
    expect(useDraft.getState().url).toBe('https://typed.test');
  });
});
