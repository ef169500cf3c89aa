import { describe, expect, test } from 'vitest';
import { CaptureBuilder, chatEnd, deltas, event } from '../../fixtures/capture-builder.ts';

const build = (): CaptureBuilder => new CaptureBuilder();
const sse = (...more: [string, string][]): [string, string][] => [
  ['Content-Type', 'text/event-stream'],
  ...more,
];
const held = deltas(100).join('') + chatEnd;
const tick = Array.from({ length: 20 }, (_, n) => event(`tick ${n}`));

describe('a stream that was held back', () => {
  test('says with Content-Length that its end was known before its beginning was sent', () => {
    const found = build()
      .response(sse(['Content-Length', String(held.length)]))
      .chunk(held, 3000)
      .end()
      .finding('response-buffered');
    expect(found).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('Content-Length') as string,
    });
  });

  test('says that the compressor was there before its text', () => {
    const found = build()
      .response(sse(['Content-Encoding', 'gzip']))
      .chunk('', 50, 10)
      .chunk(held, 3060, 900)
      .end()
      .finding('response-buffered');
    expect(found?.message).toContain('The first 10 bytes of the gzip coding came 3.01 s before any text.');
    expect(found?.decider?.probe).toBe('identity');
  });

  test('is only info if it is written one by one, as from a cache of the application', () => {
    const capture = build().response();
    for (const one of [...deltas(100), chatEnd]) capture.chunk(one, 3000);
    expect(capture.end().finding('response-buffered')).toMatchObject({ severity: 'info' });
  });

  test('names a proxy only as the one in front', () => {
    const found = build()
      .response(sse(['Server', 'nginx/1.22.1']))
      .chunk(held, 3000)
      .end()
      .finding('response-buffered');
    expect(found?.message).toContain('It came from behind nginx/1.22.1.');
    expect(
      build()
        .response(sse(['Server', 'uvicorn']))
        .chunk(held, 3000)
        .end()
        .finding('response-buffered')?.message,
    ).not.toContain('behind');
  });

  test('is found by the yields of the lab, however few there are', () => {
    const capture = build().response();
    for (let n = 0; n < 5; n++) capture.note('yield', { requestId: 'r', n, text: 'x' }, 10 + n * 250);
    expect(capture.chunk(tick.slice(0, 5).join(''), 1020).end().finding('response-buffered')).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('took 1.00 s, and it arrived at once: 5 events.') as string,
    });
  });

  test('is found by yield lines on a foreign clock', () => {
    const lines = Array.from(
      { length: 6 },
      (_, n) => `: yield ${n} ${1_700_000_000_000 + n * 250}\ndata: ${n}\n\n`,
    );
    expect(build().response().chunk(lines.join(''), 1300).end().finding('response-buffered')?.severity).toBe(
      'warning',
    );
    expect(build().response().chunks(lines, 50, 250).end().finding('response-buffered')).toBeNull();
  });
});

describe('an end', () => {
  test('is harmless after a complete message', () => {
    const found = build()
      .response()
      .chunk(deltas(3).join('') + chatEnd)
      .end('premature-close', undefined, 'closed')
      .finding('premature-close');
    expect(found).toMatchObject({ severity: 'info', causes: [], decider: null });
  });

  test('is given as two facts, of the transport and of the message', () => {
    const cut = build().response().chunks(deltas(5), 10, 20).end();
    expect(cut.analysis().diagnosis.end).toEqual({
      transport: 'complete',
      message: 'unfinished',
      text: 'The body is complete, and the message is unfinished: it looks like success and is not.',
    });
    const reset = build()
      .response()
      .chunk(deltas(3).join('') + chatEnd)
      .end('premature-close', undefined, 'closed');
    expect(reset.analysis().diagnosis.end.text).toBe(
      'The connection closed early, and the message is whole: nothing is missing.',
    );
  });
});
