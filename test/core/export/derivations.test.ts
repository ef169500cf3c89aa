import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { derivationsOf, type Derivation } from '../../../src/core/export/derivations.ts';
import { jsonRecordText } from '../../../src/core/export/records.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';

const encoder = new TextEncoder();
const chunk = (text: string, read: number): CaptureRecord => ({
  kind: 'chunk',
  at: read,
  read,
  wireBytes: text.length,
  bytes: encoder.encode(text),
});
const end: CaptureRecord = { kind: 'end', at: 99, reason: 'complete' };

async function all(records: Iterable<CaptureRecord>): Promise<Derivation[]> {
  const items: Derivation[] = [];
  for await (const item of derivationsOf(records)) items.push(item);
  return items;
}

async function jsonLines(body: string): Promise<string[]> {
  const items = await all([chunk(body, 0), end]);
  return items.flatMap((item) => (item.kind === 'document' ? [jsonRecordText(item.document)] : []));
}

describe('derivations as they go', () => {
  test('are what the pipeline gives in the end, however the bytes are cut', async () => {
    const piece = fc.constantFrom(
      'data: {"a":',
      '1}',
      'data: x',
      '\r',
      '\n',
      '\r\n',
      '\r\n\r\n',
      ': c',
      '',
      '{"b":2}',
    );
    const note: CaptureRecord = { kind: 'note', at: 1, note: 'log', fields: {} };
    const again: CaptureRecord = { kind: 'note', at: 1, note: 'reconnect', fields: {} };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.constantFrom(note, again))),
        async (parts) => {
          const records = [
            ...parts.map((part, n) => (typeof part === 'string' ? chunk(part, n) : part)),
            end,
          ];
          const items = await all(records);
          const { blocks, documents, payloads } = derive(records);
          expect(items.flatMap((item) => (item.kind === 'block' ? [item.block] : []))).toEqual(blocks);
          expect(items.flatMap((item) => (item.kind === 'block' ? [item.payload] : []))).toEqual(payloads);
          expect(items.flatMap((item) => (item.kind === 'document' ? [item.document] : []))).toEqual(
            documents,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('an event is given with its chunk, before the next record is taken', async () => {
    const taken: number[] = [];
    function* records(): Generator<CaptureRecord> {
      for (let n = 0; n < 3; n++) {
        taken.push(n);
        yield chunk(`data: ${n}\n\n`, n);
      }
    }
    for await (const item of derivationsOf(records())) {
      if (item.kind === 'block') expect(taken.at(-1)).toBe(Number(item.block.data));
    }
    expect(taken).toEqual([0, 1, 2]);
  });

  test('a capture that breaks off without an end still gives its unfinished block', async () => {
    expect(await all([chunk('data: x', 0)])).toMatchObject([{ kind: 'block', block: { kind: 'discarded' } }]);
  });
});

describe('json records', () => {
  test('keep every digit and every escape, on one line', async () => {
    const json = '{ "id" : 12345678901234567890, "x": [1.10, 1e400],\ndata: "s": "a \\" { \\u00e9\\\\" }';
    expect(await jsonLines(`data: ${json}\n\n`)).toEqual([
      '{"seq":0,"state":"complete","events":[0,0],"value":{"id":12345678901234567890,"x":[1.10,1e400],"s":"a \\" { \\u00e9\\\\"}}',
    ]);
  });

  test('describe what is not JSON', async () => {
    const lines = await jsonLines('data: [DONE]\n\ndata: {"a":tru}\n\ndata: {"a":\n\ndata: hello\n\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { seq: 0, state: 'sentinel', events: [0, 0], value: null, text: '[DONE]', problem: null },
      { seq: 1, state: 'malformed', value: null, text: '{"a":tru}', problem: { at: 8 } },
      { seq: 2, state: 'partial', value: null, text: '{"a":' },
      { seq: 3, state: 'text', value: null, text: 'hello' },
    ]);
  });
});
