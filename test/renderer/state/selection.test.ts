import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ItemDetail } from '../../../src/contract/item.ts';
import { Refusal } from '../../../src/contract/refusal.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { highlightedRows, useSelectedDetail, useSelection } from '../../../src/renderer/state/selection.ts';
import { useView } from '../../../src/renderer/state/view.ts';
import { detailOf, FakeHost, summaryOf } from '../fake-host.ts';
import { mount } from '../mount.ts';
import { resetSlices } from '../reset-slices.ts';

const one = summaryOf('one');
const two = summaryOf('two');

beforeEach(() => {
  resetSlices();
  useCaptures.getState().merge([one, two]);
  useCaptures.getState().show(one.id);
});

/** A window that shows the selected row, on a host that answers requests for detail when the test says so. */
function shownDetail() {
  const answers: ((detail: ItemDetail) => void)[] = [];
  const host = new FakeHost({ 'capture.detail': () => new Promise((resolve) => answers.push(resolve)) });
  useHost.getState().attach(host);
  return { host, answers, detail: mount(useSelectedDetail, {}) };
}

describe('the selected row', () => {
  it('is loaded in full, and its lane is shown in the table', async () => {
    const { host, answers, detail } = shownDetail();
    useView.getState().setTab('chunks');
    useSelection.getState().select('blocks', 7);
    expect(useView.getState().tab).toBe('blocks');
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    expect(host.callsOf('capture.detail')).toEqual([{ capture: one.id, lane: 'blocks', row: 7 }]);
    answers[0]?.(detailOf('blocks', 7));
    await vi.waitFor(() => expect(detail.result()).toMatchObject({ status: 'ready', data: { row: 7 } }));
  });

  it('keeps the detail of the previous row until its own has arrived', async () => {
    const { answers, detail } = shownDetail();
    useSelection.getState().select('blocks', 1);
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers[0]?.(detailOf('blocks', 1));
    await vi.waitFor(() => expect(detail.result().data?.row).toBe(1));
    useSelection.getState().select('blocks', 2);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect(detail.result()).toMatchObject({ status: 'loading', data: { row: 1 } });
    answers[1]?.(detailOf('blocks', 2));
    await vi.waitFor(() => expect(detail.result()).toMatchObject({ status: 'ready', data: { row: 2 } }));
  });

  it('is read again when it is selected again', async () => {
    const { answers } = shownDetail();
    useSelection.getState().select('blocks', 1);
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers[0]?.(detailOf('blocks', 1));
    useSelection.getState().select('blocks', 1);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
  });

  it('is cleared with its capture', async () => {
    const { answers, detail } = shownDetail();
    useSelection.getState().select('blocks', 1);
    useSelection.getState().highlightBytes({ start: 3, end: 9 });
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers[0]?.(detailOf('blocks', 1));
    await vi.waitFor(() => expect(detail.result().data?.row).toBe(1));
    useCaptures.getState().show(two.id);
    expect(useSelection.getState()).toMatchObject({ row: null, highlightedBytes: null });
    await vi.waitFor(() => expect(detail.result()).toEqual({ status: 'idle', data: null }));
  });

  it('reports why the host refuses its detail', async () => {
    useHost.getState().attach(
      new FakeHost({
        'capture.detail': () => {
          throw new Refusal('bad-params', 'There is no such row.');
        },
      }),
    );
    const detail = mount(useSelectedDetail, {});
    useSelection.getState().select('blocks', 1);
    await vi.waitFor(() =>
      expect(detail.result()).toMatchObject({ status: 'failed', problem: 'There is no such row.' }),
    );
  });
});

describe('highlighted rows', () => {
  const detail: ItemDetail = {
    ...detailOf('blocks', 7),
    related: { chunks: [4, 5], blocks: [7, 7], documents: null },
  };

  it('are the row itself in its own lane, even before its detail has arrived', () => {
    expect(highlightedRows({ lane: 'blocks', row: 7 }, null, 'blocks')).toEqual([7, 7]);
  });

  it('are the related rows in other lanes', () => {
    expect(highlightedRows({ lane: 'blocks', row: 7 }, detail, 'chunks')).toEqual([4, 5]);
    expect(highlightedRows({ lane: 'blocks', row: 7 }, detail, 'documents')).toBeNull();
  });

  it('do not exist in other lanes while the detail is that of another row', () => {
    expect(highlightedRows({ lane: 'blocks', row: 8 }, detail, 'chunks')).toBeNull();
  });

  it('stay highlighted when another lane is shown', () => {
    useSelection.getState().select('blocks', 7);
    useSelection.getState().showLane('chunks');
    expect(useSelection.getState()).toMatchObject({ lane: 'blocks', row: 7 });
    expect(useView.getState().tab).toBe('chunks');
  });
});
