import { describe, expect, test } from 'vitest';
import { resumeAt } from '../../../src/core/replay/start.ts';
import { surveyReplay } from '../../../src/core/replay/survey.ts';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { CaptureBuilder } from '../../fixtures/capture-builder.ts';
import { surveyed } from './replay-script.ts';

const withId = (id: string): string => `id: ${id}\ndata: x\n\n`;

async function resume(records: readonly CaptureRecord[], id: string, repeats = false) {
  return resumeAt(records, id, await surveyed(records), repeats);
}

const at = (leg: number, offset: number, origin: number | null) => ({
  kind: 'at',
  start: { leg, offset, origin },
});

describe('a request with Last-Event-ID', () => {
  const { records } = new CaptureBuilder()
    .response()
    .chunks([withId('1'), withId('é') + withId('3'), 'data: [DONE]\n\n'], 100, 50)
    .end();

  test('goes on behind the event that set the id, and counts its time from there', async () => {
    expect(await resume(records, '1')).toEqual(at(0, 15, 100));
    expect(await resume(records, 'é')).toEqual(at(0, 31, 150));
    expect(await resume(records, '3')).toEqual(at(0, 46, 150));
  });

  test('begins with that event where it is repeated on purpose', async () => {
    expect(await resume(records, 'é', true)).toEqual(at(0, 15, 150));
  });

  test('is told when the capture has no such id, and when nothing is left', async () => {
    expect(await resume(records, '7')).toEqual({ kind: 'unknown-id' });
    const { records: all } = new CaptureBuilder().response().chunk(withId('1')).end();
    expect(await resume(all, '1')).toEqual({ kind: 'nothing-left' });
  });

  test('ignores an id that the standard ignores: of an event that was cut off', async () => {
    const { records: torn } = new CaptureBuilder()
      .response()
      .chunk(`${withId('1')}id: 2\ndata: x\n`)
      .end();
    expect(await resume(torn, '2')).toEqual({ kind: 'unknown-id' });
  });

  test('finds the same place wherever the chunks are cut', async () => {
    const body = Buffer.from('id: 1\r\ndata: x\r\n\r\nid: 2\r\ndata: y\r\n\r\ndata: end\r\n\r\n');
    const expected = body.indexOf('id: 2');
    for (let cut = 1; cut < body.length; cut++) {
      const { records: two } = new CaptureBuilder()
        .response()
        .chunk(body.subarray(0, cut))
        .chunk(body.subarray(cut))
        .end();
      expect(await resume(two, '1')).toMatchObject({ start: { leg: 0, offset: expected } });
    }
  });

  test('gets what the capture’s own reconnection with this id got', async () => {
    const { records: two } = new CaptureBuilder()
      .response()
      .chunk(`${withId('1')}${withId('2')}data: cut o`, 100)
      .note('reconnect', { attempt: 1, delay: 10, lastEventId: '2', reason: 'premature-close' }, 200)
      .note('reconnect', { attempt: 2, delay: 10, lastEventId: '2', reason: 'error' }, 300)
      .response(undefined, { at: 310 })
      .chunk(withId('3') + withId('4'), 320)
      .end();
    expect(await resume(two, '1')).toEqual(at(0, 15, 100));
    expect(await resume(two, '2')).toEqual(at(1, 0, 300));
    expect(await resume(two, '3')).toEqual(at(1, 15, 320));
    expect(await resume(two, '4')).toEqual({ kind: 'nothing-left' });
  });

  test('is not sent back to an attempt that was in vain', async () => {
    const { records: three } = new CaptureBuilder()
      .response()
      .chunk(withId('1'), 100)
      .note('reconnect', { attempt: 1, delay: 10, lastEventId: '1', reason: 'complete' }, 200)
      .response([], { status: 503, at: 210 })
      .note('reconnect', { attempt: 2, delay: 10, lastEventId: '1', reason: 'complete' }, 300)
      .response(undefined, { at: 310 })
      .chunk(withId('2'), 320)
      .end();
    expect(await resume(three, '1')).toEqual(at(2, 0, 300));
  });

  test('goes on with the next response where the event ends its own', async () => {
    const { records: two } = new CaptureBuilder()
      .response()
      .chunk(withId('1'), 100)
      .note('reconnect', { attempt: 1, delay: 10, lastEventId: '', reason: 'complete' }, 200)
      .response(undefined, { at: 210 })
      .chunk(withId('2'), 220)
      .end();
    expect(await resume(two, '1')).toEqual(at(1, 0, 200));
  });
});

describe('the survey of a capture', () => {
  test('tells size, time and where the body could be cut', async () => {
    const { records } = new CaptureBuilder()
      .response()
      .chunk(withId('1'), 100)
      .chunk('')
      .chunk('data: é\r', 200)
      .chunk('\n\n')
      .end('complete', 300);
    expect(await surveyReplay(records)).toEqual({
      reconnections: new Map(),
      status: 200,
      framing: 'event-stream',
      bytes: 26,
      chunks: 3,
      duration: 300,
      hasIds: true,
      hasMultiByte: true,
      hasCrLf: true,
      endsBlank: true,
    });
  });

  test('tells what a body lacks', async () => {
    const { records } = new CaptureBuilder().response().chunk('data: a\r\r', 1).chunk('data: b\r', 2).end();
    expect(await surveyReplay(records)).toMatchObject({
      hasIds: false,
      hasMultiByte: false,
      hasCrLf: false,
      endsBlank: false,
    });
  });

  test('is null where there is nothing to serve', async () => {
    expect(await surveyReplay([])).toBeNull();
    expect(await surveyReplay(new CaptureBuilder().note('phase', {}).end('error').records)).toBeNull();
  });
});
