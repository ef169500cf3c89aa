import { chunk } from './capture-records.ts';
import type { ChunkRecord } from '../../../src/core/capture/record.ts';

/** A chunk of an OpenAI chat completion stream. */
export function chatChunk(delta: object, finish: string | null = null, index = 0): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'test',
    choices: [{ index, delta, finish_reason: finish }],
  };
}

/** A call of a tool, or more of its arguments. */
export function callChunk(args: string, name?: string): object {
  const begin = name === undefined ? {} : { id: `call-${name}`, type: 'function' };
  const called = { arguments: args, ...(name === undefined ? {} : { name }) };
  return chatChunk({ tool_calls: [{ index: 0, ...begin, function: called }] });
}

/** Payloads as events; an empty string stands for `[DONE]`. */
export function eventsOf(payloads: readonly (object | '')[]): string {
  return payloads
    .map((payload) => `data: ${payload === '' ? '[DONE]' : JSON.stringify(payload)}\n\n`)
    .join('');
}

/** Payloads as one body chunk. */
export function chatRecord(...payloads: readonly (object | '')[]): ChunkRecord {
  return chunk(eventsOf(payloads), 2);
}
