import { llmEvent } from '../../../src/core/llm/assembly.ts';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { StreamHead } from '../../../src/core/llm/dialect.ts';
import { MessageAssembler } from '../../../src/core/llm/message-assembler.ts';
import { messageRecord } from '../../../src/core/llm/message-record.ts';
import { Pipeline } from '../../../src/core/pipeline/pipeline.ts';

/** Runs a body through the whole pipeline, cut at the given places, up to its messages. */
export function assemble(body: Uint8Array, cuts: readonly number[] = []): MessageAssembler {
  const assembler = new MessageAssembler(new StreamHead(''));
  let type = 'message';
  const pipeline = new Pipeline({
    block: (block) => {
      type = block.type;
    },
    blockExtended: () => undefined,
    document: (document) => assembler.push(llmEvent(document, type)),
  });
  const records: CaptureRecord[] = [];
  const places = [...new Set([0, ...cuts, body.length])].sort((a, b) => a - b);
  for (let n = 1; n < places.length; n++) {
    const bytes = body.subarray(places[n - 1], places[n]);
    records.push({ kind: 'chunk', at: n, read: n, wireBytes: bytes.length, bytes });
  }
  for (const record of records) pipeline.push(record);
  pipeline.push({ kind: 'end', at: places.length, reason: 'complete' });
  assembler.end();
  return assembler;
}

/** Payloads framed as an event stream. */
export function framedEvents(payloads: readonly unknown[]): Uint8Array {
  const text = payloads
    .map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`)
    .join('');
  return new TextEncoder().encode(text);
}

/** Assembles payloads, framed as an event stream: the records of their messages, and the problems. */
export function assembled(...payloads: readonly unknown[]) {
  const assembler = assemble(framedEvents(payloads));
  return {
    records: assembler.messages.map(messageRecord),
    codes: assembler.problems.map(({ code }) => code),
    messages: assembler.problems.map(({ message }) => message),
    assembler,
  };
}
