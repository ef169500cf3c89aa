import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json/json-value.ts';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { StreamHead } from '../../../src/core/llm/dialect.ts';
import { outputOf } from '../../../src/core/llm/payload-output.ts';
import { MetricsCounter } from '../../../src/core/metrics/stream-metrics.ts';
import { recordedStreams, haveRecordedStreams } from '../../fixtures/recorded-streams.ts';
import { assemble } from '../llm/assemble.ts';

/** Of a stream that only its payloads tell of. */
const head = new StreamHead('');

const delta = (length: number, tokens: number | null = null) =>
  ({
    dialect: 'openai-chat',
    length,
    reasoning: 0,
    summary: 0,
    tokens: tokens === null ? null : { count: tokens, reasoning: 0 },
    padding: 0,
    finished: false,
  }) as const;
const chunk = (at: number | null, length: number): CaptureRecord => ({
  kind: 'chunk',
  at,
  read: 0,
  wireBytes: length,
  bytes: new Uint8Array(length),
});

function counted(arrivals: readonly number[]): MetricsCounter {
  const counter = new MetricsCounter();
  for (const at of arrivals) {
    counter.record(chunk(at, 100));
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

  test('counts deltas as tokens until the provider counts them', () => {
    const counter = counted([1000, 1100, 1200, 1300, 1400]);
    expect(counter.metrics()).toMatchObject({
      tokens: { count: 5, source: 'deltas' },
      tokensPerSecond: 10,
      bytesPerToken: 100,
    });
    counter.output(1400, delta(0, 9));
    expect(counter.metrics()).toMatchObject({ tokens: { count: 9, source: 'usage' }, tokensPerSecond: 20 });
  });

  test('distinguishes first byte, first event and first token', () => {
    const counter = new MetricsCounter();
    counter.record(chunk(3, 0));
    counter.record(chunk(5, 10));
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

  test('measures between outputs of a model, which a keep-alive event is not', () => {
    const counter = counted(Array.from({ length: 50 }, (_, n) => n * 20));
    for (let at = 1500; at < 8000; at += 500) {
      counter.record(chunk(at, 20));
      counter.event(at);
    }
    expect(counter.metrics(7900)).toMatchObject({
      stalls: [{ at: 980, ms: 6920 }],
      gaps: { max: 6920 },
      longestQuiet: { at: 980, ms: 520 },
    });
  });

  test('measures between events where the stream speaks no dialect', () => {
    const counter = new MetricsCounter();
    for (let n = 0; n < 50; n++) counter.event(n * 20);
    counter.record({ kind: 'end', at: 4000, reason: 'aborted' });
    expect(counter.metrics()).toMatchObject({ stalls: [{ at: 980, ms: 3020 }], gaps: { max: 3020 } });
  });

  test('counts the time without a byte from the response on, comments and bytes without text included', () => {
    const counter = new MetricsCounter();
    counter.record({ kind: 'response', at: 10, status: 200, headers: [], httpVersion: '' });
    counter.record(chunk(2010, 5));
    counter.record({ ...chunk(5010, 0), wireBytes: 10 } as CaptureRecord);
    counter.record(chunk(5020, 0));
    expect(counter.metrics(7000).longestQuiet).toEqual({ at: 2010, ms: 3000 });
    expect(counter.metrics(9000).longestQuiet).toEqual({ at: 5010, ms: 3990 });
    counter.record({ kind: 'end', at: 8100, reason: 'complete' });
    expect(counter.metrics(90_000).longestQuiet).toEqual({ at: 5010, ms: 3090 });
  });

  test('counts no padding among the bytes of a token', () => {
    const counter = counted([1000, 1100]);
    counter.output(1100, { ...delta(0), padding: 40 });
    expect(counter.metrics().bytesPerToken).toBe(80);
  });

  test('does not count reasoning that was kept back as streamed', () => {
    const hidden = counted([5000, 5100, 5200]);
    hidden.output(5200, { ...delta(0), tokens: { count: 503, reasoning: 500 } });
    expect(hidden.metrics()).toMatchObject({
      tokens: { count: 503, source: 'usage' },
      tokensPerSecond: 10,
      bytesPerToken: 100,
    });
  });

  test('counts reasoning that was streamed, and not the summary of it', () => {
    const thought = (at: number, kind: 'reasoning' | 'summary') => [at, { ...delta(4), [kind]: 4 }] as const;
    for (const [kind, rate] of [
      ['reasoning', 100],
      ['summary', 10],
    ] as const) {
      const counter = counted([]);
      counter.output(...thought(1000, kind));
      for (const at of [2000, 2100, 2200]) counter.output(at, delta(4));
      counter.output(2200, { ...delta(0), tokens: { count: 121, reasoning: 118 } });
      expect(counter.metrics().tokensPerSecond).toBeCloseTo(rate);
    }
  });

  test('keeps a day in as many bins as a minute, losing no delta', () => {
    const arrivals = Array.from({ length: 2000 }, (_, n) => n * 43_200);
    const { series } = counted(arrivals).metrics();
    expect(series.deltas.length).toBeLessThanOrEqual(512);
    expect(series.deltas.reduce((a, b) => a + b, 0)).toBe(2000);
    expect(Math.max(...series.gaps)).toBe(43_200);
    expect(Math.abs(series.deltas.length - series.gaps.length)).toBeLessThanOrEqual(1);
  });

  test('accepts missing and wrong times', () => {
    const counter = new MetricsCounter();
    for (const at of [null, -5, 3, 1, 2 ** 53]) {
      counter.record(chunk(at, 1));
      counter.event(at);
      counter.output(at, delta(1));
    }
    expect(counter.metrics().deltas).toBe(5);
  });
});

describe('outputOf', () => {
  const usage = (rest: JsonObject) => ({ object: 'chat.completion.chunk', choices: [], usage: rest });

  test.each([
    [
      'OpenAI, reasoning in the completion',
      {
        completion_tokens: 510,
        completion_tokens_details: { reasoning_tokens: 500 },
        prompt_tokens: 7,
        total_tokens: 517,
      },
      { count: 510, reasoning: 500 },
    ],
    [
      'xAI, reasoning beside the completion',
      {
        completion_tokens: 10,
        completion_tokens_details: { reasoning_tokens: 500 },
        prompt_tokens: 7,
        total_tokens: 517,
      },
      { count: 510, reasoning: 500 },
    ],
    ['Perplexity', { completion_tokens: 510, reasoning_tokens: 500 }, { count: 510, reasoning: 500 }],
    ['a provider that says nothing of reasoning', { completion_tokens: 10 }, { count: 10, reasoning: 0 }],
  ])('reads the usage of %s', (_name, rest, expected) => {
    expect(outputOf(usage(rest), head)?.tokens).toEqual(expected);
  });

  test.each([
    [{ type: 'response.output_text.delta', delta: 'a', obfuscation: 'x7Gh' }, '"obfuscation":"x7Gh",'],
    [{ object: 'chat.completion.chunk', choices: [], obfuscation: '' }, '"obfuscation":"",'],
    [{ type: 'content_block_delta', delta: { text: 'a' }, p: 'abcdefghij' }, '"p":"abcdefghij",'],
    [{ type: 'content_block_delta', delta: { text: 'a', p: 'abc' } }, '"p":"abc",'],
    [{ type: 'content_block_delta', delta: { text: 'a' }, p: 'a word' }, ''],
  ])('knows the padding of %j', (payload, padding) => {
    expect(outputOf(payload, head)?.padding).toBe(padding.length);
  });

  test('reads parts of content, and reasoning under all of its names', () => {
    const length = (d: JsonObject) => {
      const output = outputOf({ choices: [{ delta: d }] }, head);
      return [output?.length, output?.reasoning, output?.summary];
    };
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] };
    expect(length({ content: [thinking, { type: 'text', text: 'yes' }] })).toEqual([5, 2, 0]);
    expect(length({ reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] })).toEqual([2, 2, 0]);
    expect(length({ reasoning_details: [{ type: 'reasoning.summary', summary: 'hm' }] })).toEqual([2, 0, 2]);
    expect(
      length({ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.summary', summary: 'hm' }] }),
    ).toEqual([2, 0, 2]);
    expect(length({ tool_calls: [{ index: 0, function: { arguments: { a: 1 } } }] })).toEqual([7, 0, 0]);
  });
});

describe.skipIf(!haveRecordedStreams)('outputOf', () => {
  test.each(
    recordedStreams()
      .filter(({ name }) => !/completions-text|lmstudio|parallel/.test(name))
      .map((one) => [one.name, one] as const),
  )('%s: counts as much output as its message holds', (_name, stream) => {
    const counted = stream.payloads.reduce(
      (sum, payload) => sum + (outputOf(JSON.parse(payload), head)?.length ?? 0),
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
