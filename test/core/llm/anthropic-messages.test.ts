import { describe, expect, test } from 'vitest';
import { assembled } from './assemble.ts';

const block = (type: string, rest: object) => ({ type, ...rest });

describe('anthropic-messages', () => {
  const start = block('message_start', {
    message: { id: 'm', role: 'assistant', usage: { input_tokens: 3 } },
  });
  const stop = [
    block('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
    block('message_stop', {}),
  ];

  test('separates thinking, its signature and text', () => {
    const { records, codes, assembler } = assembled(
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

  test('reports a delta for a block that never began, and keeps it', () => {
    const { records, codes } = assembled(
      start,
      block('content_block_delta', { index: 4, delta: { type: 'text_delta', text: 'x' } }),
      ...stop,
    );
    expect(records[0]?.text).toBe('x');
    expect(codes).toEqual(['tool-index-missing']);
  });

  test('reports an error event in the middle', () => {
    const { records, codes } = assembled(
      start,
      block('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
    );
    expect(records).toMatchObject([{ complete: false, error: 'overloaded_error: Overloaded' }]);
    expect(codes).toEqual(['error-in-stream']);
  });

  test('reads a message_start with the same id as the same message, which is harmless', () => {
    const { records, codes, assembler } = assembled(start, start, ...stop);
    expect(records).toMatchObject([{ complete: true }]);
    expect(codes).toEqual(['data-after-done']);
    expect(assembler.problems).toMatchObject([{ harmless: true }]);
  });

  test('reads a late message_start as that of the current message', () => {
    const { records, codes } = assembled(
      block('content_block_start', { index: 0, content_block: { type: 'text', text: 'a' } }),
      start,
      ...stop,
    );
    expect(records).toMatchObject([{ text: 'a', role: 'assistant', complete: true }]);
    expect(codes).toEqual(['out-of-order']);
  });

  test('counts events after message_stop once', () => {
    const { codes } = assembled(
      start,
      block('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      block('content_block_stop', { index: 0 }),
      ...stop,
      block('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'x' } }),
    );
    expect(codes).toEqual(['data-after-done']);
  });

  test('reads a second message_start as another response', () => {
    const { records, codes } = assembled(start, ...stop, start, ...stop);
    expect(records).toHaveLength(2);
    expect(codes).toEqual(['data-after-done']);
  });
});
