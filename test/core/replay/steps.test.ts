import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReplaySplit } from '../../../src/core/replay/variant.ts';
import type { ReplayStep } from '../../../src/core/replay/steps.ts';
import type { ReplayFault } from '../../../src/core/replay/fault.ts';
import { CaptureBuilder, event } from '../../fixtures/capture-builder.ts';
import { arbitraryCapture } from '../capture/arbitrary-capture.ts';
import { bodyOf, piecesOf, scriptOf, timesOf } from './replay-script.ts';
import { surveyReplay } from '../../../src/core/replay/survey.ts';

const fault = (name: ReplayFault['name'], amount = 0): readonly ReplayFault[] => [{ name, amount }];

const distancesOf = (steps: readonly ReplayStep[]): string[] =>
  steps.flatMap((step) => (step.kind === 'piece' ? [step.distance] : []));

const three = new CaptureBuilder()
  .response()
  .chunks([event('one'), event('two'), event('three')], 100, 50)
  .end('complete', 250).records;
const body = event('one') + event('two') + event('three');

describe('the steps of a replay', () => {
  test('as recorded are the head, each chunk and the end, at their times', async () => {
    const steps = await scriptOf(three);
    expect(steps.map(({ kind }) => kind)).toEqual(['head', 'piece', 'piece', 'piece', 'end']);
    expect(steps[0]).toMatchObject({
      at: 5,
      head: { status: 200, headers: [['Content-Type', 'text/event-stream']] },
    });
    expect(piecesOf(steps)).toEqual([event('one'), event('two'), event('three')]);
    expect(timesOf(steps)).toEqual([100, 150, 200]);
    expect(steps.at(-1)).toEqual({ kind: 'end', at: 250, how: 'complete', because: null });
  });

  test('come faster, slower or without waiting', async () => {
    expect(timesOf(await scriptOf(three, { speed: 2 }))).toEqual([50, 75, 100]);
    expect(timesOf(await scriptOf(three, { speed: 0.5 }))).toEqual([200, 300, 400]);
    const atOnce = await scriptOf(three, { speed: 'instant' });
    expect(atOnce.map((step) => ('at' in step ? step.at : null))).toEqual([null, null, null, null, null]);
  });

  test('join the chunks of one socket read, and no others', async () => {
    const records = three.map((record) =>
      record.kind === 'chunk' ? { ...record, read: record.read >> 1 } : record,
    );
    expect(distancesOf(await scriptOf(records))).toEqual(['next', 'joined', 'next']);
    expect(distancesOf(await scriptOf(records, { speed: 'instant' }))).toEqual(['apart', 'joined', 'apart']);
  });

  test('keep harsh pieces apart, fewer and fewer in a long body', async () => {
    const { records } = new CaptureBuilder().response().chunk('x'.repeat(100_000)).end();
    const distances = distancesOf(await scriptOf(records, { split: { kind: 'fixed', size: 1 } }));
    const apart = distances.flatMap((distance, n) => (distance === 'apart' ? [n] : []));
    expect(apart.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
    expect(apart.length).toBeLessThan(5000);
    // To the end, with gaps that grow no faster than the body.
    for (const [index, n] of apart.entries())
      expect(n - (apart[index - 1] ?? -1)).toBeLessThanOrEqual(1 + n / 500);
    expect(apart.at(-1)).toBeGreaterThan(99_500);
  });

  test.each<[ReplaySplit, readonly string[]]>([
    [{ kind: 'fixed', size: 4 }, ['data', ': \xc3\xa9', '\r\n\r\n', '\xe2\x82\xacx']],
    [{ kind: 'inside-utf8' }, ['data: \xc3', '\xa9\r\n', '\r\n\xe2', '\x82', '\xacx']],
    [{ kind: 'inside-crlf' }, ['data: \xc3\xa9\r', '\n', '\r', '\n\xe2\x82\xacx']],
    [{ kind: 'glued' }, ['data: \xc3\xa9\r\n\r\n\xe2\x82\xacx']],
    [{ kind: 'recorded' }, ['data: \xc3\xa9\r\n', '\r\n\xe2\x82\xacx']],
  ])('cut the body as %j asks', async (split, pieces) => {
    const { records } = new CaptureBuilder().response().chunk('data: é\r\n').chunk('\r\n€x').end();
    expect(piecesOf(await scriptOf(records, { split }))).toEqual(pieces);
  });

  test('glue pieces of at most 64 KiB, and send each when its last byte is due', async () => {
    const { records } = new CaptureBuilder()
      .response()
      .chunks(['x'.repeat(40_000), 'y'.repeat(20_000), 'z'.repeat(30_000)], 10, 10)
      .end();
    const steps = await scriptOf(records, { split: { kind: 'glued' } });
    expect(piecesOf(steps).map(({ length }) => length)).toEqual([60_000, 30_000]);
    expect(timesOf(steps)).toEqual([20, 30]);
  });

  test('have the same bytes in every harmless variant', async () => {
    const splits: fc.Arbitrary<ReplaySplit> = fc.oneof(
      fc.constantFrom<ReplaySplit>(
        { kind: 'recorded' },
        { kind: 'inside-utf8' },
        { kind: 'inside-crlf' },
        { kind: 'glued' },
      ),
      fc.record({ kind: fc.constant('fixed' as const), size: fc.integer({ min: 1, max: 50 }) }),
      fc.record({ kind: fc.constant('random' as const), seed: fc.nat() }),
    );
    const faults = fc.constantFrom<readonly ReplayFault[]>(
      [],
      fault('stall', 1),
      fault('bandwidth', 100),
      fault('slow-close', 1),
      fault('wrong-content-type'),
    );
    await fc.assert(
      fc.asyncProperty(arbitraryCapture, splits, faults, async ({ records }, split, faults) => {
        if ((await surveyReplay(records)) === null) return;
        const plain = await scriptOf(records);
        expect(bodyOf(await scriptOf(records, { split, faults }))).toBe(bodyOf(plain));
      }),
      { numRuns: 300 },
    );
  });

  test('end at a byte, in good order unless a fault breaks the connection', async () => {
    for (const split of [{ kind: 'recorded' }, { kind: 'fixed', size: 7 }] as const) {
      const steps = await scriptOf(three, { cut: 13, split });
      expect(bodyOf(steps)).toBe(body.slice(0, 13));
      expect(steps.at(-1)).toMatchObject({ how: 'complete', because: 'cut' });
      const reset = await scriptOf(three, { cut: 13, split, faults: fault('reset') });
      expect(bodyOf(reset)).toBe(body.slice(0, 13));
      expect(reset.at(-1)).toMatchObject({ how: 'reset', because: 'fault' });
    }
    expect(await scriptOf(three, { cut: 0 })).toMatchObject([
      { kind: 'head' },
      { kind: 'end', because: 'cut' },
    ]);
    expect((await scriptOf(three, { cut: 1000 })).at(-1)).toMatchObject({
      how: 'complete',
      because: null,
      at: 250,
    });
    // All of its bytes are no cut.
    expect((await scriptOf(three, { cut: body.length })).at(-1)).toMatchObject({ because: null });
  });

  test('break in the middle where no byte is given', async () => {
    const half = body.slice(0, Math.floor(body.length / 2));
    const closed = await scriptOf(three, { faults: fault('premature-close') });
    expect(bodyOf(closed)).toBe(half);
    expect(closed.at(-1)).toMatchObject({ how: 'close', because: 'fault' });
    expect((await scriptOf(three, { faults: fault('reset') })).at(-1)).toMatchObject({ how: 'reset' });
  });

  test('stall once, in the middle of what is sent', async () => {
    const steps = await scriptOf(three, { faults: fault('stall', 2) });
    const at = steps.findIndex(({ kind }) => kind === 'pause');
    expect(steps[at]).toEqual({ kind: 'pause', ms: 2000, reason: 'stall' });
    expect(bodyOf(steps.slice(0, at))).toBe(body.slice(0, Math.floor(body.length / 2)));
    expect(steps.filter(({ kind }) => kind === 'pause')).toHaveLength(1);
    const cut = await scriptOf(three, { cut: 10, faults: fault('stall', 2) });
    expect(
      bodyOf(
        cut.slice(
          0,
          cut.findIndex(({ kind }) => kind === 'pause'),
        ),
      ),
    ).toBe(body.slice(0, 5));
  });

  test('send no more than the bandwidth allows', async () => {
    const steps = await scriptOf(three, { faults: fault('bandwidth', 100) });
    const waited = steps.reduce((sum, step) => sum + (step.kind === 'pause' ? step.ms : 0), 0);
    expect(waited).toBeCloseTo((body.length / 100) * 1000);
    expect(Math.max(...piecesOf(steps).map(({ length }) => length))).toBe(5);
    // Less than a byte in a tick.
    expect(piecesOf(await scriptOf(three, { faults: fault('bandwidth', 1) }))[0]).toHaveLength(1);
  });

  test('hold the end back for a slow close', async () => {
    const steps = await scriptOf(three, { faults: fault('slow-close', 3) });
    expect(steps.slice(-2)).toMatchObject([
      { kind: 'pause', ms: 3000, reason: 'slow-close' },
      { how: 'complete' },
    ]);
  });

  test.each([
    [['data: a\n\n'], 'data: a\n'],
    [['data: a\r\n\r\n'], 'data: a\r\n'],
    [['data: a\r\r'], 'data: a\r'],
    [['data: a\n\ndata: b\n', '\n'], 'data: a\n\ndata: b\n'],
    [['data: a\n', '\n', '\n'], 'data: a\n'],
    [['data: a\r', '\n\r', '\n'], 'data: a\r\n'],
    [['data: a\n'], 'data: a\n'],
    [['data: a'], 'data: a'],
    [['\n\n'], '\n'],
  ])('leave out the blank line at the end of %j', async (chunks, left) => {
    const { records } = new CaptureBuilder().response().chunks(chunks, 10, 10).end();
    const steps = await scriptOf(records, { faults: fault('no-final-blank-line') });
    expect(bodyOf(steps)).toBe(left);
    // Cutting it off in other pieces gives the same.
    const bytes = await scriptOf(records, {
      faults: fault('no-final-blank-line'),
      split: { kind: 'fixed', size: 1 },
    });
    expect(bodyOf(bytes)).toBe(left);
  });

  test('close after an event with an id for a duplicate, and end as recorded for who resumes', async () => {
    const events = [1, 2, 3, 4].map((n) => `id: ${n}\ndata: x\n\n`);
    const { records } = new CaptureBuilder()
      .response()
      .chunks([events.join('')], 10, 10)
      .end('complete', 30);
    const faults = fault('duplicate-after-reconnect');
    const steps = await scriptOf(records, { faults });
    expect(bodyOf(steps)).toBe(events.slice(0, 2).join(''));
    expect(steps.at(-1)).toMatchObject({ how: 'close', because: 'fault' });
    const offset = events[0]!.length;
    const resumed = await scriptOf(records, { faults, cut: 3 }, { leg: 0, offset, origin: 10 });
    expect(bodyOf(resumed)).toBe(events.slice(1).join(''));
    expect(resumed[0]).toMatchObject({ kind: 'head', at: null });
    expect(resumed.at(-1)).toMatchObject({ how: 'complete', at: 20 });
  });

  test.each([
    ['complete', 'complete', null],
    ['aborted', 'complete', null],
    ['premature-close', 'close', 'recorded'],
    ['error', 'close', 'recorded'],
    ['timeout', 'silence', 'recorded'],
  ] as const)('end a capture that ended with %s as %s', async (reason, how, because) => {
    const { records } = new CaptureBuilder().response().chunk('data: a\n\n').end(reason, 40);
    expect((await scriptOf(records)).at(-1)).toEqual({ kind: 'end', at: 40, how, because });
  });

  test('close the connection where the capture breaks off without an end', async () => {
    const { records } = new CaptureBuilder().response().chunk('data: a\n\n', 10);
    expect((await scriptOf(records)).at(-1)).toMatchObject({ how: 'close', because: 'recorded', at: 10 });
  });

  test('serve a body without a head and without times at once', async () => {
    const { records } = new CaptureBuilder().chunk('{"a":1}\n{"b":2}\n', null).end('complete', null);
    const steps = await scriptOf(records);
    expect(steps).toMatchObject([
      { kind: 'head', at: null, head: { status: 200 } },
      { kind: 'piece', at: null },
      { kind: 'end', at: null, how: 'complete' },
    ]);
    expect(steps[0]).toMatchObject({
      head: {
        headers: [
          ['Content-Type', 'application/x-ndjson'],
          ['Cache-Control', 'no-store'],
        ],
      },
    });
  });

  test('answer each request with one response of a capture that reconnected', async () => {
    const { records } = new CaptureBuilder()
      .response()
      .chunk(event('first'), 100)
      .note('log', { text: 'Reconnecting' }, 110)
      .note('reconnect', { attempt: 1, delay: 1000, lastEventId: '', reason: 'premature-close' }, 1110)
      .note('reconnect', { attempt: 2, delay: 500, lastEventId: '', reason: 'error' }, 1700)
      .response([], { status: 503, at: 1710 })
      .chunk('busy', 1720)
      .end('complete', 1730);
    const first = await scriptOf(records);
    expect(bodyOf(first)).toBe(event('first'));
    expect(first.at(-1)).toMatchObject({ at: 110, how: 'close' });
    const second = await scriptOf(records, {}, { leg: 1, offset: 0, origin: 1700 });
    expect(second).toMatchObject([
      { kind: 'head', at: 10, head: { status: 503 } },
      { kind: 'piece', at: 20 },
      { kind: 'end', at: 30, how: 'complete' },
    ]);
    expect(await scriptOf(records, {}, { leg: 2, offset: 0, origin: 0 })).toEqual([]);
  });
});
