import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { previewChange, PreviewSequence } from '../../../src/core/json/preview.ts';
import { haveRecordedStreams, recordedStreams } from '../../fixtures/recorded-streams.ts';
import { cpuTime } from '../../fixtures/cpu-time.ts';

const chat = (delta: unknown, rest: object = {}, number = 1) =>
  JSON.stringify({
    id: `chatcmpl-${number}`,
    object: 'chat.completion.chunk',
    created: 1770933892 + number,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: null }],
    usage: null,
    obfuscation: `x${number}`,
    ...rest,
  });

describe('the preview of a payload', () => {
  test.each([
    ['a text delta', chat({ content: ' quick' }), 'choices[0].delta.content', '" quick"'],
    [
      'reasoning',
      chat({ reasoning_content: 'So', content: null }),
      'choices[0].delta.reasoning_content',
      '"So"',
    ],
    [
      'arguments of a tool call',
      chat({ tool_calls: [{ index: 0, function: { arguments: '{"ci' } }] }),
      'choices[0].delta.tool_calls[0].function.arguments',
      '"{\\"ci"',
    ],
    [
      'how it ended',
      chat({}, { choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }] }),
      'choices[0].finish_reason',
      '"stop"',
    ],
    [
      'a part that is new as a whole',
      chat({}, { choices: [], usage: { prompt_tokens: 1, completion_tokens: 12 } }),
      'usage',
      '{"prompt_tokens":1,"completion_tokens":12}',
    ],
  ])('shows %s', (_name, current, path, text) => {
    expect(previewChange(chat({ content: 'The' }, {}, 0), current)).toEqual({ path, text });
  });

  test('shows the same delta again where nothing but an identifier changed', () => {
    expect(previewChange(chat({ content: 'ha' }, {}, 1), chat({ content: 'ha' }, {}, 2))).toEqual({
      path: 'choices[0].delta.content',
      text: '"ha"',
    });
  });

  test('shows the deltas of other dialects, and leaves counters alone', () => {
    const responses = (delta: string, n: number) =>
      JSON.stringify({ type: 'response.output_text.delta', item_id: 'msg_1', sequence_number: n, delta });
    expect(previewChange(responses('a', 1), responses('b', 2))).toEqual({ path: 'delta', text: '"b"' });
    const anthropic = (text: string) =>
      JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
    expect(previewChange(anthropic('a'), anthropic('b'))).toEqual({ path: 'delta.text', text: '"b"' });
    const google = (text: string) =>
      JSON.stringify({ candidates: [{ content: { parts: [{ text }], role: 'model' } }] });
    expect(previewChange(null, google('a'))).toEqual({
      path: 'candidates[0].content.parts[0].text',
      text: '"a"',
    });
  });

  test('shows the one member that changed, with every digit of its number', () => {
    expect(previewChange('{"a":1,"n":9007199254740992}', '{"a":1,"n":9007199254740993}')).toEqual({
      path: 'n',
      text: '9007199254740993',
    });
    expect(previewChange('{"step":1}', '{"step":2}')).toEqual({ path: 'step', text: '2' });
  });

  test('shows what an identifier is where nothing else is there', () => {
    expect(previewChange('{"id":"a"}', '{"id":"b"}')).toEqual({ path: 'id', text: '"b"' });
  });

  test('writes member names that are not identifiers in quotes, and hostile ones visibly', () => {
    expect(previewChange(null, '{"a b":{"__proto__":{"\\u001b[31m":"x"}}}')).toEqual({
      path: '["a b"].__proto__["\\u001b[31m"]',
      text: '"x"',
    });
  });

  test('makes control characters visible', () => {
    expect(previewChange(null, '{"text":"\\u001b[31m\\nred\\u202e"}').text).toBe(
      '"\\u001b[31m\\nred\\u202e"',
    );
    expect(previewChange(null, 'a\nb\u001b').text).not.toMatch(/[\n\u001b]/);
  });

  test('of a text that is not JSON leaves out the beginning that the one before has too', () => {
    const head = 'the same beginning of every line, '.repeat(4);
    const { path, text } = previewChange(`${head}one`, `${head}two`);
    expect(path).toBeNull();
    expect(text).toMatch(/^….*two$/);
    expect(text.length).toBeLessThan(40);
    expect(previewChange(null, '😀'.repeat(200)).text).toBe(`${'😀'.repeat(119)}…`);
    expect(previewChange(null, 'hello')).toEqual({ path: null, text: 'hello' });
    expect(previewChange('{"a":1}', '[DONE]')).toEqual({ path: null, text: '[DONE]' });
    expect(previewChange(null, '{"a":oops}')).toEqual({ path: null, text: '{"a":oops}' });
  });

  test('of a JSON text that is cut off shows its beginning', () => {
    expect(previewChange(null, '{"type":"x","delta":{"text":"hal')).toEqual({
      path: 'delta.text',
      text: '"hal…',
    });
  });

  test('is one line of at most 240 characters, for any payloads', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((text) => text.slice(0, -3)),
    );
    fc.assert(
      fc.property(fc.option(anything), anything, (previous, current) => {
        const { path, text } = previewChange(previous, current);
        expect(text.length).toBeLessThanOrEqual(240);
        expect(path === null || path.length <= 160).toBe(true);
        expect(`${path}${text}`).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202e]/u);
      }),
      { numRuns: 1000 },
    );
  });

  test('of a huge or deep payload takes no longer than that of its beginning', () => {
    const huge = `{"type":"image","b64":"${'A'.repeat(8 << 20)}","n":1}`;
    const wide = `{"list":[${'1,'.repeat(1 << 20)}1]}`;
    const deep = '['.repeat(1 << 20);
    const names = `{${'"a":1,'.repeat(1 << 18)}"z":1}`;
    for (const payload of [huge, wide, deep, names]) {
      const other = `${payload} `;
      const time = cpuTime(() => expect(previewChange(payload, other).text.length).toBeLessThanOrEqual(240));
      expect(time).toBeLessThan(1000);
    }
  });
});

describe('a sequence of previews', () => {
  test('compares each payload with the one before it of the same event type', () => {
    const previews = new PreviewSequence();
    expect(previews.next('a', '{"n":1,"m":2}')).toEqual({ path: 'n', text: '1' });
    expect(previews.next('b', '{"n":1,"m":3}')).toEqual({ path: 'n', text: '1' });
    expect(previews.next('a', '{"n":1,"m":3}')).toEqual({ path: 'm', text: '3' });
  });

  test('forgets the types that it has not seen for longest', () => {
    const previews = new PreviewSequence();
    for (const type of ['kept', 'old']) previews.next(type, '{"n":1,"m":2}');
    for (let n = 0; n < 31; n++) {
      previews.next('kept', '{"n":1,"m":2}');
      previews.next(`type ${n}`, '{}');
    }
    expect(previews.next('kept', '{"n":1,"m":3}')).toEqual({ path: 'm', text: '3' });
    expect(previews.next('old', '{"n":1,"m":3}')).toEqual({ path: 'n', text: '1' });
  });
});

describe.skipIf(!haveRecordedStreams)('the previews of a recorded stream', () => {
  test('are the text, piece by piece', () => {
    const stream = recordedStreams().find(({ name }) => name === 'openai-chat-text');
    if (stream === undefined) throw new Error('openai-chat-text is not there');
    let previous: string | null = null;
    let text = '';
    let expected = '';
    for (const payload of stream.payloads) {
      const { path, text: shown } = previewChange(previous, payload);
      if (path === 'choices[0].delta.content') text += JSON.parse(shown);
      expected += JSON.parse(payload).choices[0]?.delta.content ?? '';
      previous = payload;
    }
    expect(text).toBe(expected);
    expect(text.length).toBeGreaterThan(500);
  });
});
