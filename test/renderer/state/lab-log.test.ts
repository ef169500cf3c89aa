import { beforeEach, expect, it, vi } from 'vitest';
import type { LabRecord } from '../../../src/contract/lab-log.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { loggedRequests, mostRecords, useLabLog } from '../../../src/renderer/state/lab-log.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useLadder } from '../../../src/renderer/state/ladder.ts';
import { FakeHost, idOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

const log = () => useLabLog.getState();

function record(seq: number, requestId = 'a'): LabRecord {
  const time = '2026-01-02T03:04:05.678Z';
  return { kind: 'yield', n: seq, text: 'x', seq, at: seq, time, requestId, endpoint: 'async' };
}

/** A host whose log has this many records and keeps the newest 10,000. */
function hostWith(log: { length: number }): FakeHost {
  const host = new FakeHost({
    'lab.log': ({ from }) => {
      const first = Math.min(log.length, Math.max(from, log.length - 10_000));
      const next = Math.min(log.length, first + 1000);
      const records = Array.from({ length: next - first }, (_, n) => record(first + n));
      return { records, next, missed: Math.max(0, first - from) };
    },
  });
  useHost.getState().attach(host);
  return host;
}

beforeEach(resetSlices);

it('is not read until it is shown, and then completely', async () => {
  const host = hostWith({ length: 2500 });
  log().extended(2500);
  expect(host.callsOf('lab.log')).toEqual([]);
  log().show(true);
  await vi.waitFor(() => expect(log().next).toBe(2500));
  expect(log().records).toHaveLength(2500);
  expect(log().records.at(-1)?.seq).toBe(2499);
});

it('keeps only the newest records, and counts those that were dropped or never sent', async () => {
  hostWith({ length: 30_000 });
  log().show(true);
  await vi.waitFor(() => expect(log().next).toBe(30_000));
  expect(log().records).toHaveLength(mostRecords);
  expect(log().records.at(-1)?.seq).toBe(29_999);
  expect(log().dropped).toBe(30_000 - mostRecords);
});

it('is read again when it grows, even during a request', async () => {
  const there = { length: 1 };
  hostWith(there);
  log().show(true);
  there.length = 3;
  log().extended(3);
  await vi.waitFor(() => expect(log().records.map(({ seq }) => seq)).toEqual([0, 1, 2]));
  there.length = 4;
  log().extended(4);
  await vi.waitFor(() => expect(log().records).toHaveLength(4));
});

it('starts over with a restarted host', async () => {
  const there = { length: 5 };
  hostWith(there);
  log().show(true);
  await vi.waitFor(() => expect(log().records).toHaveLength(5));
  there.length = 2;
  log().restart();
  await vi.waitFor(() => expect(log().records.map(({ seq }) => seq)).toEqual([0, 1]));
});

it('reports why it cannot be read, and recovers', async () => {
  useHost.getState().attach(new FakeHost());
  log().show(true);
  await vi.waitFor(() => expect(log().problem).toBe('no answer to lab.log'));
  hostWith({ length: 1 });
  log().extended(1);
  await vi.waitFor(() => expect(log().records).toHaveLength(1));
  expect(log().problem).toBeNull();
});

it('closes when a capture or a rung is shown, and closes the rung when it is shown', () => {
  hostWith({ length: 0 });
  log().show(true);
  useCaptures.getState().show(idOf('x'));
  expect(log().shown).toBe(false);
  log().show(true);
  useLadder.getState().show(4);
  expect(log().shown).toBe(false);
  log().show(true);
  expect(useLadder.getState().shown).toBeNull();
  expect(log().shown).toBe(true);
});

it('lists the requests, newest first', () => {
  expect(loggedRequests([record(0, 'a'), record(1, 'b'), record(2, 'a')]).map(({ id }) => id)).toEqual([
    'b',
    'a',
  ]);
});
