import { expect, it, vi } from 'vitest';
import { LatestRequest } from '../../../src/renderer/timeline/latest-request.ts';

function asked() {
  const open: { readonly wish: number; answer(value: string): void; fail(error: Error): void }[] = [];
  const ask = (wish: number) =>
    new Promise<string>((resolve, reject) => open.push({ wish, answer: resolve, fail: reject }));
  return { open, ask };
}

it('keeps one request under way and only the newest wish behind it', async () => {
  const { open, ask } = asked();
  const settled = vi.fn();
  const request = new LatestRequest(ask, settled);
  for (const wish of [1, 2, 3, 4]) request.want(wish);
  expect(open.map(({ wish }) => wish)).toEqual([1]);
  open[0]?.answer('one');
  await vi.waitFor(() => expect(open.map(({ wish }) => wish)).toEqual([1, 4]));
  open[1]?.answer('four');
  await vi.waitFor(() => expect(settled).toHaveBeenCalledTimes(2));
  expect(settled.mock.calls).toEqual([
    [1, { status: 'fulfilled', value: 'one' }],
    [4, { status: 'fulfilled', value: 'four' }],
  ]);
});

it('goes on after a request that failed', async () => {
  const { open, ask } = asked();
  const settled = vi.fn();
  const request = new LatestRequest(ask, settled);
  request.want(1);
  open[0]?.fail(new Error('gone'));
  await vi.waitFor(() => expect(settled).toHaveBeenCalledTimes(1));
  request.want(2);
  await vi.waitFor(() => expect(open).toHaveLength(2));
});

it('says nothing more once it is closed', async () => {
  const { open, ask } = asked();
  const settled = vi.fn();
  const request = new LatestRequest(ask, settled);
  request.want(1);
  request.want(2);
  request.close();
  open[0]?.answer('late');
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).not.toHaveBeenCalled();
  expect(open).toHaveLength(1);
});
