import { describe, expect, test } from 'vitest';
import { assembled } from './assemble.ts';

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

  test('assembles a function call from pieces', () => {
    const { records, codes, assembler } = assembled(
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

  test('completes a call with its last piece, before the message is complete', () => {
    const { assembler } = assembled(
      piece({ name: 'f', willContinue: true }),
      arg('$.a', { numberValue: 1 }),
      piece({}),
    );
    expect(assembler.messages[0]?.parts).toMatchObject([{ done: true, json: { complete: true } }]);
  });

  test('separates two calls in pieces and a complete one between them', () => {
    const { records, codes } = assembled(
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
    expect(assembled(arg('$.a', { numberValue: 1 }), piece({})).codes).toEqual([
      'tool-index-missing',
      'missing-terminal-event',
    ]);
    expect(
      assembled(piece({ name: 'f', willContinue: true }), arg('a[', { numberValue: 1 }), piece({})).codes,
    ).toEqual(['unexpected-shape', 'missing-terminal-event']);
  });

  test.each([
    ['MALFORMED_FUNCTION_CALL', 'tool-arguments-invalid', false],
    ['SAFETY', 'content-filtered', true],
    ['PROHIBITED_CONTENT', 'content-filtered', true],
    ['UNEXPECTED_TOOL_CALL', 'error-in-stream', false],
    ['MAX_TOKENS', 'length-limit-reached', true],
  ])('reports what the finish reason %s means, in the words that came with it', (reason, code, complete) => {
    const { records, codes, messages } = assembled(
      answer([], { finishReason: reason, finishMessage: 'print(default_api.f(' }),
    );
    expect(codes).toEqual([code]);
    expect(records).toMatchObject([{ finishReason: reason, complete }]);
    if (code !== 'length-limit-reached') expect(messages[0]).toContain(`${reason}: print(default_api.f(`);
  });

  test('reports a blocked prompt as an error', () => {
    expect(assembled({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: {} }).codes).toEqual([
      'error-in-stream',
    ]);
  });
});
