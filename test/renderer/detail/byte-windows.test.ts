import { expect, it, vi } from 'vitest';
import { ByteWindows, WINDOW, type AskBytes } from '../../../src/renderer/detail/byte-windows.ts';

/** A host with a body of `length` bytes, each the low byte of its position. */
function host(length: () => number) {
  return vi.fn<AskBytes>((start, to) => {
    const end = Math.min(to, length());
    const bytes = Uint8Array.from({ length: Math.max(0, end - start) }, (_, index) => (start + index) & 0xff);
    return Promise.resolve({ range: { start, end }, base64: Buffer.from(bytes).toString('base64') });
  });
}

it('loads each visible window once', async () => {
  const ask = host(() => 100_000);
  const changed = vi.fn();
  const bytes = new ByteWindows(ask, changed);
  bytes.want(WINDOW - 10, WINDOW + 10);
  bytes.want(WINDOW - 10, WINDOW + 10);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2));
  expect(ask.mock.calls).toEqual([
    [0, WINDOW],
    [WINDOW, 2 * WINDOW],
  ]);
  expect([0, WINDOW - 1, WINDOW + 3].map((at) => bytes.byteAt(at))).toEqual([0, 0xff, 3]);
  expect(bytes.byteAt(2 * WINDOW)).toBeUndefined();
  bytes.want(5, 20);
  expect(ask).toHaveBeenCalledTimes(2);
});

it('loads a window again after the body has grown', async () => {
  let length = 100;
  const changed = vi.fn();
  const bytes = new ByteWindows(
    host(() => length),
    changed,
  );
  bytes.want(0, 100);
  await vi.waitFor(() => expect(bytes.byteAt(99)).toBe(99));
  length = 300;
  bytes.want(200, 300);
  await vi.waitFor(() => expect(bytes.byteAt(299)).toBe(299 & 0xff));
});

it('keeps a bounded number of windows', async () => {
  const bytes = new ByteWindows(
    host(() => 1e9),
    () => {},
  );
  for (let number = 0; number < 200; number++) bytes.want(number * WINDOW, number * WINDOW + 1);
  await vi.waitFor(() => expect(bytes.byteAt(199 * WINDOW)).toBeDefined());
  expect(bytes.byteAt(0)).toBeUndefined();
  expect(bytes.byteAt(150 * WINDOW)).toBeDefined();
});

it('reports why bytes cannot be loaded, and tries again only on request', async () => {
  const ask = vi.fn<AskBytes>().mockRejectedValue(new Error('The capture was deleted.'));
  const changed = vi.fn();
  const bytes = new ByteWindows(ask, changed);
  bytes.want(0, 10);
  await vi.waitFor(() => expect(bytes.problem).toBe('The capture was deleted.'));
  bytes.want(0, 10);
  expect(ask).toHaveBeenCalledTimes(1);
  bytes.retry();
  expect(ask).toHaveBeenCalledTimes(2);
});
