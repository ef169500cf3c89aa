import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../../src/contract/refusal.ts';
import { currentSummary, useCaptures } from '../../../src/renderer/state/captures.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { useView } from '../../../src/renderer/state/view.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

const older = summaryOf('older', { startedAt: '2025-11-20T10:00:00.000Z' });
const newer = summaryOf('newer', { startedAt: '2025-11-20T12:00:00.000Z' });
const stored = summaryOf('stored', { startedAt: '2025-11-20T11:00:00.000Z', phase: 'stored' });

function attach(host: FakeHost): FakeHost {
  useHost.getState().attach(host);
  return host;
}

beforeEach(resetSlices);

describe('the list of captures', () => {
  it('has the newest first, in whatever order they become known', () => {
    useCaptures.getState().merge([older]);
    useCaptures.getState().merge([newer, stored]);
    expect(useCaptures.getState().order).toEqual([newer.id, stored.id, older.id]);
  });

  it('keeps its order object when only counts change, so that the list is not rendered for them', () => {
    useCaptures.getState().merge([older, newer]);
    const { order } = useCaptures.getState();
    useCaptures.getState().merge([{ ...older, dispatched: 99 }]);
    expect(useCaptures.getState().order).toBe(order);
    expect(useCaptures.getState().byId.get(older.id)?.dispatched).toBe(99);
  });

  it('ignores a summary that is older than a pushed one', () => {
    const open = summaryOf('older', { phase: 'streaming' });
    const ended = summaryOf('older', { phase: 'ended' });
    useCaptures.getState().merge([ended]);
    useCaptures.getState().merge([open]);
    expect(useCaptures.getState().byId.get(open.id)?.phase).toBe('ended');
  });

  it('becomes the list of the host, and drops captures that are not in it', async () => {
    attach(new FakeHost({ 'captures.list': () => [newer] }));
    useCaptures.getState().merge([older]);
    await useCaptures.getState().list();
    expect(useCaptures.getState().order).toEqual([newer.id]);
    expect(useCaptures.getState().listed).toBe(true);
  });

  it('keeps a pushed summary that is newer than the listed one', async () => {
    attach(new FakeHost({ 'captures.list': () => [{ ...newer, bytes: 100 }] }));
    useCaptures.getState().merge([{ ...newer, bytes: 5000, revision: newer.revision + 1 }]);
    await useCaptures.getState().list();
    expect(useCaptures.getState().byId.get(newer.id)?.bytes).toBe(5000);
  });
});

describe('showing a capture', () => {
  it('loads a stored one', async () => {
    const host = attach(new FakeHost({ 'captures.open': () => ({ ...stored, phase: 'loading' }) }));
    useCaptures.getState().merge([stored]);
    useCaptures.getState().show(stored.id);
    await vi.waitFor(() => expect(currentSummary(useCaptures.getState())?.phase).toBe('loading'));
    expect(host.callsOf('captures.open')).toEqual([{ capture: stored.id }]);
  });

  it('sends no request for one that is open', () => {
    const host = attach(new FakeHost());
    useCaptures.getState().merge([newer]);
    useCaptures.getState().show(newer.id);
    expect(host.calls).toEqual([]);
  });

  it('reports why one cannot be opened, until another is shown', async () => {
    attach(
      new FakeHost({
        'captures.open': () => {
          throw new Refusal('bad-file', 'The file is damaged.');
        },
      }),
    );
    useCaptures.getState().merge([stored, newer]);
    useCaptures.getState().show(stored.id);
    await vi.waitFor(() => expect(useCaptures.getState().openProblem).toBe('The file is damaged.'));
    useCaptures.getState().show(newer.id);
    expect(useCaptures.getState().openProblem).toBeNull();
  });

  it('follows one that streams, and begins at the start of one that has ended', () => {
    const live = summaryOf('live', { phase: 'streaming', end: null });
    useCaptures.getState().merge([live, newer]);
    useCaptures.getState().show(live.id);
    expect(useView.getState().follow).toBe(true);
    useCaptures.getState().show(newer.id);
    expect(useView.getState().follow).toBe(false);
  });
});

describe('deleting a capture', () => {
  it('shows the one below it in the list, or the one above if it was the last', async () => {
    attach(new FakeHost({ 'captures.delete': () => null, 'captures.open': () => stored }));
    useCaptures.getState().merge([older, stored, newer]);
    useCaptures.getState().show(newer.id);
    await useCaptures.getState().delete(newer.id);
    await vi.waitFor(() => expect(useCaptures.getState().current).toBe(stored.id));
    useCaptures.getState().show(older.id);
    await useCaptures.getState().delete(older.id);
    await vi.waitFor(() => expect(useCaptures.getState().current).toBe(stored.id));
  });

  it('leaves it in the list if the host refuses', async () => {
    attach(
      new FakeHost({
        'captures.delete': () => {
          throw new Refusal('capture-busy', 'It is being written.');
        },
      }),
    );
    useCaptures.getState().merge([older]);
    await expect(useCaptures.getState().delete(older.id)).rejects.toThrow('It is being written.');
    expect(useCaptures.getState().order).toEqual([older.id]);
  });

  it('shows nothing if it was the only one', async () => {
    attach(new FakeHost({ 'captures.delete': () => null }));
    useCaptures.getState().merge([older]);
    useCaptures.getState().show(older.id);
    await useCaptures.getState().delete(older.id);
    expect(useCaptures.getState().current).toBeNull();
    expect(useCaptures.getState().byId.has(idOf('older'))).toBe(false);
  });
});

describe('a list that cannot be read', () => {
  it('reports why, until it can be read', async () => {
    let broken = true;
    attach(
      new FakeHost({
        'captures.list': () => {
          if (broken) throw new Refusal('storage', 'The folder cannot be read.');
          return [newer];
        },
      }),
    );
    await useCaptures.getState().list();
    expect(useCaptures.getState()).toMatchObject({
      listed: false,
      listProblem: 'The folder cannot be read.',
    });
    broken = false;
    await useCaptures.getState().list();
    expect(useCaptures.getState()).toMatchObject({ listed: true, listProblem: null, order: [newer.id] });
  });
});
