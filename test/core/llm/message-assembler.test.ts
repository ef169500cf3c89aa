import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageRecord } from '../../../src/core/llm/message-record.ts';
import { assemble, framedEvents } from './assemble.ts';

const run = (...payloads: unknown[]) => {
  const assembler = assemble(framedEvents(payloads));
  return {
    records: assembler.messages.map(messageRecord),
    codes: assembler.problems.map(({ code }) => code),
    assembler,
  };
};
const chat = (delta: unknown, rest: object = {}) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: null, ...rest }],
});
const call = (index: number | null, args: string, begin: object = {}) =>
  chat({
    tool_calls: [{ ...(index === null ? {} : { index }), ...begin, function: { arguments: args, ...begin } }],
  });
const finish = (reason: string) => chat({}, { finish_reason: reason });
const block = (type: string, rest: object) => ({ type, ...rest });

describe('openai-chat', () => {
  test('keeps several choices apart', () => {
    const two = (index: number, content: string, finish_reason: string | null = null) => ({
      object: 'chat.completion.chunk',
      choices: [{ index, delta: { content }, finish_reason }],
    });
    const { records, codes } = run(
      two(1, 'b'),
      two(0, 'a'),
      two(1, 'B', 'stop'),
      two(0, 'A', 'length'),
      '[DONE]',
    );
    expect(records.map(({ choice, text, finishReason }) => [choice, text, finishReason])).toEqual([
      [1, 'bB', 'stop'],
      [0, 'aA', 'length'],
    ]);
    expect(codes).toEqual(['length-limit-reached']);
  });

  test('puts interleaved tool calls together by index', () => {
    const { records, codes } = run(
      call(0, '', { id: 'x', name: 'one' }),
      call(1, '', { id: 'y', name: 'two' }),
      call(0, '{"a"'),
      call(1, '{"b":12345678901234567890}'),
      call(0, ':1}'),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls).toMatchObject([
      { id: 'x', name: 'one', arguments: '{"a":1}', parsed: { a: 1 } },
      { id: 'y', name: 'two', arguments: '{"b":12345678901234567890}' },
    ]);
    expect(codes).toEqual([]);
  });

  test('tells arguments that are whole and no JSON, and repairs nothing', () => {
    const { records, codes } = run(call(0, '{"a":', { id: 'x', name: 'f' }), finish('tool_calls'), '[DONE]');
    expect(records[0]?.toolCalls).toEqual([{ id: 'x', name: 'f', arguments: '{"a":', parsed: null }]);
    expect(codes).toEqual(['tool-arguments-invalid']);
  });

  test('tells a tool call that never began', () => {
    const { records, codes } = run(call(3, '{}'), finish('tool_calls'), '[DONE]');
    expect(records[0]?.toolCalls).toMatchObject([{ arguments: '{}', id: null }]);
    expect(codes).toEqual(['tool-index-missing']);
  });

  test('goes by ids where a make sends no index', () => {
    const { records, codes } = run(
      call(null, '{"a":', { id: 'x', name: 'f' }),
      call(null, '1}'),
      call(null, '{}', { id: 'y', name: 'g' }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls.map((one) => one.arguments)).toEqual(['{"a":1}', '{}']);
    expect(new Set(codes)).toEqual(new Set(['tool-index-missing']));
  });

  test('takes the same index twice in one chunk in order', () => {
    const twice = chat({
      tool_calls: [
        { index: 0, id: 'x', function: { name: 'f', arguments: '{' } },
        { index: 0, function: { arguments: '}' } },
      ],
    });
    expect(run(twice, finish('tool_calls'), '[DONE]').records[0]?.toolCalls).toMatchObject([
      { arguments: '{}' },
    ]);
  });

  test('tells a stream that ends in a tool call and looks like success', () => {
    const { records, codes } = run(call(0, '{"a":', { id: 'x', name: 'f' }));
    expect(records).toMatchObject([{ complete: false, finishReason: null }]);
    expect(codes).toEqual(['missing-terminal-event', 'missing-terminal-event']);
  });

  test('tells an error inside the stream', () => {
    const { records, codes } = run(chat({ content: 'a' }), {
      error: { message: 'overloaded', type: 'server_error' },
    });
    expect(records).toMatchObject([{ text: 'a', complete: false, error: 'server_error: overloaded' }]);
    expect(codes).toContain('error-in-stream');
  });

  test('tells what comes after [DONE]', () => {
    const { records, codes } = run(
      chat({ content: 'a' }, { finish_reason: 'stop' }),
      '[DONE]',
      chat({ content: 'b' }),
    );
    expect(records[0]?.text).toBe('ab');
    expect(codes).toContain('data-after-done');
  });

  test('takes two streams glued together as two messages', () => {
    const other = { ...chat({ content: 'b' }, { finish_reason: 'stop' }), id: 'c2' };
    const { records, codes } = run(
      chat({ content: 'a' }, { finish_reason: 'stop' }),
      '[DONE]',
      other,
      '[DONE]',
    );
    expect(records.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(codes).toEqual(['data-after-done']);
  });

  test('reads reasoning under both its names', () => {
    const { records } = run(
      chat({ reasoning: 'x' }),
      chat({ reasoning_content: 'y', reasoning: 'y' }),
      finish('stop'),
    );
    expect(records[0]?.reasoning).toBe('xy');
  });

  test('knows which event brought each part of a text', () => {
    const { assembler } = run(
      chat({ role: 'assistant', content: '' }),
      chat({ content: 'Hel' }),
      chat({ content: 'lo' }),
    );
    const part = assembler.messages[0]?.parts[0];
    if (part?.kind !== 'text') throw new Error('no text');
    expect([0, 2, 3, 4, 5].map((at) => part.text.seqAt(at))).toEqual([1, 1, 2, 2, null]);
    expect(part.text.spanOf(2)).toEqual({ from: 3, to: 5 });
    expect(part.text.spanOf(0)).toBeNull();
  });
});

describe('anthropic-messages', () => {
  const start = block('message_start', {
    message: { id: 'm', role: 'assistant', usage: { input_tokens: 3 } },
  });
  const stop = [
    block('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
    block('message_stop', {}),
  ];

  test('keeps thinking, its signature and text apart', () => {
    const { records, codes, assembler } = run(
      start,
      block('content_block_start', {
        index: 0,
        content_block: { type: 'thinking', thinking: '', signature: '' },
      }),
      block('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } }),
      block('content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'sig' } }),
      block('content_block_stop', { index: 0 }),
      { type: 'ping' },
      block('content_block_start', { index: 1, content_block: { type: 'text', text: '' } }),
      block('content_block_delta', { index: 1, delta: { type: 'text_delta', text: 'yes' } }),
      block('content_block_stop', { index: 1 }),
      ...stop,
    );
    expect(records).toMatchObject([
      { reasoning: 'hm', text: 'yes', complete: true, usage: { input_tokens: 3, output_tokens: 5 } },
    ]);
    expect(codes).toEqual([]);
    const [thinking] = assembler.messages[0]?.parts ?? [];
    expect(thinking?.kind === 'reasoning' && thinking.extras).toMatchObject([
      { type: 'signature', value: 'sig' },
    ]);
  });

  test('tells a delta for a block that never began, and keeps it', () => {
    const { records, codes } = run(
      start,
      block('content_block_delta', { index: 4, delta: { type: 'text_delta', text: 'x' } }),
      ...stop,
    );
    expect(records[0]?.text).toBe('x');
    expect(codes).toEqual(['tool-index-missing']);
  });

  test('tells an error event in the middle', () => {
    const { records, codes } = run(
      start,
      block('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
    );
    expect(records).toMatchObject([{ complete: false, error: 'overloaded_error: Overloaded' }]);
    expect(codes).toEqual(['error-in-stream', 'missing-terminal-event']);
  });

  test('takes a second message_start as another response', () => {
    const { records, codes } = run(start, ...stop, start, ...stop);
    expect(records).toHaveLength(2);
    expect(codes).toEqual(['data-after-done']);
  });
});

describe('openai-responses', () => {
  const created = block('response.created', { response: { id: 'r', model: 'm' } });
  const item = (verb: string, index: number, one: object) =>
    block(`response.output_item.${verb}`, { output_index: index, item: one });

  test('keeps reasoning summaries, refusals and text apart, with an incomplete end', () => {
    const { records, codes } = run(
      created,
      item('added', 0, { type: 'reasoning' }),
      block('response.reasoning_summary_text.delta', { output_index: 0, summary_index: 0, delta: 'think' }),
      item('added', 1, { type: 'message' }),
      block('response.output_text.delta', { output_index: 1, content_index: 0, delta: 'say' }),
      block('response.refusal.delta', { output_index: 1, content_index: 1, delta: 'no' }),
      block('response.incomplete', { response: { incomplete_details: { reason: 'max_output_tokens' } } }),
    );
    expect(records).toMatchObject([
      { reasoning: 'think', text: 'say', refusal: 'no', finishReason: 'max_output_tokens', complete: true },
    ]);
    expect(codes).toEqual(['length-limit-reached']);
  });

  test('tells deltas out of order', () => {
    const at = (n: number, delta: string) =>
      block('response.output_text.delta', { output_index: 0, content_index: 0, sequence_number: n, delta });
    const { codes } = run(
      created,
      item('added', 0, { type: 'message' }),
      at(5, 'a'),
      at(4, 'b'),
      block('response.completed', { response: {} }),
    );
    expect(codes).toEqual(['out-of-order']);
  });

  test('tells a whole text that differs from its deltas', () => {
    const { codes } = run(
      created,
      item('added', 0, { type: 'message' }),
      block('response.output_text.delta', { output_index: 0, content_index: 0, delta: 'a' }),
      block('response.output_text.done', { output_index: 0, content_index: 0, text: 'b' }),
      block('response.completed', { response: {} }),
    );
    expect(codes).toEqual(['unexpected-shape']);
  });

  test('follows the states of a built-in tool', () => {
    const { assembler } = run(
      created,
      item('added', 0, { type: 'web_search_call', status: 'in_progress' }),
      block('response.web_search_call.searching', { output_index: 0 }),
    );
    expect(assembler.messages[0]?.parts).toMatchObject([
      { kind: 'other', type: 'web_search_call', status: 'searching' },
    ]);
  });
});

describe('MessageAssembler', () => {
  test('tells a stream that changes its dialect, and keeps both messages', () => {
    const { records, codes } = run(chat({ content: 'a' }, { finish_reason: 'stop' }), '[DONE]', {
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
    const { records } = run(text.slice(0, 30), text.slice(30, 60), text.slice(60), '[DONE]');
    expect(records).toMatchObject([{ text: 'whole', complete: true }]);
  });

  test('stands any JSON in any place of any dialect', () => {
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
        const { records } = run(...payloads);
        JSON.stringify(records);
      }),
      { numRuns: 2000 },
    );
  });

  test('reads __proto__ as a key like any other', () => {
    run(
      '{"__proto__":{"polluted":1},"object":"chat.completion.chunk","choices":[{"delta":{"__proto__":{"content":"x"}}}]}',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('stands a payload with 100,000 levels of nesting', () => {
    const { records } = run(
      `{"object":"chat.completion.chunk","choices":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      chat({ content: 'a' }),
    );
    expect(records.at(-1)?.text).toBe('a');
  });

  test('puts a 10 MB argument together, one delta at a time', () => {
    const piece = 'x'.repeat(10_000);
    const pieces = Array.from({ length: 1000 }, () => call(0, piece));
    const { records, codes } = run(
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
