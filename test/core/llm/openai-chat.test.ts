import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/core/json/json-value.ts';
import { StreamHead } from '../../../src/core/llm/dialect.ts';
import { MessageAssembler } from '../../../src/core/llm/message-assembler.ts';
import { assembled } from './assemble.ts';
import { call, chat, finish } from './chat-chunks.ts';

describe('openai-chat', () => {
  test('separates several choices', () => {
    const two = (index: number, content: string, finish_reason: string | null = null) => ({
      object: 'chat.completion.chunk',
      choices: [{ index, delta: { content }, finish_reason }],
    });
    const { records, codes } = assembled(
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
    const { records, codes } = assembled(
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

  test('reports complete arguments that are not JSON, and repairs nothing', () => {
    const { records, codes } = assembled(
      call(0, '{"a":', { id: 'x', name: 'f' }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls).toEqual([{ id: 'x', name: 'f', arguments: '{"a":', parsed: null }]);
    expect(codes).toEqual(['tool-arguments-invalid']);
  });

  test('reports a tool call that never began', () => {
    const { records, codes } = assembled(call(3, '{}'), finish('tool_calls'), '[DONE]');
    expect(records[0]?.toolCalls).toMatchObject([{ arguments: '{}', id: null }]);
    expect(codes).toEqual(['tool-index-missing']);
  });

  test('goes by ids where a make sends no index', () => {
    const { records, codes } = assembled(
      call(null, '{"a":', { id: 'x', name: 'f' }),
      call(null, '1}'),
      call(null, '{}', { id: 'y', name: 'g' }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls.map((one) => one.arguments)).toEqual(['{"a":1}', '{}']);
    expect(new Set(codes)).toEqual(new Set(['tool-index-missing']));
  });

  test('applies the same index twice in one chunk in order', () => {
    const twice = chat({
      tool_calls: [
        { index: 0, id: 'x', function: { name: 'f', arguments: '{' } },
        { index: 0, function: { arguments: '}' } },
      ],
    });
    expect(assembled(twice, finish('tool_calls'), '[DONE]').records[0]?.toolCalls).toMatchObject([
      { arguments: '{}' },
    ]);
  });

  test('reports a stream that ends in a tool call and looks like success', () => {
    const { records, codes } = assembled(call(0, '{"a":', { id: 'x', name: 'f' }));
    expect(records).toMatchObject([{ complete: false, finishReason: null }]);
    expect(codes).toEqual(['missing-terminal-event']);
  });

  test('reports an error inside the stream', () => {
    const { records, codes } = assembled(chat({ content: 'a' }), {
      error: { message: 'overloaded', type: 'server_error' },
    });
    expect(records).toMatchObject([{ text: 'a', complete: false, error: 'server_error: overloaded' }]);
    expect(codes).toContain('error-in-stream');
  });

  test('reports events after [DONE]', () => {
    const { records, codes } = assembled(
      chat({ content: 'a' }, { finish_reason: 'stop' }),
      '[DONE]',
      chat({ content: 'b' }),
    );
    expect(records[0]?.text).toBe('ab');
    expect(codes).toContain('data-after-done');
  });

  test('reads two concatenated streams as two messages', () => {
    const other = { ...chat({ content: 'b' }, { finish_reason: 'stop' }), id: 'c2' };
    const { records, codes } = assembled(
      chat({ content: 'a' }, { finish_reason: 'stop' }),
      '[DONE]',
      other,
      '[DONE]',
    );
    expect(records.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(codes).toEqual(['data-after-done']);
  });

  test('lists tool calls by index, for any order of their beginnings', () => {
    const { records, codes } = assembled(
      call(1, '{"b":1}', { id: 'y', name: 'two' }),
      chat({ content: 'between' }),
      call(0, '{"a":1}', { id: 'x', name: 'one' }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(codes).toEqual([]);
  });

  test('separates two calls with the same index, and reports them', () => {
    const { records, codes, messages } = assembled(
      call(0, '{"x":1}', { id: 'a', name: 'f' }),
      call(0, '', { id: 'b', name: 'g' }),
      call(0, '{"y":1}'),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls).toMatchObject([
      { id: 'a', name: 'f', arguments: '{"x":1}' },
      { id: 'b', name: 'g', arguments: '{"y":1}' },
    ]);
    expect(codes).toEqual(['tool-index-missing']);
    expect(messages).toEqual(['Two tool calls have index 0: a and b']);
  });

  test('keeps a call together whose deltas have an id each', () => {
    const { records, codes } = assembled(
      call(0, '{"x"', { id: 'a', name: 'f' }),
      chat({ tool_calls: [{ index: 0, id: 'b', function: { name: 'f', arguments: ':' } }] }),
      chat({ tool_calls: [{ index: 0, id: 'c', function: { arguments: '1}' } }] }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls).toMatchObject([{ id: 'a', name: 'f', arguments: '{"x":1}' }]);
    expect(codes).toEqual([]);
  });

  test('reads complete calls without index or id in order', () => {
    const { records, codes } = assembled(
      call(null, '{"x":1}', { id: 'a', name: 'f' }),
      chat({ tool_calls: [{ function: { name: 'g', arguments: '{}' } }, { function: { name: 'h' } }] }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls.map((one) => [one.name, one.arguments])).toEqual([
      ['f', '{"x":1}'],
      ['g', '{}'],
      ['h', ''],
    ]);
    expect(codes).toEqual([]);
  });

  test('reads arguments that are sent as an object', () => {
    const { records, codes } = assembled(
      chat({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: [1] } } }] }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls).toEqual([
      { id: 'a', name: 'f', arguments: '{"x":[1]}', parsed: { x: [1] } },
    ]);
    expect(codes).toEqual([]);
  });

  test('accepts [DONE] without a finish reason as the end of a message, and a finish reason without [DONE]', () => {
    const done = assembled(chat({ content: 'a' }), call(0, '{"x', { id: 'a', name: 'f' }), '[DONE]');
    expect(done.records).toMatchObject([{ text: 'a', finishReason: null, complete: true }]);
    expect(done.codes).toEqual(['tool-arguments-invalid']);
    const reason = assembled(chat({ content: 'a' }), finish('stop'));
    expect(reason.records).toMatchObject([{ complete: true }]);
    expect(reason.codes).toEqual([]);
  });

  test('reports a filter, even after the model stopped', () => {
    const { records, codes, messages } = assembled(
      chat({ content: 'a' }),
      finish('stop'),
      finish('content_filter'),
      '[DONE]',
    );
    expect(records).toMatchObject([{ finishReason: 'content_filter', complete: true }]);
    expect(codes).toEqual(['content-filtered']);
    expect(messages).toEqual(['The provider withheld content: content_filter']);
  });

  test('does not count a message that ended in an error as complete', () => {
    const alone = assembled(chat({ content: 'a' }), finish('error'), '[DONE]');
    expect(alone.records).toMatchObject([{ complete: false, error: 'finish_reason: error' }]);
    expect(alone.codes).toEqual(['error-in-stream']);
    const told = assembled(
      chat({ content: 'a' }),
      { ...finish('error'), error: { code: 502, message: 'Provider disconnected' } },
      '[DONE]',
    );
    expect(told.records).toMatchObject([{ complete: false, error: '502: Provider disconnected' }]);
    expect(told.codes).toEqual(['error-in-stream']);
  });

  test.each([
    ['length', 'length-limit-reached'],
    ['model_length', 'length-limit-reached'],
    ['insufficient_system_resource', 'error-in-stream'],
  ])('knows what the finish reason %s means', (reason, code) => {
    expect(assembled(chat({ content: 'a' }), finish(reason), '[DONE]').codes).toEqual([code]);
  });

  test('counts a chunk after [DONE] once', () => {
    const { codes } = assembled(chat({ content: 'a' }), finish('stop'), '[DONE]', chat({ content: 'b' }));
    expect(codes).toEqual(['data-after-done']);
  });

  test('misses nothing after the user stopped', () => {
    const stopped = new MessageAssembler(new StreamHead(''));
    const value = JSON.parse(JSON.stringify(chat({ content: 'a' }))) as JsonValue;
    stopped.push({ seq: 0, type: 'message', value, sentinel: false, text: '' });
    stopped.end('aborted');
    expect(stopped.problems).toEqual([]);
    expect(stopped.messages).toMatchObject([{ complete: false }]);
  });

  test('reads content in parts, with the event of each', () => {
    const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
    const { records, assembler } = assembled(
      chat({ content: [thinking('Let ')] }),
      chat({ content: [thinking('me')] }),
      chat({
        content: [
          { type: 'text', text: 'So ' },
          { type: 'reference', reference_ids: [1] },
        ],
      }),
      chat({ content: 'yes' }),
      finish('stop'),
      '[DONE]',
    );
    expect(records).toMatchObject([{ reasoning: 'Let me', text: 'So yes' }]);
    const [thought, said] = assembler.messages[0]?.parts ?? [];
    if (thought?.kind !== 'reasoning' || said?.kind !== 'text') throw new Error('other parts');
    expect([0, 4].map((at) => thought.text.seqAt(at))).toEqual([0, 1]);
    expect([0, 3].map((at) => said.text.seqAt(at))).toEqual([2, 3]);
    expect(said.extras).toMatchObject([{ type: 'reference', seq: 2 }]);
  });

  test('reads reasoning details, without repeating the text next to them', () => {
    const { records, assembler } = assembled(
      chat({ reasoning: 'a', reasoning_details: [{ type: 'reasoning.text', text: 'a' }] }),
      chat({ reasoning_details: [{ type: 'reasoning.text', text: 'b', signature: 's' }] }),
      chat({ reasoning_details: [{ type: 'reasoning.summary', summary: 'c' }] }),
      chat({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] }),
      finish('stop'),
      '[DONE]',
    );
    expect(records[0]?.reasoning).toBe('abc');
    const [part] = assembler.messages[0]?.parts ?? [];
    expect(part?.kind === 'reasoning' && part.extras.map(({ type }) => type)).toEqual([
      'reasoning.text',
      'reasoning.encrypted',
    ]);
  });

  test('reads reasoning under both its names', () => {
    const { records } = assembled(
      chat({ reasoning: 'x' }),
      chat({ reasoning_content: 'y', reasoning: 'y' }),
      finish('stop'),
    );
    expect(records[0]?.reasoning).toBe('xy');
  });

  test('knows the event of each part of a text', () => {
    const { assembler } = assembled(
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
