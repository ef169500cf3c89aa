import { describe, expect, test } from 'vitest';
import { outputOf } from '../../../src/core/llm/output-length.ts';
import { MetricsCounter } from '../../../src/core/metrics/stream-metrics.ts';
import { recordedStreams, haveRecordedStreams } from '../../fixtures/recorded-streams.ts';
import { assemble } from '../llm/assemble.ts';

const delta = (length: number, tokens: number | null = null) =>
  ({ dialect: 'openai-chat', length, tokens }) as const;

function counted(arrivals: readonly number[]): MetricsCounter {
  const counter = new MetricsCounter();
  for (const at of arrivals) {
    counter.chunk(at, 100);
    counter.event(at);
    counter.output(at, delta(4));
  }
  return counter;
}

describe('MetricsCounter', () => {
  test('knows nothing of an empty stream', () => {
    expect(new MetricsCounter().metrics()).toMatchObject({
      firstByteAt: null,
      firstTokenAt: null,
      tokens: null,
      tokensPerSecond: null,
      gaps: null,
      stalls: [],
    });
  });

  test('takes deltas for tokens until the provider counts them', () => {
    const counter = counted([1000, 1100, 1200, 1300, 1400]);
    expect(counter.metrics()).toMatchObject({
      tokens: { count: 5, source: 'deltas' },
      tokensPerSecond: 10,
      bytesPerToken: 100,
    });
    counter.output(1400, delta(0, 9));
    expect(counter.metrics()).toMatchObject({ tokens: { count: 9, source: 'usage' }, tokensPerSecond: 20 });
  });

  test('tells first byte, first event and first token apart', () => {
    const counter = new MetricsCounter();
    counter.chunk(3, 0);
    counter.chunk(5, 10);
    counter.event(8);
    counter.output(8, delta(0));
    counter.event(12);
    counter.output(12, delta(2));
    expect(counter.metrics()).toMatchObject({ firstByteAt: 5, firstEventAt: 8, firstTokenAt: 12 });
  });

  test('finds the stall among usual gaps, and only that', () => {
    const arrivals = Array.from({ length: 100 }, (_, n) => n * 20 + (n >= 50 ? 3000 : 0));
    expect(counted(arrivals).metrics()).toMatchObject({ stallCount: 1, stalls: [{ at: 980, ms: 3020 }] });
  });

  test('calls no gap of an even stream a stall, however slow it is', () => {
    expect(counted([0, 5000, 10_000, 15_000]).metrics().stallCount).toBe(0);
  });

  test('keeps a day in as many bins as a minute, losing no delta', () => {
    const arrivals = Array.from({ length: 2000 }, (_, n) => n * 43_200);
    const { series } = counted(arrivals).metrics();
    expect(series.deltas.length).toBeLessThanOrEqual(512);
    expect(series.deltas.reduce((a, b) => a + b, 0)).toBe(2000);
    expect(Math.max(...series.gaps)).toBe(43_200);
    expect(Math.abs(series.deltas.length - series.gaps.length)).toBeLessThanOrEqual(1);
  });

  test('stands times that are missing or wrong', () => {
    const counter = new MetricsCounter();
    for (const at of [null, -5, 3, 1, 2 ** 53]) {
      counter.chunk(at, 1);
      counter.event(at);
      counter.output(at, delta(1));
    }
    expect(counter.metrics().deltas).toBe(5);
  });
});

describe.skipIf(!haveRecordedStreams)('outputOf', () => {
  test.each(
    recordedStreams()
      .filter(({ name }) => !/completions-text|lmstudio|parallel/.test(name))
      .map((one) => [one.name, one] as const),
  )('%s: counts as much output as its message holds', (_name, stream) => {
    const counted = stream.payloads.reduce(
      (sum, payload) => sum + (outputOf(JSON.parse(payload))?.length ?? 0),
      0,
    );
    const held = assemble(stream.body)
      .messages.flatMap((message) => message.parts)
      .reduce(
        (sum, part) =>
          sum +
          (part.kind === 'other' ? 0 : part.kind === 'tool-call' ? part.arguments.length : part.text.length),
        0,
      );
    expect(counted).toBe(held);
  });
});
