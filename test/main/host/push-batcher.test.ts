import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { captureId, type CaptureId } from '../../../src/contract/capture-id.ts';
import type { CaptureSummary } from '../../../src/contract/capture-summary.ts';
import type { HostEvent } from '../../../src/contract/host-event.ts';
import { PushBatcher } from '../../../src/main/host/push-batcher.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const idOf = (name: string): CaptureId => captureId.parse(`capture-${name}`);
const [a, b] = [idOf('a'), idOf('b')];

/** A batcher over captures whose summaries are their numbers of events. */
function batcherOf(dispatched: Map<CaptureId, number>) {
  const pushed: HostEvent[] = [];
  let asked = 0;
  const summaryOf = (id: CaptureId): CaptureSummary | null => {
    asked++;
    const count = dispatched.get(id);
    return count === undefined ? null : ({ id, dispatched: count } as CaptureSummary);
  };
  const batcher = new PushBatcher(summaryOf, (event) => pushed.push(event));
  return { batcher, pushed, asked: () => asked };
}

describe('PushBatcher', () => {
  test('pushes once a frame, however often a capture changes, and then the newest', () => {
    const counts = new Map([[a, 0]]);
    const { batcher, pushed, asked } = batcherOf(counts);
    for (let n = 1; n <= 1000; n++) {
      counts.set(a, n);
      batcher.mark(a);
    }
    expect(pushed).toEqual([]);
    vi.advanceTimersByTime(16);
    expect(pushed).toEqual([{ kind: 'captures', changed: [{ id: a, dispatched: 1000 }] }]);
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(pushed).toHaveLength(1);
    batcher.mark(a);
    vi.advanceTimersByTime(16);
    expect(pushed).toHaveLength(2);
  });

  test('puts what changed in one frame into one event', () => {
    const { batcher, pushed } = batcherOf(
      new Map([
        [a, 1],
        [b, 2],
      ]),
    );
    batcher.mark(a);
    vi.advanceTimersByTime(10);
    batcher.mark(b);
    vi.advanceTimersByTime(6);
    expect(pushed).toMatchObject([{ changed: [{ id: a }, { id: b }] }]);
  });

  test('says nothing of a capture that is gone meanwhile', () => {
    const { batcher, pushed } = batcherOf(new Map());
    batcher.mark(a);
    vi.advanceTimersByTime(100);
    expect(pushed).toEqual([]);
  });

  test('sends at once what is pending when flushed, and leaves no timer behind', () => {
    const { batcher, pushed } = batcherOf(new Map([[a, 1]]));
    batcher.mark(a);
    batcher.flush();
    expect(pushed).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    batcher.flush();
    expect(pushed).toHaveLength(1);
  });
});
