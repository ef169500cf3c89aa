import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { messageRecord, type MessageRecord } from '../../../src/core/llm/message-record.ts';
import {
  haveRecordedStreams,
  recordedStreams,
  type RecordedStream,
} from '../../fixtures/recorded-streams.ts';
import { seededRandom } from '../../fixtures/seeded-random.ts';
import { assemble } from './assemble.ts';

/** A `fetch` that answers with these bytes, so that the official packages read what we read. */
const fetchOf = (body: Uint8Array) => () =>
  Promise.resolve(new Response(new Uint8Array(body), { headers: { 'content-type': 'text/event-stream' } }));

const streams = recordedStreams();
const named = (pattern: RegExp) =>
  streams.filter(({ name }) => pattern.test(name)).map((one) => [one.name, one] as const);
const records = (stream: RecordedStream, cuts: readonly number[] = []): readonly MessageRecord[] =>
  assemble(stream.body, cuts).messages.map(messageRecord);

describe.skipIf(!haveRecordedStreams)('messages of the recorded streams', () => {
  test.each(named(/-chat-/))('%s: equals what the openai package accumulates', async (name, stream) => {
    // The package wants a role, which Mistral's stream never says: there it gets one, and the role is not compared.
    const rolePatch = name.startsWith('mistral');
    const body = rolePatch ? withRole(stream.body) : stream.body;
    const client = new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1/v1', fetch: fetchOf(body) });
    const completion = await client.chat.completions
      .stream({ model: 'any', messages: [{ role: 'user', content: 'any' }] })
      .finalChatCompletion();
    const ours = records(stream);
    expect(
      ours.map(({ choice, role, text, refusal, finishReason, toolCalls }) => ({
        choice,
        role: rolePatch ? 'assistant' : role,
        text: text ?? '',
        refusal: refusal ?? '',
        finishReason,
        toolCalls: toolCalls.map((call) => ({ id: call.id, name: call.name, arguments: call.arguments })),
      })),
    ).toEqual(
      completion.choices.map((choice) => ({
        choice: choice.index,
        role: choice.message.role,
        text: choice.message.content ?? '',
        refusal: choice.message.refusal ?? '',
        finishReason: choice.finish_reason,
        toolCalls: (choice.message.tool_calls ?? []).map((call) => ({
          id: call.id,
          name: call.type === 'function' ? call.function.name : null,
          arguments: call.type === 'function' ? call.function.arguments : null,
        })),
      })),
    );
    expect(ours.every((message) => message.complete)).toBe(true);
    expect(ours[0]?.usage).toEqual(lastUsage(stream));
  });

  test.each(named(/-chat-.*reasoning|deepseek/))(
    '%s: reasoning is every fragment in order',
    (_name, stream) => {
      const expected = stream.payloads
        .map((payload) => JSON.parse(payload).choices[0]?.delta?.reasoning_content ?? '')
        .join('');
      expect(expected.length).toBeGreaterThan(0);
      expect(records(stream)[0]?.reasoning).toBe(expected);
    },
  );

  test.each(named(/^anthropic-/))(
    '%s: equals what the Anthropic package accumulates',
    async (_name, stream) => {
      const client = new Anthropic({
        apiKey: 'none',
        baseURL: 'http://127.0.0.1',
        fetch: fetchOf(stream.body),
      });
      const message = await client.messages
        .stream({ model: 'any', max_tokens: 1, messages: [{ role: 'user', content: 'any' }] })
        .finalMessage();
      const [ours] = records(stream);
      const texts = message.content.filter((block) => block.type === 'text').map((block) => block.text);
      const calls = message.content.filter(
        (block) => block.type === 'tool_use' || block.type === 'server_tool_use',
      );
      expect(ours).toMatchObject({ role: message.role, finishReason: message.stop_reason, complete: true });
      expect(ours?.text ?? '').toBe(texts.join(''));
      expect(ours?.toolCalls.map(({ id, name, parsed }) => ({ id, name, input: parsed }))).toEqual(
        calls.map(({ id, name, input }) => ({ id, name, input })),
      );
      expect(ours?.usage).toEqual(JSON.parse(JSON.stringify(message.usage)));
    },
  );

  test.each(named(/-responses-/).filter(([name]) => !/error|parallel/.test(name)))(
    '%s: what the deltas add up to equals the output of response.completed',
    (_name, stream) => {
      const response = JSON.parse(stream.payloads.at(-1) ?? '').response;
      const [ours] = records(stream);
      const content = (type: string, item: string, key: string): string =>
        response.output
          .filter((one: { type: string }) => one.type === item)
          .flatMap((one: { content?: { type: string }[] }) => one.content ?? [])
          .filter((one: { type: string }) => one.type === type)
          .map((one: Record<string, string>) => one[key])
          .join('');
      expect(ours?.text ?? '').toBe(content('output_text', 'message', 'text'));
      expect(ours?.reasoning ?? '').toBe(content('reasoning_text', 'reasoning', 'text'));
      const calls = response.output.filter(
        (one: { type: string }) => one.type.endsWith('_call') && one.type !== 'web_search_call',
      );
      expect(
        ours?.toolCalls.map((call) => ({ id: call.id, name: call.name, arguments: call.arguments })),
      ).toEqual(
        calls.map((call: Record<string, string>) => ({
          id: call['call_id'] ?? call['id'],
          name: call['name'],
          arguments: call['arguments'] ?? call['input'],
        })),
      );
      expect(ours).toMatchObject({ finishReason: 'completed', complete: true, usage: response.usage });
    },
  );

  test.each(named(/responses-error/))('%s: an error inside the stream fails the message', (_name, stream) => {
    const assembler = assemble(stream.body);
    expect(assembler.messages.map(messageRecord)).toMatchObject([
      { complete: false, finishReason: 'failed' },
    ]);
    expect(assembler.problems.map(({ code }) => code)).toEqual(['error-in-stream']);
  });

  // Its first and last payload were recorded broken, with a brace missing: no JSON.
  test.each(named(/responses-parallel/))(
    '%s: what is broken is told, the rest is assembled',
    (_name, stream) => {
      const whole = stream.payloads.find((payload) => payload.includes('arguments.done')) ?? '';
      const assembler = assemble(stream.body);
      expect(assembler.messages.map(messageRecord)).toMatchObject([
        {
          complete: false,
          finishReason: null,
          toolCalls: [{ name: 'parallel', arguments: JSON.parse(whole).arguments }],
        },
      ]);
      expect(assembler.problems.map(({ code }) => code)).toEqual(['missing-terminal-event']);
    },
  );

  test.each(named(/^google-/))('%s: equals its parts joined', (_name, stream) => {
    const parts = stream.payloads.flatMap((payload) => JSON.parse(payload).candidates[0].content.parts);
    const [ours] = records(stream);
    expect(ours?.text ?? '').toBe(parts.map((part: { text?: string }) => part.text ?? '').join(''));
    expect(ours?.toolCalls.map(({ name, parsed }) => ({ name, args: parsed }))).toEqual(
      parts.flatMap((part: { functionCall?: object }) => part.functionCall ?? []),
    );
    expect(ours).toMatchObject({ role: 'model', finishReason: 'STOP', complete: true });
  });

  test.each(named(/completions-text/))(
    '%s: an unknown dialect has no message, which is no error',
    (_name, stream) => {
      expect(assemble(stream.body)).toMatchObject({ dialect: null, messages: [], problems: [] });
    },
  );

  test.each(named(/^(?!.*completions-text)/).filter(([name]) => !/error|parallel/.test(name)))(
    '%s: a healthy stream has no problem',
    (_name, stream) => {
      expect(assemble(stream.body).problems).toEqual([]);
    },
  );

  test.each(named(/./))('%s: gives the same messages cut at 200 random places', (name, stream) => {
    const random = seededRandom(name);
    const whole = JSON.stringify(records(stream));
    const cuts = Array.from({ length: 200 }, () => Math.floor(random() * stream.body.length));
    expect(JSON.stringify(records(stream, cuts))).toBe(whole);
    for (const cut of cuts.slice(0, 20)) expect(JSON.stringify(records(stream, [cut]))).toBe(whole);
  });

  test.each(named(/./))(
    '%s: every character of the message leads to the event that brought it',
    (_name, stream) => {
      const { messages } = assemble(stream.body);
      for (const part of messages.flatMap((message) => message.parts)) {
        if (part.kind === 'other') continue;
        const text = part.kind === 'tool-call' ? part.arguments : part.text;
        for (let position = 0; position < text.length; position++) {
          const span = text.spanAt(position);
          expect(span).not.toBeNull();
          if (span === null) continue;
          const payload = stream.payloads[span.seq] ?? '';
          const piece = JSON.stringify(text.slice().slice(span.from, span.to)).slice(1, -1);
          // Google sends arguments as JSON and not as a text in JSON.
          if (!/candidates/.test(payload)) expect(JSON.stringify(JSON.parse(payload))).toContain(piece);
          position = span.to - 1;
        }
      }
    },
  );
});

/** Usage as the stream's last payload that has one says it. */
function lastUsage(stream: RecordedStream): unknown {
  return (
    stream.payloads.map((payload) => JSON.parse(payload).usage).findLast((usage) => usage != null) ?? null
  );
}

function withRole(body: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(body).replace('"delta":{', '"delta":{"role":"assistant",');
  return new TextEncoder().encode(text);
}
