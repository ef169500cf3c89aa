import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageRecord } from '../../../src/core/llm/message-record.ts';
import { assemble, assembled } from './assemble.ts';
import { call, chat, finish } from './chat-chunks.ts';

describe('MessageAssembler', () => {
  const problemsOf = (text: string) =>
    assemble(new TextEncoder().encode(text)).problems.map(({ code, message }) => [code, message]);

  test.each([
    [
      'data: {"error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
      'overloaded_error: Overloaded',
    ],
    ['event: error\ndata: {"error":{"code":500,"message":"slot"}}\n\ndata: [DONE]\n\n', '500: slot'],
    ['event: error\ndata: upstream timed out\n\n', 'upstream timed out'],
    ['data: {"a":1}\n\nevent: error\ndata: {"detail":"no such job"}\n\n', 'no such job'],
  ])('reports an error in a stream of no known dialect: %j', (text, error) => {
    expect(problemsOf(text)).toEqual([['error-in-stream', `The stream carries an error: ${error}`]]);
  });

  test.each([
    ['data: {"n":1}\n\ndata: {"error":"disk 3 is slow"}\n\n'],
    ['data: {"error":null}\n\n'],
    ['data: {"error":""}\n\n'],
    ['data: error\n\n'],
  ])('takes no member of another stream’s data for an error: %j', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test('reads an event of type error as an error in any dialect, with any data', () => {
    const delta = JSON.stringify(chat({ content: 'a' }));
    const assembler = assemble(
      new TextEncoder().encode(`data: ${delta}\n\nevent: error\ndata: Service Unavailable\n\n`),
    );
    expect(assembler.messages.map(messageRecord)).toMatchObject([
      { text: 'a', complete: false, error: 'Service Unavailable' },
    ]);
    expect(assembler.problems.map(({ code }) => code)).toEqual(['error-in-stream']);
  });

  test('reports a stream that changes its dialect, and keeps both messages', () => {
    const { records, codes } = assembled(chat({ content: 'a' }, { finish_reason: 'stop' }), '[DONE]', {
      candidates: [{ content: { parts: [{ text: 'b' }] }, finishReason: 'STOP' }],
    });
    expect(records.map(({ dialect, text }) => [dialect, text])).toEqual([
      ['openai-chat', 'a'],
      ['google-generate-content', 'b'],
    ]);
    expect(codes).toEqual(['dialect-changed']);
  });

  test('puts a message together from JSON that was cut over events', () => {
    const text = JSON.stringify(chat({ content: 'whole' }, { finish_reason: 'stop' }));
    const { records } = assembled(text.slice(0, 30), text.slice(30, 60), text.slice(60), '[DONE]');
    expect(records).toMatchObject([{ text: 'whole', complete: true }]);
  });

  test('accepts any JSON in any place of any dialect', () => {
    const type = fc.constantFrom(
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
      'response.created',
      'response.output_item.added',
      'response.output_item.done',
      'response.output_text.delta',
      'response.function_call_arguments.done',
      'response.mcp_call.completed',
      'response.failed',
      'error',
      'ping',
    );
    const junk = fc.jsonValue({ maxDepth: 3 });
    const index = fc.oneof(fc.nat(3), junk);
    const payload = fc.oneof(
      junk,
      fc.record(
        {
          type,
          index,
          output_index: index,
          delta: junk,
          item: junk,
          content_block: junk,
          response: junk,
          error: junk,
          message: junk,
        },
        { requiredKeys: ['type'] },
      ),
      fc.record({
        object: fc.constant('chat.completion.chunk'),
        choices: fc.oneof(
          junk,
          fc.array(
            fc.oneof(
              junk,
              fc.record({
                index,
                delta: fc.oneof(
                  junk,
                  fc.record({ tool_calls: fc.oneof(junk, fc.array(junk)), content: junk, role: junk }),
                ),
                finish_reason: junk,
              }),
            ),
          ),
        ),
        usage: junk,
      }),
      fc.record({
        candidates: fc.oneof(
          junk,
          fc.array(
            fc.oneof(
              junk,
              fc.record({
                index,
                content: fc.oneof(junk, fc.record({ parts: fc.oneof(junk, fc.array(junk)) })),
                finishReason: junk,
              }),
            ),
          ),
        ),
      }),
      fc.constant('[DONE]'),
    );
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 12 }), (payloads) => {
        const { records } = assembled(...payloads);
        JSON.stringify(records);
      }),
      { numRuns: 2000 },
    );
  });

  test('reads __proto__ as a key like any other', () => {
    assembled(
      '{"__proto__":{"polluted":1},"object":"chat.completion.chunk","choices":[{"delta":{"__proto__":{"content":"x"}}}]}',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('accepts a payload with 100,000 levels of nesting', () => {
    const { records } = assembled(
      `{"object":"chat.completion.chunk","choices":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      chat({ content: 'a' }),
    );
    expect(records.at(-1)?.text).toBe('a');
  });

  test('puts a 10 MB argument together, one delta at a time', () => {
    const piece = 'x'.repeat(10_000);
    const pieces = Array.from({ length: 1000 }, () => call(0, piece));
    const { records, codes } = assembled(
      call(0, '{"a":"', { id: 'x', name: 'f' }),
      ...pieces,
      call(0, '"}'),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls[0]?.arguments.length).toBe(10_000_008);
    expect(codes).toEqual([]);
  });
});
