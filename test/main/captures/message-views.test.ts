import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/core/json/json-value.ts';
import { StreamHead } from '../../../src/core/llm/dialect.ts';
import { MessageAssembler } from '../../../src/core/llm/message-assembler.ts';
import { viewMessages } from '../../../src/main/captures/message-views.ts';
import { callChunk, chatChunk } from './chat-stream.ts';

function assembled(...payloads: readonly object[]): MessageAssembler {
  const assembler = new MessageAssembler(new StreamHead(''));
  for (const [seq, value] of payloads.entries()) {
    assembler.push({ seq, type: 'message', value: value as JsonValue, sentinel: false, text: '' });
  }
  return assembler;
}

const responses = (item: object) => [
  { type: 'response.created', response: { id: 'r', model: 'm' } },
  { type: 'response.output_item.added', output_index: 0, item },
  { type: 'response.output_item.done', output_index: 0, item },
];

describe('viewMessages', () => {
  test('says who speaks, how it ended and which events made it', () => {
    const view = viewMessages(
      assembled(chatChunk({ role: 'assistant', content: 'a' }), chatChunk({}, 'stop')),
      {},
      true,
    );
    expect(view).toMatchObject({ dialect: 'openai-chat', whole: true });
    expect(view.messages[0]).toMatchObject({
      role: 'assistant',
      model: 'test',
      finishReason: 'stop',
      events: [0, 1],
      parts: [{ kind: 'text', text: 'a', from: 0, length: 1 }],
    });
  });

  test('is incomplete until all documents are read and all text is sent', () => {
    const short = assembled(chatChunk({ content: 'a' }));
    expect(viewMessages(short, {}, false).whole).toBe(false);
    const long = assembled(chatChunk({ content: 'a'.repeat(600_000) }));
    expect(viewMessages(long, {}, true).whole).toBe(false);
    expect(viewMessages(long, { '0/0': 100_000 }, true).whole).toBe(true);
  });

  test('shares its room among all parts of all messages', () => {
    const long = 'x'.repeat(400_000);
    const assembler = assembled(chatChunk({ content: long }, null, 0), chatChunk({ content: long }, null, 1));
    const view = viewMessages(assembler, {}, true);
    const lengths = view.messages.map(({ parts: [part] }) => (part?.kind === 'text' ? part.text.length : -1));
    expect(lengths).toEqual([400_000, 512 * 1024 - 400_000]);
    expect(view.whole).toBe(false);
  });

  test('cuts the content of a built-in tool or a part of another kind', () => {
    const view = viewMessages(
      assembled(
        ...responses({
          type: 'image_generation_call',
          id: 'i',
          status: 'completed',
          result: 'x'.repeat(100_000),
        }),
      ),
      {},
      true,
    );
    const [part] = view.messages[0]?.parts ?? [];
    expect(part).toMatchObject({
      kind: 'other',
      type: 'image_generation_call',
      status: 'completed',
      done: true,
    });
    expect(part?.kind === 'other' ? part.json.length : 0).toBe(64 * 1024 + 1);
  });

  test('cuts long citations and shows no more than a hundred of them', () => {
    const annotation = { type: 'url_citation', title: 'x'.repeat(5000) };
    const added = Array.from({ length: 150 }, (_, n) => ({
      type: 'response.output_text.annotation.added',
      output_index: 0,
      content_index: 0,
      annotation_index: n,
      annotation,
    }));
    const begin = responses({ type: 'message', id: 'm', role: 'assistant', content: [] }).slice(0, 2);
    const part = {
      type: 'response.content_part.added',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: '' },
    };
    const view = viewMessages(assembled(...begin, part, ...added), {}, true);
    const [text] = view.messages[0]?.parts ?? [];
    if (text?.kind !== 'text') throw new Error('no text part');
    expect(text.extras).toHaveLength(100);
    expect(new Set(text.extras.map(({ json }) => json.length))).toEqual(new Set([2001]));
  });

  test('says of a call whose arguments are no JSON where they stop being so', () => {
    const view = viewMessages(assembled(callChunk('{"a":1,}', 'f'), chatChunk({}, 'tool_calls')), {}, true);
    expect(view.messages[0]?.parts[0]).toMatchObject({
      kind: 'tool-call',
      name: 'f',
      isJson: true,
      text: '{"a":1,}',
      problem: { at: 7, message: expect.any(String) },
    });
  });

  test('shows the first problems and counts all', () => {
    const calls = Array.from({ length: 300 }, () =>
      chatChunk({ tool_calls: [{ function: { arguments: 'x' } }] }),
    );
    const view = viewMessages(assembled(chatChunk({ content: 'a' }), ...calls), {}, true);
    expect(view.problems.length).toBeLessThanOrEqual(200);
    expect(view.problemCount).toBeGreaterThanOrEqual(300);
  });
});
