import { describe, expect, test } from 'vitest';
import type { HeaderList } from '../../../src/core/headers.ts';
import { replayHead } from '../../../src/core/replay/head.ts';
import type { ReplayFault } from '../../../src/core/replay/fault.ts';
import { CaptureBuilder } from '../../fixtures/capture-builder.ts';
import { scriptOf } from './replay-script.ts';

function head(headers: HeaderList, faults: readonly ReplayFault[] = [], isEncoded = false) {
  const response = { kind: 'response', at: 0, status: 201, headers, httpVersion: 'h2' } as const;
  return replayHead({ response, isEncoded }, 'event-stream', faults);
}

describe('the head of a replay', () => {
  test('has the recorded fields in their order and spelling, repeated ones too', () => {
    const recorded: HeaderList = [
      ['Content-Type', 'text/event-stream; charset=utf-8'],
      ['X-Request-ID', 'a'],
      ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
      ['x-request-id', 'b'],
    ];
    expect(head(recorded)).toEqual({ status: 201, headers: recorded, unsendable: [] });
  });

  test('leaves out the fields of the connection, and those that it names', () => {
    const { headers } = head([
      ['Connection', 'keep-alive, X-Hop'],
      ['X-Hop', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Transfer-Encoding', 'chunked'],
      ['Content-Length', '12'],
      ['Upgrade', 'h2c'],
      ['Vary', 'origin'],
    ]);
    expect(headers).toEqual([['Vary', 'origin']]);
  });

  test('leaves out what would change the cookies or the address of 127.0.0.1', () => {
    const { headers } = head([
      ['Set-Cookie', 'session=1'],
      ['Clear-Site-Data', '"*"'],
      ['Alt-Svc', 'h3=":443"'],
      ['Strict-Transport-Security', 'max-age=1'],
    ]);
    expect(headers).toEqual([]);
  });

  test('says how the body is encoded only where it still is', async () => {
    const coded: HeaderList = [['Content-Encoding', 'gzip']];
    expect(head(coded).headers).toEqual([]);
    expect(head(coded, [], true).headers).toEqual(coded);
    const { records } = new CaptureBuilder()
      .response([['Content-Encoding', 'sdch']])
      .note('phase', { phase: 'first-byte' })
      .note('warning', { code: 'unknown-coding', coding: 'sdch', text: '' })
      .chunk('x')
      .end();
    expect((await scriptOf(records))[0]).toMatchObject({ head: { headers: [['Content-Encoding', 'sdch']] } });
  });

  test('leaves out fields that cannot be sent, and names them', () => {
    const { headers, unsendable } = head([
      [':status', '200'],
      ['Bad Name', 'x'],
      ['Smuggled', 'a\r\nSet-Cookie: b'],
      ['Wide', '€'],
      ['Latin', 'é'],
    ]);
    expect(headers).toEqual([['Latin', 'é']]);
    expect(unsendable).toEqual([':status', 'Bad Name', 'Smuggled', 'Wide']);
  });

  test('has the wrong type, or the wrong status, on request', () => {
    const recorded: HeaderList = [['content-type', 'text/event-stream']];
    expect(head(recorded, [{ name: 'wrong-content-type', amount: 0 }]).headers).toEqual([
      ['Content-Type', 'text/plain; charset=utf-8'],
    ]);
    expect(head(recorded, [{ name: 'http-status', amount: 0 }]).status).toBe(503);
  });
});
