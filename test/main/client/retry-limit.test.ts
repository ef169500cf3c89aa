import { describe, expect, test } from 'vitest';
import { RetryLimit } from '../../../src/main/client/retry-limit.ts';

/** The output for a stream in pieces of `size` bytes. */
function limited(stream: string, size: number): string {
  const limit = new RetryLimit(1000);
  const bytes = Buffer.from(stream);
  let text = '';
  for (let at = 0; at < bytes.length; at += size)
    text += Buffer.from(limit.push(bytes.subarray(at, at + size))).toString('latin1');
  return Buffer.from(text, 'latin1').toString();
}

describe('the limit of a reconnection time', () => {
  test.each([
    ['retry: 1001\n\n', 'retry: 1000\n\n'],
    ['retry:100000000000000000000\r\ndata: é\r\n\r\n', 'retry:1000\r\ndata: é\r\n\r\n'],
    [`id: 1\rretry: ${'9'.repeat(500)}\r\r`, 'id: 1\rretry: 1000\r\r'],
    ['data: a\n\nretry: 1000\n\n', 'data: a\n\nretry: 1000\n\n'],
    ['retry: 5000x\nretry\nretry:\nretry:  9999\n', 'retry: 5000x\nretry\nretry:\nretry:  9999\n'],
    ['data: retry: 9999\nretries: 9999\nr\n\nre', 'data: retry: 9999\nretries: 9999\nr\n\n'],
  ])('turns %j into %j, for any chunk size', (stream, expected) => {
    for (let size = 1; size <= stream.length; size++) expect(limited(stream, size)).toBe(expected);
  });
});
