import { describe, expect, test } from 'vitest';
import { Problems } from '../../../src/core/llm/assembly.ts';
import { SequenceNumbers } from '../../../src/core/llm/sequence-numbers.ts';
import { assembled } from './assemble.ts';

const block = (type: string, rest: object) => ({ type, ...rest });

describe('openai-responses', () => {
  const created = block('response.created', { response: { id: 'r', model: 'm' } });
  const item = (verb: string, index: number, one: object) =>
    block(`response.output_item.${verb}`, { output_index: index, item: one });

  test('separates reasoning summaries, refusals and text, with an incomplete end', () => {
    const { records, codes } = assembled(
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

  test('reports deltas out of order', () => {
    const at = (n: number, delta: string) =>
      block('response.output_text.delta', { output_index: 0, content_index: 0, sequence_number: n, delta });
    const { codes } = assembled(
      created,
      item('added', 0, { type: 'message' }),
      at(5, 'a'),
      at(4, 'b'),
      block('response.completed', { response: {} }),
    );
    expect(codes).toEqual(['out-of-order']);
  });

  test('reports late events and missing numbers', () => {
    const at = (n: number) =>
      block('response.output_text.delta', {
        output_index: 0,
        content_index: 0,
        sequence_number: n,
        delta: String(n),
      });
    const { codes, messages } = assembled(
      created,
      item('added', 0, { type: 'message' }),
      ...[3, 4, 7, 6, 9, 9].map(at),
      block('response.completed', { response: {}, sequence_number: 13 }),
    );
    expect(codes).toEqual(['out-of-order', 'out-of-order', ...Array(3).fill('sequence-gap')]);
    expect(messages.slice(2)).toEqual([
      'Events are missing: sequence_number 5 never arrived',
      'Events are missing: sequence_number 8 never arrived',
      'Events are missing: sequence_number 10 to 12 never arrived',
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
    const { records, codes } = assembled(created, { error: { message: 'upstream reset' } });
    expect(records).toMatchObject([{ complete: false, error: 'upstream reset' }]);
    expect(codes).toEqual(['error-in-stream']);
  });

  test('reports a filter', () => {
    const { codes } = assembled(
      created,
      block('response.incomplete', { response: { incomplete_details: { reason: 'content_filter' } } }),
    );
    expect(codes).toEqual(['content-filtered']);
  });

  test('reports a complete text that differs from its deltas', () => {
    const { codes } = assembled(
      created,
      item('added', 0, { type: 'message' }),
      block('response.output_text.delta', { output_index: 0, content_index: 0, delta: 'a' }),
      block('response.output_text.done', { output_index: 0, content_index: 0, text: 'b' }),
      block('response.completed', { response: {} }),
    );
    expect(codes).toEqual(['unexpected-shape']);
  });

  test('follows the states of a built-in tool', () => {
    const { assembler } = assembled(
      created,
      item('added', 0, { type: 'web_search_call', status: 'in_progress' }),
      block('response.web_search_call.searching', { output_index: 0 }),
    );
    expect(assembler.messages[0]?.parts).toMatchObject([
      { kind: 'other', type: 'web_search_call', status: 'searching' },
    ]);
  });
});
