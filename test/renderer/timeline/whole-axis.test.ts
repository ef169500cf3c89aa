import { describe, expect, it } from 'vitest';
import { captureId } from '../../../src/contract/capture-id.ts';
import type { CaptureSummary } from '../../../src/contract/capture-summary.ts';
import { timelineKey } from '../../../src/renderer/timeline/timeline-keys.ts';
import { timelineNotes } from '../../../src/renderer/timeline/timeline-notes.ts';
import { followSpan, liveEnd, restEnd, wholeAxis } from '../../../src/renderer/timeline/whole-axis.ts';

const summary: CaptureSummary = {
  id: captureId.parse('cap-0001'),
  revision: 1,
  name: null,
  request: { method: 'GET', url: 'http://127.0.0.1/', headers: [], client: 'raw' },
  startedAt: '2026-01-01T00:00:00.000Z',
  phase: 'ended',
  recordedElsewhere: false,
  status: 200,
  contentType: 'text/event-stream',
  framing: 'event-stream',
  end: { reason: 'premature-close', at: 4000, error: null },
  rows: { chunks: 3, blocks: 3, documents: 3 },
  dispatched: 3,
  bytes: 5000,
  wireBytes: 5000,
  firstByteAt: 612,
  lastAt: 4000,
  rates: null,
  gaps: null,
  silences: { threshold: null, stalls: [], stallCount: 0, openSince: null },
  output: null,
  worst: null,
  warnings: [],
  origin: 'connection',
};

describe('wholeAxis', () => {
  it('counts time, with a little room after the end', () => {
    expect(wholeAxis(summary, null)).toEqual({ unit: 'ms', span: { from: 0, to: 4080 }, newest: 4000 });
  });

  it('counts bytes if nothing has a time', () => {
    const untimed = { ...summary, firstByteAt: null, lastAt: null };
    expect(wholeAxis(untimed, null)).toEqual({ unit: 'bytes', span: { from: 0, to: 5100 }, newest: 5000 });
  });

  it('follows the current time in steps while a stream is silent', () => {
    expect(wholeAxis(summary, 4100).span.to).toBe(5000);
    expect(wholeAxis(summary, 4700).span.to).toBe(5000);
    expect(wholeAxis(summary, 5200).span.to).toBe(6000);
  });

  it('shows a second before anything has arrived', () => {
    const connecting = { ...summary, bytes: 0, firstByteAt: null, lastAt: null };
    expect(wholeAxis(connecting, 0)).toMatchObject({ unit: 'ms', span: { from: 0, to: 1000 } });
  });
});

describe('the end of the axis', () => {
  it('grows in steps, is never before the newest record and leaves at most a third empty', () => {
    let end = 0;
    let steps = 0;
    for (let newest = 1000; newest < 1e6; newest += 50) {
      const now = liveEnd(newest);
      expect(now).toBeGreaterThan(newest);
      expect(now).toBeGreaterThanOrEqual(end);
      expect(newest / now).toBeGreaterThan(0.6);
      if (now !== end) steps++;
      end = now;
    }
    expect(steps).toBeLessThan(40);
  });

  it('leaves a little room after the last mark of an ended stream', () => {
    expect(restEnd(1000)).toBe(1020);
    expect(restEnd(0)).toBe(1);
  });
});

describe('followSpan', () => {
  const whole = { from: 0, to: 20_000 };

  it('moves a span that showed the newest record, and keeps its length', () => {
    expect(followSpan({ from: 8000, to: 10_000 }, 9900, 10_100, whole)).toEqual({ from: 8600, to: 10_600 });
  });

  it('leaves a span in place that shows something older or has room left', () => {
    const older = { from: 2000, to: 4000 };
    expect(followSpan(older, 9900, 10_100, whole)).toBe(older);
    const roomy = { from: 8000, to: 12_000 };
    expect(followSpan(roomy, 9900, 10_100, whole)).toBe(roomy);
  });
});

it('names the longest stall first, then the first byte, other stalls and the end', () => {
  const stalls = [
    { from: 700, to: 1200, length: 500, open: false },
    { from: 2000, to: 3130, length: 1130, open: true },
  ];
  expect(timelineNotes(summary, stalls, null).map((note) => note.text)).toEqual([
    'stall ≥ 1.13 s',
    'first byte 612 ms',
    'stall 500 ms',
    'cut off 4 s',
  ]);
});

it('shows how long the first byte has been awaited', () => {
  const waiting = { ...summary, phase: 'connecting' as const, end: null, firstByteAt: null, lastAt: null };
  expect(timelineNotes(waiting, [], 2100).map((note) => note.text)).toEqual([
    'waiting for the first byte, 2.1 s',
  ]);
});

it('leaves keys with Ctrl, Alt or Cmd to the window', () => {
  const key = { key: 'ArrowLeft', shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
  expect(timelineKey(key)).toEqual({ kind: 'row', by: -1 });
  expect(timelineKey({ ...key, shiftKey: true })).toMatchObject({ kind: 'pan' });
  expect(timelineKey({ ...key, ctrlKey: true })).toBeNull();
  expect(timelineKey({ ...key, key: 'x' })).toBeNull();
});
