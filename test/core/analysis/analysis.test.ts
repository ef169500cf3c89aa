import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { messageRecord } from '../../../src/core/llm/message-record.ts';

const encoder = new TextEncoder();
const response: CaptureRecord = {
  kind: 'response',
  at: 5,
  status: 200,
  headers: [['content-type', 'text/event-stream']],
  httpVersion: 'HTTP/1.1',
};
const chunk = (text: string, at: number): CaptureRecord => {
  const bytes = encoder.encode(text);
  return { kind: 'chunk', at, read: at, wireBytes: bytes.length, bytes };
};
const delta = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  })}\n\n`;

function analysed(records: readonly CaptureRecord[], url = 'http://x/'): Analysis {
  const analysis = new Analysis({ method: 'GET', url, headers: [], client: 'raw' });
  for (const record of records) analysis.push(record);
  return analysis;
}

describe('Analysis', () => {
  test('finds message, metrics and nothing wrong in a healthy answer', () => {
    const analysis = analysed([
      response,
      chunk(delta('Hel'), 100),
      chunk(delta('lo'), 200),
      chunk(`${delta('', 'stop')}data: [DONE]\n\n`, 300),
      { kind: 'end', at: 310, reason: 'complete' },
    ]);
    expect(analysis.messages.map(messageRecord)).toMatchObject([
      { dialect: 'openai-chat', text: 'Hello', finishReason: 'stop', complete: true },
    ]);
    expect(analysis.metrics).toMatchObject({
      firstByteAt: 100,
      firstTokenAt: 100,
      dialect: 'openai-chat',
      deltas: 2,
    });
    expect(analysis.findings).toEqual([]);
  });

  test('reports what is missing from an answer that is cut off, and how it ended', () => {
    const analysis = analysed([
      response,
      chunk(delta('Hel'), 100),
      { kind: 'end', at: 110, reason: 'premature-close', error: { code: 'X', message: 'closed' } },
    ]);
    expect(analysis.messages.map(messageRecord)).toMatchObject([{ text: 'Hel', complete: false }]);
    expect(analysis.findings.map(({ code }) => code)).toEqual(['missing-terminal-event', 'premature-close']);
  });

  test('can be finished without an end record, once', () => {
    const analysis = analysed([response, chunk(delta('Hel'), 100)]);
    expect(analysis.findings.map(({ code }) => code)).not.toContain('missing-terminal-event');
    analysis.finish();
    analysis.finish();
    expect(analysis.findings.filter(({ code }) => code === 'missing-terminal-event')).toHaveLength(1);
  });

  test('finds the same however the body is cut', () => {
    const body = encoder.encode(`: hi\n\n${delta('Hé')}${delta('llo', 'stop')}data: [DONE]\n\n`);
    const whole = analysed([response, { ...chunk('', 1), bytes: body } as CaptureRecord]);
    for (let cut = 1; cut < body.length; cut++) {
      const pieces = [body.subarray(0, cut), body.subarray(cut)];
      const inTwo = analysed([
        response,
        ...pieces.map((bytes) => ({ kind: 'chunk', at: 1, read: 0, wireBytes: 0, bytes }) as const),
      ]);
      expect(inTwo.messages.map(messageRecord)).toEqual(whole.messages.map(messageRecord));
    }
  });

  test('uses the request’s URL as a hint if the first event is an error', () => {
    const records = [
      response,
      chunk('data: {"error":{"message":"overloaded","type":"server_error"}}\n\n', 10),
      { kind: 'end', at: 20, reason: 'complete' },
    ] as const;
    const told = analysed(records, 'https://api.test/v1/chat/completions');
    expect(told.findings.map(({ code }) => code)).toEqual(['error-in-stream']);
    expect(told.messages).toMatchObject([
      { dialect: 'openai-chat', error: { message: 'server_error: overloaded' } },
    ]);
    // Any other address does not suggest a dialect; the error is reported all the same.
    const other = analysed(records, 'https://api.test/anything');
    expect(other.findings.map(({ code }) => code)).toEqual(['error-in-stream']);
    expect(other.messages).toEqual([]);
  });
});
