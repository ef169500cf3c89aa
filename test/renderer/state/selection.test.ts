import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ItemDetail } from '../../../src/contract/item.ts';
import { Refusal } from '../../../src/contract/refusal.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { litRows, useSelection } from '../../../src/renderer/state/selection.ts';
import { useView } from '../../../src/renderer/state/view.ts';
import { detailOf, FakeHost, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

const one = summaryOf('one');
const two = summaryOf('two');

beforeEach(() => {
  resetSlices();
  useCaptures.getState().merge([one, two]);
  useCaptures.getState().show(one.id);
});

/** A host that answers requests for detail when the test says so, in any order. */
function slowHost() {
  const answers: ((detail: ItemDetail) => void)[] = [];
  const host = new FakeHost({ 'capture.detail': () => new Promise((resolve) => answers.push(resolve)) });
  useHost.getState().attach(host);
  return { host, answers };
}

describe('the selected row', () => {
  it('is fetched with everything that is known of it, and its lane comes into the table', async () => {
    const { host, answers } = slowHost();
    useView.getState().setTab('chunks');
    useSelection.getState().select('events', 7);
    expect(useView.getState().tab).toBe('events');
    expect(host.callsOf('capture.detail')).toEqual([{ capture: one.id, lane: 'events', row: 7 }]);
    answers[0]?.(detailOf('events', 7));
    await vi.waitFor(() => expect(useSelection.getState().detail?.row).toBe(7));
  });

  it('keeps the detail of the row before it until its own has come', async () => {
    const { answers } = slowHost();
    useSelection.getState().select('events', 1);
    answers[0]?.(detailOf('events', 1));
    await vi.waitFor(() => expect(useSelection.getState().detail?.row).toBe(1));
    useSelection.getState().select('events', 2);
    expect(useSelection.getState().detail?.row).toBe(1);
    answers[1]?.(detailOf('events', 2));
    await vi.waitFor(() => expect(useSelection.getState().detail?.row).toBe(2));
  });

  it('is never shown with the detail of a row chosen before it, however late that comes', async () => {
    const { answers } = slowHost();
    useSelection.getState().select('events', 1);
    useSelection.getState().select('events', 2);
    answers[1]?.(detailOf('events', 2));
    await vi.waitFor(() => expect(useSelection.getState().detail?.row).toBe(2));
    answers[0]?.(detailOf('events', 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(useSelection.getState().detail?.row).toBe(2);
  });

  it('is let go with the capture that it is in', () => {
    slowHost();
    useSelection.getState().select('events', 1);
    useSelection.getState().setHighlight({ start: 3, end: 9 });
    useCaptures.getState().show(two.id);
    expect(useSelection.getState()).toMatchObject({ row: null, detail: null, highlight: null });
  });

  it('has no detail where the host refuses, and the reason is said', async () => {
    useHost.getState().attach(
      new FakeHost({
        'capture.detail': () => {
          throw new Refusal('bad-params', 'There is no such row.');
        },
      }),
    );
    useSelection.getState().select('events', 1);
    await vi.waitFor(() => expect(useHost.getState().notices[0]?.message).toBe('There is no such row.'));
    expect(useSelection.getState().detail).toBeNull();
  });
});

describe('rows that light up', () => {
  const detail: ItemDetail = {
    ...detailOf('events', 7),
    related: { chunks: [4, 5], events: [7, 7], json: null },
  };

  it('are the row itself in its own lane, also before its detail has come', () => {
    expect(litRows({ lane: 'events', row: 7, detail: null }, 'events')).toEqual([7, 7]);
  });

  it('are the related ones in other lanes', () => {
    expect(litRows({ lane: 'events', row: 7, detail }, 'chunks')).toEqual([4, 5]);
    expect(litRows({ lane: 'events', row: 7, detail }, 'json')).toBeNull();
  });

  it('are none in other lanes while the detail is that of another row', () => {
    expect(litRows({ lane: 'events', row: 8, detail }, 'chunks')).toBeNull();
  });

  it('stay lit when another lane is shown', () => {
    slowHost();
    useSelection.getState().select('events', 7);
    useSelection.getState().showLane('chunks');
    expect(useSelection.getState()).toMatchObject({ lane: 'events', row: 7 });
    expect(useView.getState().tab).toBe('chunks');
  });
});
