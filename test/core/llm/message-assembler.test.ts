import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamHead } from '../../../src/core/llm/dialect.ts';
import { messageRecord } from '../../../src/core/llm/message-record.ts';
import type { JsonValue } from '../../../src/core/json/json-value.ts';
import { assemble, framedEvents } from './assemble.ts';
import { Problems } from '../../../src/core/llm/assembly.ts';
import { MessageAssembler } from '../../../src/core/llm/message-assembler.ts';
import { SequenceNumbers } from '../../../src/core/llm/sequence-numbers.ts';

const run = (...payloads: unknown[]) => {
  const assembler = assemble(framedEvents(payloads));
  return {
    records: assembler.messages.map(messageRecord),
    codes: assembler.problems.map(({ code }) => code),
    messages: assembler.problems.map(({ message }) => message),
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
    expect(codes).toEqual(['missing-terminal-event']);
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

  test('lists tool calls by their index, in whatever order they begin', () => {
    const { records, codes } = run(
      call(1, '{"b":1}', { id: 'y', name: 'two' }),
      chat({ content: 'between' }),
      call(0, '{"a":1}', { id: 'x', name: 'one' }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(codes).toEqual([]);
  });

  test('keeps two calls apart that have one index, and reports it', () => {
    const { records, codes, messages } = run(
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
    const { records, codes } = run(
      call(0, '{"x"', { id: 'a', name: 'f' }),
      chat({ tool_calls: [{ index: 0, id: 'b', function: { name: 'f', arguments: ':' } }] }),
      chat({ tool_calls: [{ index: 0, id: 'c', function: { arguments: '1}' } }] }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls).toMatchObject([{ id: 'a', name: 'f', arguments: '{"x":1}' }]);
    expect(codes).toEqual([]);
  });

  test('takes whole calls without index or id as they come', () => {
    const { records, codes } = run(
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
    const { records, codes } = run(
      chat({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: [1] } } }] }),
      finish('tool_calls'),
      '[DONE]',
    );
    expect(records[0]?.toolCalls).toEqual([
      { id: 'a', name: 'f', arguments: '{"x":[1]}', parsed: { x: [1] } },
    ]);
    expect(codes).toEqual([]);
  });

  test('takes [DONE] for the end of a message without a finish reason, and a finish reason without [DONE]', () => {
    const done = run(chat({ content: 'a' }), call(0, '{"x', { id: 'a', name: 'f' }), '[DONE]');
    expect(done.records).toMatchObject([{ text: 'a', finishReason: null, complete: true }]);
    expect(done.codes).toEqual(['tool-arguments-invalid']);
    const reason = run(chat({ content: 'a' }), finish('stop'));
    expect(reason.records).toMatchObject([{ complete: true }]);
    expect(reason.codes).toEqual([]);
  });

  test('reports a filter, also one that comes after the model stopped', () => {
    const { records, codes, messages } = run(
      chat({ content: 'a' }),
      finish('stop'),
      finish('content_filter'),
      '[DONE]',
    );
    expect(records).toMatchObject([{ finishReason: 'content_filter', complete: true }]);
    expect(codes).toEqual(['content-filtered']);
    expect(messages).toEqual(['The provider held content back: content_filter']);
  });

  test('takes no message that ended in an error for whole', () => {
    const alone = run(chat({ content: 'a' }), finish('error'), '[DONE]');
    expect(alone.records).toMatchObject([{ complete: false, error: 'finish_reason: error' }]);
    expect(alone.codes).toEqual(['error-in-stream']);
    const told = run(
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
    expect(run(chat({ content: 'a' }), finish(reason), '[DONE]').codes).toEqual([code]);
  });

  test('counts a chunk after [DONE] once', () => {
    const { codes } = run(chat({ content: 'a' }), finish('stop'), '[DONE]', chat({ content: 'b' }));
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

  test('reads content in parts, with the event that brought each', () => {
    const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
    const { records, assembler } = run(
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

  test('reads reasoning details, and not twice what is sent next to them', () => {
    const { records, assembler } = run(
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
    expect(codes).toEqual(['error-in-stream']);
  });

  test('takes a message_start that repeats the id for the same message, which is harmless', () => {
    const { records, codes, assembler } = run(start, start, ...stop);
    expect(records).toMatchObject([{ complete: true }]);
    expect(codes).toEqual(['data-after-done']);
    expect(assembler.problems).toMatchObject([{ harmless: true }]);
  });

  test('takes a message_start that comes late for that of the message that began', () => {
    const { records, codes } = run(
      block('content_block_start', { index: 0, content_block: { type: 'text', text: 'a' } }),
      start,
      ...stop,
    );
    expect(records).toMatchObject([{ text: 'a', role: 'assistant', complete: true }]);
    expect(codes).toEqual(['out-of-order']);
  });

  test('counts what comes after message_stop once', () => {
    const { codes } = run(
      start,
      block('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      block('content_block_stop', { index: 0 }),
      ...stop,
      block('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'x' } }),
    );
    expect(codes).toEqual(['data-after-done']);
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

  test('reports events that come late, and numbers that never came', () => {
    const at = (n: number) =>
      block('response.output_text.delta', {
        output_index: 0,
        content_index: 0,
        sequence_number: n,
        delta: String(n),
      });
    const { codes, messages } = run(
      created,
      item('added', 0, { type: 'message' }),
      ...[3, 4, 7, 6, 9, 9].map(at),
      block('response.completed', { response: {}, sequence_number: 13 }),
    );
    expect(codes).toEqual(['out-of-order', 'out-of-order', ...Array(3).fill('sequence-gap')]);
    expect(messages.slice(2)).toEqual([
      'Events are missing: sequence_number 5 never came',
      'Events are missing: sequence_number 8 never came',
      'Events are missing: sequence_number 10 to 12 never came',
    ]);
  });

  test('keeps a bounded number of gaps where late numbers cut one into many', () => {
    const problems = new Problems();
    const numbers = new SequenceNumbers(problems);
    numbers.take(0, 0);
    numbers.take(100_000, 1);
    for (let n = 2; n < 10_000; n += 2) numbers.take(n, n);
    const late = problems.count;
    numbers.end();
    expect(problems.count - late).toBe(1000);
  });

  test('reports an error of another shape than its own', () => {
    const { records, codes } = run(created, { error: { message: 'upstream reset' } });
    expect(records).toMatchObject([{ complete: false, error: 'upstream reset' }]);
    expect(codes).toEqual(['error-in-stream']);
  });

  test('reports a filter', () => {
    const { codes } = run(
      created,
      block('response.incomplete', { response: { incomplete_details: { reason: 'content_filter' } } }),
    );
    expect(codes).toEqual(['content-filtered']);
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

describe('google-generate-content', () => {
  const answer = (parts: readonly object[], rest: object = {}) => ({
    candidates: [{ content: { role: 'model', parts }, ...rest }],
    responseId: 'r',
  });
  const piece = (functionCall: object) => answer([{ functionCall }]);
  const arg = (jsonPath: string, value: object, willContinue?: true) => ({
    ...piece({
      partialArgs: [{ jsonPath, ...value, ...(willContinue && { willContinue }) }],
      willContinue: true,
    }),
  });

  test('puts a function call together that comes in pieces', () => {
    const { records, codes, assembler } = run(
      piece({ name: 'weather', id: 'c1', willContinue: true }),
      arg('$.city', { stringValue: 'New \ud83d' }, true),
      arg('$.city', { stringValue: '\ude00 "York"' }, true),
      arg('$.city', { stringValue: '' }),
      arg('$.days[0].n', { numberValue: 1 }),
      arg('$.days[0].wet', { boolValue: false }),
      arg('$.days[1].n', { nullValue: null }),
      arg("$['a b']", { stringValue: 'c' }),
      piece({}),
      answer([], { finishReason: 'STOP' }),
    );
    expect(records[0]?.toolCalls).toMatchObject([
      {
        id: 'c1',
        name: 'weather',
        parsed: {
          city: 'New \ud83d\ude00 "York"',
          days: [{ n: 1, wet: false }, { n: null }],
          'a b': 'c',
        },
      },
    ]);
    expect(records).toMatchObject([{ complete: true }]);
    expect(codes).toEqual([]);
    const [toolCall] = assembler.messages[0]?.parts ?? [];
    if (toolCall?.kind !== 'tool-call') throw new Error('no call');
    expect(toolCall.arguments.seqAt(toolCall.arguments.toString().indexOf('York'))).toBe(2);
  });

  test('knows a call for whole when its last piece came, before the message is', () => {
    const { assembler } = run(
      piece({ name: 'f', willContinue: true }),
      arg('$.a', { numberValue: 1 }),
      piece({}),
    );
    expect(assembler.messages[0]?.parts).toMatchObject([{ done: true, json: { complete: true } }]);
  });

  test('keeps two calls in pieces apart, and a whole one between them', () => {
    const { records, codes } = run(
      piece({ name: 'f', willContinue: true }),
      arg('$.a', { numberValue: 1 }),
      piece({}),
      piece({ name: 'g', args: { b: 2 } }),
      piece({ name: 'f', willContinue: true }),
      piece({ partialArgs: [{ jsonPath: '$.a', numberValue: 3 }] }),
      answer([], { finishReason: 'STOP' }),
    );
    expect(records[0]?.toolCalls.map(({ name, parsed }) => [name, parsed])).toEqual([
      ['f', { a: 1 }],
      ['g', { b: 2 }],
      ['f', { a: 3 }],
    ]);
    expect(codes).toEqual([]);
  });

  test('reports pieces that have no call, or a path that cannot be', () => {
    expect(run(arg('$.a', { numberValue: 1 }), piece({})).codes).toEqual([
      'tool-index-missing',
      'missing-terminal-event',
    ]);
    expect(
      run(piece({ name: 'f', willContinue: true }), arg('a[', { numberValue: 1 }), piece({})).codes,
    ).toEqual(['unexpected-shape', 'missing-terminal-event']);
  });

  test.each([
    ['MALFORMED_FUNCTION_CALL', 'tool-arguments-invalid', false],
    ['SAFETY', 'content-filtered', true],
    ['PROHIBITED_CONTENT', 'content-filtered', true],
    ['UNEXPECTED_TOOL_CALL', 'error-in-stream', false],
    ['MAX_TOKENS', 'length-limit-reached', true],
  ])('reports what the finish reason %s means, in the words that came with it', (reason, code, complete) => {
    const { records, codes, messages } = run(
      answer([], { finishReason: reason, finishMessage: 'print(default_api.f(' }),
    );
    expect(codes).toEqual([code]);
    expect(records).toMatchObject([{ finishReason: reason, complete }]);
    if (code !== 'length-limit-reached') expect(messages[0]).toContain(`${reason}: print(default_api.f(`);
  });

  test('takes a blocked prompt for an error', () => {
    expect(run({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: {} }).codes).toEqual([
      'error-in-stream',
    ]);
  });
});

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

  test('takes an event of type error for one in any dialect, whatever its data', () => {
    const delta = JSON.stringify(chat({ content: 'a' }));
    const assembler = assemble(
      new TextEncoder().encode(`data: ${delta}\n\nevent: error\ndata: Service Unavailable\n\n`),
    );
    expect(assembler.messages.map(messageRecord)).toMatchObject([
      { text: 'a', complete: false, error: 'Service Unavailable' },
    ]);
    expect(assembler.problems.map(({ code }) => code)).toEqual(['error-in-stream']);
  });

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
