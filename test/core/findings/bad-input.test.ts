import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import { compareStreams } from '../../../src/core/compare/comparison.ts';
import { CaptureBuilder, chatEnd, deltas } from '../../fixtures/capture-builder.ts';
import { type MadeEvent, outlineOf } from '../compare/outlines.ts';

const build = (): CaptureBuilder => new CaptureBuilder();
const told = (capture: CaptureBuilder): string[] =>
  capture.findings().map(({ code, severity }) => `${code} ${severity}`);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('10 million comments', () => {
  // 1000 comments a chunk, as a block each, and as lines of one block that never ends.
  test.each([
    ['a block each', ':k\n\n', 2_000_000],
    // A block is kept whole up to 64 MiB.
    ['lines of one block', ':k\n', 64 * 1024 * 1024],
  ])(
    'cost no memory but an open block’s, and each as much time as the one before: %s',
    (_name, comment, most) => {
      const analysis = new Analysis({ method: 'GET', url: 'http://x/', headers: [], client: 'raw' });
      analysis.push({
        kind: 'response',
        at: 1,
        status: 200,
        headers: [['Content-Type', 'text/event-stream']],
        httpVersion: 'HTTP/1.1',
      });
      const bytes = new TextEncoder().encode(comment.repeat(1000));
      let chunks = 0;
      const push = (count: number): number => {
        const began = process.threadCpuUsage();
        for (const end = chunks + count; chunks < end; chunks++)
          analysis.push({ kind: 'chunk', at: 2 + chunks, read: chunks, wireBytes: bytes.length, bytes });
        const { user, system } = process.threadCpuUsage(began);
        return (user + system) / 1000;
      };
      push(1000);
      collect();
      const before = process.memoryUsage().heapUsed;
      const first = push(3000);
      push(3000);
      const last = push(3000);
      collect();
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(most);
      expect(last).toBeLessThan(first * 3 + 200);
      analysis.push({ kind: 'end', at: 2 + chunks, reason: 'aborted' });
      expect(analysis.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    },
    120_000,
  );
});

describe('a server that answers late or not at all', () => {
  test('after 60 s is healthy from then on', () => {
    const late = build()
      .response(undefined, { at: 60_000 })
      .chunks([...deltas(50), chatEnd], 60_010, 30)
      .end();
    expect(told(late)).toEqual([]);
  });

  test('with its header at once and its first event after 60 s sent no heartbeat', () => {
    const late = build()
      .response()
      .chunks([...deltas(50), chatEnd], 60_010, 30)
      .end();
    expect(told(late)).toEqual(['no-heartbeat info']);
  });

  test('never counts as one that does not connect', () => {
    expect(told(build().end('timeout', 300_000, 'no response within 300 s'))).toEqual([
      'connection-failed error',
    ]);
    expect(told(build().end('aborted', 300_000))).toEqual([]);
  });

  test('with its header and nothing more is judged by how it ended', () => {
    expect(told(build().response().end('timeout', 30_000, 'nothing came'))).toContain(
      'premature-close error',
    );
    expect(told(build().response().end('aborted', 20_000))).toEqual([]);
  });
});

describe('a capture that lacks something', () => {
  const states = (capture: CaptureBuilder): string[] =>
    capture.analysis().diagnosis.rungs.map(({ rung, state, text }) => `${rung} ${state}: ${text}`);

  test('times: what needs them is skipped, and says why', () => {
    const capture = build();
    capture.response(undefined, { at: null });
    for (const delta of [...deltas(50), chatEnd]) capture.chunk(delta, null);
    capture.end('complete', null);
    expect(capture.findings()).toEqual([]);
    expect(states(capture)).toContain('4 skipped: The capture has no times.');
  });

  test('a response: its header is not judged, and its body is', () => {
    const capture = build();
    for (const delta of [...deltas(50), chatEnd]) capture.chunk(delta, null);
    capture.end('complete', null);
    expect(told(capture)).toEqual([]);
    expect(states(capture)).toContain('1 skipped: The capture holds a body and no response.');
    const cut = build();
    for (const delta of deltas(50)) cut.chunk(delta, null);
    expect(told(cut.end('complete', null))).toEqual(['missing-terminal-event error']);
  });

  test('header fields: reports the missing type', () => {
    expect(
      told(
        build()
          .response([])
          .chunks([...deltas(50), chatEnd], 10, 20)
          .end(),
      ),
    ).toEqual(['wrong-content-type error']);
  });

  test('times that go back or are huge harm nothing', () => {
    for (const strange of [-1e9, -1, 0, 1e15, Number.MAX_VALUE]) {
      const capture = build().response();
      for (const [n, delta] of [...deltas(50), chatEnd].entries())
        capture.chunk(delta, n % 3 === 0 ? strange : 10 + n);
      for (const { evidence, message } of capture.end().findings()) {
        expect(evidence.length).toBeGreaterThan(0);
        expect(message).not.toMatch(/NaN|Infinity|undefined/);
      }
    }
  });
});

describe('100,000 events against 100,000 others', () => {
  const count = 100_000;
  const stream = (name: string): MadeEvent[] =>
    Array.from({ length: count }, (_, n) => ({ data: `${name} ${(n * 7919) % count}`, at: n }));

  test('are compared in bounded time, and none is paired', () => {
    const [a, b] = [outlineOf(stream('a')), outlineOf(stream('b'))];
    const began = process.threadCpuUsage();
    const { equal, pairs, onlyInA, onlyInB, unjudged } = compareStreams(a, b);
    const { user } = process.threadCpuUsage(began);
    expect(equal).toBe(false);
    expect(pairs.a.length + onlyInA.length).toBe(count);
    expect(pairs.b.length + onlyInB.length).toBe(count);
    // Nothing that one has is in the other: then there is nothing to be unsure of.
    expect(onlyInA.length).toBe(count);
    expect(unjudged).toEqual([]);
    expect(user / 1000).toBeLessThan(20_000);
  }, 120_000);

  test('in another order are aligned as far as that is certain, and the rest is listed', () => {
    const events = stream('a');
    // Every event twice on one side, and in an order that has no long run in common with the other.
    const shuffled = [...events].sort((one, other) => (one.data < other.data ? -1 : 1));
    const twice = [...events.slice(0, count / 2), ...events.slice(0, count / 2)];
    const { pairs, onlyInA, onlyInB, unjudged, reordered } = compareStreams(
      outlineOf(twice),
      outlineOf(shuffled),
    );
    expect(pairs.a.length + onlyInA.length).toBe(count);
    expect(pairs.b.length + onlyInB.length).toBe(count);
    expect(unjudged.length + reordered).toBeGreaterThan(0);
  }, 120_000);
});

describe('a stream made to mislead', () => {
  test('with an integer that a double cannot hold gives a finding', () => {
    const capture = build()
      .response()
      .chunk(`data: {"n":${'9'.repeat(400)}}\n\n`)
      .end();
    expect(capture.finding('number-precision-loss')?.message).toMatch(/^An .*: 9{80}… becomes Infinity, in/);
  });

  test('with text in brackets before broken JSON has only the JSON named', () => {
    const lines = [
      '[INFO] a',
      '[1/3] b',
      '{name} c',
      '[END]',
      '[WARN] e',
      '[f]',
      "{'a': None}",
      "{'b': None}",
    ];
    const capture = build()
      .response()
      .chunk(lines.map((line) => `data: ${line}\n\n`).join(''))
      .end();
    const found = capture.finding('json-malformed');
    expect(found?.message).toMatch(/^Event 6 is not JSON: .* Also event 7\.$/);
    expect(found?.evidence).toHaveLength(2);
  });

  test('in a coding that cannot be decoded is not judged as text', () => {
    const capture = build()
      .response([
        ['Content-Type', 'text/event-stream'],
        ['Content-Encoding', 'x'],
      ])
      .note('warning', { code: 'unknown-coding', coding: 'x', text: 'x' })
      .chunk('a\r\nb\nc\rd')
      .chunk(Uint8Array.of(0xc3))
      .chunk(Uint8Array.of(0xa9))
      .end();
    expect(told(capture)).toEqual(['content-encoded error']);
  });

  test('whose yields never arrived is not called held back', () => {
    const capture = build().response();
    for (let n = 0; n < 5; n++) capture.note('yield', { requestId: 'r', n, text: 'x' }, 10 + n * 250);
    expect(told(capture.chunk('data: 0\n\n', 12).end('premature-close', 1100))).toEqual([
      'premature-close error',
    ]);
  });
});
