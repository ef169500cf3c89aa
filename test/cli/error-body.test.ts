import { expect, test } from 'vitest';
import type { CaptureRecord } from '../../src/core/capture/record.ts';
import { ErrorBody } from '../../src/cli/error-body.ts';

/** The text of a response with this status whose body comes in these pieces. */
function bodyText(status: number, ...pieces: readonly (string | Uint8Array)[]): string | null {
  const body = new ErrorBody();
  const response: CaptureRecord = { kind: 'response', at: 1, status, headers: [], httpVersion: '1.1' };
  body.push(response);
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    body.push({ kind: 'chunk', at: 2, read: 0, wireBytes: bytes.length, bytes });
  }
  return body.text();
}

test('the body of an HTTP error is one line without control characters', () => {
  expect(bodyText(401, '{\n  "error": ', '"Bad key \u001b[31m"\n}\n')).toBe(
    '{ "error": "Bad key ‹001b›[31m" }',
  );
});

test('it is bounded, also if a character is cut', () => {
  expect(bodyText(500, 'x'.repeat(1999), 'é'.repeat(5000))).toBe(`${'x'.repeat(1999)}… (11999 bytes)`);
});

test('binary content is not printed', () => {
  expect(bodyText(502, new Uint8Array([0x1f, 0x8b, 0, 0xff]))).toBe('4 bytes that are not text');
});

test('there is none without a body, and none for a response that is no error', () => {
  expect(bodyText(404)).toBeNull();
  expect(bodyText(200, 'data: 1\n\n')).toBeNull();
});

test('only the last response counts', () => {
  const body = new ErrorBody();
  const response = { kind: 'response', at: 1, headers: [], httpVersion: '1.1' } as const;
  const bytes = new TextEncoder().encode('busy');
  body.push({ ...response, status: 503 });
  body.push({ kind: 'chunk', at: 2, read: 0, wireBytes: 4, bytes });
  body.push({ ...response, status: 200 });
  expect(body.text()).toBeNull();
});
