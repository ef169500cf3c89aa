import { describe, expect, test } from 'vitest';
import type { CaptureId } from '../../../src/contract/capture-id.ts';
import { parseStreamRequest } from '../../../src/main/client/stream-request.ts';
import { type SentRequest, SentRequests } from '../../../src/main/host/sent-requests.ts';

const idOf = (n: number): CaptureId => `capture-${n}` as CaptureId;
const requestOf = (body?: string): SentRequest => {
  const params = { url: 'http://h/', client: 'raw', body } as const;
  return { params, request: parseStreamRequest(params) };
};

describe('the requests that were sent', () => {
  test('are at most 200: the oldest is removed first', () => {
    const sent = new SentRequests();
    for (let n = 0; n < 201; n++) sent.add(idOf(n), requestOf());
    expect(sent.get(idOf(0))).toBe(null);
    expect(sent.get(idOf(1))).not.toBe(null);
    expect(sent.get(idOf(200))).not.toBe(null);
  });

  test('have a bounded size together, and removed ones no longer count', () => {
    const sent = new SentRequests();
    const third = 'x'.repeat(24 * 1024 * 1024);
    sent.add(idOf(0), requestOf(third));
    sent.delete(idOf(0));
    sent.add(idOf(1), requestOf(third));
    sent.add(idOf(2), requestOf(third));
    expect([1, 2].map((n) => sent.get(idOf(n)) !== null)).toEqual([true, true]);
    sent.add(idOf(3), requestOf(third));
    expect([1, 2, 3].map((n) => sent.get(idOf(n)) !== null)).toEqual([false, true, true]);
  });
});
