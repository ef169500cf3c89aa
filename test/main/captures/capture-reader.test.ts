import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureId } from '../../../src/contract/capture-id.ts';
import type { ChunkRow, BlockRow, DocumentRow, Lane, LaneRow } from '../../../src/contract/lane.ts';
import type { CaptureRecord, ChunkRecord } from '../../../src/core/capture/record.ts';
import { derive, Pipeline } from '../../../src/core/pipeline/pipeline.ts';
import { readFields } from '../../../src/core/sse/fields.ts';
import { decodeUtf8 } from '../../../src/core/text/utf8.ts';
import type { CaptureLibrary, CaptureSession } from '../../../src/main/captures/library.ts';
import { openLibrary, temporaryFolder, importRecords } from './capture-fixture.ts';
import { bodyOf, chunk, complete, header, response } from './capture-records.ts';

async function stored(
  library: CaptureLibrary,
  records: readonly CaptureRecord[],
): Promise<{ id: CaptureId; session: CaptureSession }> {
  const id = await importRecords(library, header, records);
  return { id, session: await library.session(id) };
}

async function allRows<R extends LaneRow>(session: CaptureSession, lane: Lane, step = 7): Promise<R[]> {
  const rows: LaneRow[] = [];
  for (let from = 0; ; from += step) {
    const window = await session.reader.rows({ lane, from, to: from + step });
    rows.push(...window.rows);
    if (rows.length >= window.total) return rows as R[];
  }
}

/** Bodies as hostile as they come: every line ending, comments, blank runs, ids, JSON cut over events, ill-formed bytes. */
const line = fc.oneof(
  fc.constantFrom(
    'data: {"a":1}',
    'data: {"a":',
    'data: [1,{"b":2}',
    'data: 2}',
    'data: ]}',
    'data: {"x":1}{"y":2}',
    'data: {"x":1} {"y":',
    'data: [DONE]',
    'data: é😀 text',
    'data',
    'data:',
    'data: }',
    'event: ping',
    'event: \u00e9',
    'id: 7',
    'id',
    'id: a\0b',
    'retry: 10',
    ': comment',
    ':',
    'unknown: x',
    '\ufeffdata: bom',
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
);
const ending = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r', '\n\r', '\n\n\n\n');
/** The same in JSON lines. */
const jsonLine = fc.oneof(
  fc.constantFrom(
    '{"a":1}',
    '{"a":',
    '[1,{"b":2}',
    '2}',
    ']}',
    '{"x":1}{"y":',
    'é😀',
    ' \t',
    '',
    '\ufeff{}',
    'data: x',
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
);
const lineEnding = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n', ' \n');
const content = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.tuple(line, ending), { maxLength: 30 }) },
  fc.array(fc.tuple(jsonLine, lineEnding), { maxLength: 30 }),
);
const contentType = fc.constantFrom(
  'text/event-stream',
  'text/event-stream',
  'application/x-ndjson',
  'text/plain',
);
const body = content
  .map((lines) => Buffer.from(lines.flat().join('')))
  .chain((bytes) =>
    fc.tuple(fc.constant(bytes), fc.array(fc.nat(Math.max(1, bytes.length)), { maxLength: 12 }), fc.nat(3)),
  )
  .map(([bytes, cuts, illFormed]) => {
    if (illFormed === 0 && bytes.length > 3) bytes[bytes.length >> 1] = 0xff;
    const points = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    return points.slice(1).map((end, index) => bytes.subarray(points[index], end));
  });
const capture = fc
  .tuple(
    fc.array(fc.tuple(body, contentType), { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat(50), { minLength: 40, maxLength: 40 }),
    fc.nat(9),
  )
  .map(([bodies, gaps, shape]): CaptureRecord[] => {
    let at = 0;
    let read = 0;
    const records: CaptureRecord[] = [];
    for (const [index, [pieces, type]] of bodies.entries()) {
      if (index > 0) records.push({ kind: 'note', at, note: 'reconnect', fields: { attempt: index } });
      if (shape !== 0) records.push({ ...response, at, headers: [['content-type', type]] });
      for (const bytes of pieces) {
        at += (gaps[read % gaps.length] ?? 0) / 8;
        // A foreign file may have no times, or only some.
        const time = shape === 1 || (shape === 2 && read % 3 === 0) ? null : at;
        records.push({ ...chunk(new Uint8Array(bytes), time, read), wireBytes: read });
        read += 1;
      }
      if (shape === 3) records.push({ kind: 'note', at, note: 'yield', fields: { n: read } });
    }
    return [...records, { ...complete, at }];
  });

describe('the rows of a capture', () => {
  test('are those that the pipeline derives from its records, whatever the bytes and the chunks', async () => {
    const library = await openLibrary(await temporaryFolder());
    await fc.assert(
      fc.asyncProperty(capture, async (records) => {
        const { id, session } = await stored(library, records);
        const { blocks, payloads, documents } = derive(records);
        const chunks = records.filter((record): record is ChunkRecord => record.kind === 'chunk');

        const events = await allRows<BlockRow>(session, 'blocks');
        expect(events.map(({ preview: _, gap: __, lane: ___, ...row }) => row)).toEqual(
          blocks.map(({ index, at, range, kind, seq, type, chunks: span }, n) => {
            return {
              row: index,
              at,
              range,
              kind,
              seq,
              type,
              chunks: span,
              payload: payloads[n]?.state ?? null,
            };
          }),
        );
        for (const [n, row] of events.entries()) {
          const [at, before] = [row.at, events[n - 1]?.at ?? null];
          expect(row.gap).toBe(n === 0 || at === null || before === null ? null : at - before);
        }

        const json = await allRows<DocumentRow>(session, 'documents', 5);
        expect(json.map(({ row, at, state, events: span }) => ({ row, at, state, span }))).toEqual(
          documents.map(({ index, at, state, events: span }) => ({ row: index, at, state, span })),
        );

        const chunkRows = await allRows<ChunkRow>(session, 'chunks', 3);
        expect(chunkRows.map(({ row, at, read, wireBytes }) => ({ row, at, read, wireBytes }))).toEqual(
          chunks.map(({ at, read, wireBytes }, row) => ({ row, at, read, wireBytes })),
        );
        for (const { range, blocks: span } of chunkRows) {
          const within = blocks.filter(
            (block) => block.range.start < range.end && block.range.end > range.start,
          );
          const [first, last] = [within[0], within.at(-1)];
          expect(span).toEqual(
            range.start === range.end || first === undefined || last === undefined
              ? null
              : [first.index, last.index],
          );
        }

        const pipeline = new Pipeline({ block: () => {}, blockExtended: () => {}, document: () => {} });
        for (const record of records) pipeline.push(record);
        expect(session.summary()).toMatchObject({
          framing: pipeline.framing,
          rows: { chunks: chunks.length, blocks: blocks.length, documents: documents.length },
          dispatched: blocks.filter(({ kind }) => kind === 'event').length,
          bytes: bodyOf(records).length,
        });
        await library.delete(id);
      }),
      { numRuns: 150 },
    );
  });

  test('have details that agree with the pipeline and lead back to the bytes', async () => {
    const library = await openLibrary(await temporaryFolder());
    await fc.assert(
      fc.asyncProperty(capture, async (records) => {
        const { id, session } = await stored(library, records);
        const { blocks, payloads, documents } = derive(records);
        const whole = bodyOf(records);
        for (const [row, block] of blocks.entries()) {
          const detail = await session.reader.detail({ lane: 'blocks', row });
          expect(detail.block).toEqual(block);
          const payload = payloads[row] ?? null;
          expect(detail.payload).toEqual(payload && { state: payload.state, problem: payload.problem });
          expect(detail.text).toBe(block.data);
          const bytes = whole.subarray(block.range.start, block.range.end);
          const own = readFields(
            { framing: block.framing, bytes, start: block.range.start, atBodyStart: false },
            block.kind,
          );
          expect(detail.fields.slice(1)).toEqual(own.slice(1));
          for (const { from, to, range } of detail.sources) {
            expect(decodeUtf8(whole.subarray(range.start, range.end))).toBe(block.data.slice(from, to));
          }
        }
        for (const [row, document] of documents.entries()) {
          const detail = await session.reader.detail({ lane: 'documents', row });
          expect(detail.text).toBe(document.text);
          expect(detail.payload).toEqual({ state: document.state, problem: document.problem });
          expect(detail.block?.seq).toBe(document.events[0]);
          for (const { from, to, range } of detail.sources) {
            expect(decodeUtf8(whole.subarray(range.start, range.end))).toBe(document.text.slice(from, to));
          }
          for (let seq = document.events[0]; seq <= document.events[1]; seq += 1) {
            const event = blocks.findIndex((block) => block.seq === seq);
            const related = (await session.reader.detail({ lane: 'blocks', row: event })).related.documents;
            expect(related !== null && related[0] <= row && row <= related[1]).toBe(true);
          }
        }
        await library.delete(id);
      }),
      { numRuns: 100 },
    );
  });

  test('are counted per slice of time exactly', async () => {
    const library = await openLibrary(await temporaryFolder());
    await fc.assert(
      fc.asyncProperty(capture, fc.integer({ min: 1, max: 40 }), async (records, width) => {
        const { id, session } = await stored(library, records);
        const { blocks, documents } = derive(records);
        const times = records.flatMap((record) => (record.kind === 'chunk' ? [record.at] : []));
        if (times.every((at) => at !== null)) {
          const to = Math.max(1, ...times);
          const slices = session.reader.density({ from: 0, to, width });
          const slice = (at: number | null): number => {
            for (let n = width - 1; n > 0; n -= 1) if ((at ?? 0) >= (to * n) / width) return n;
            return 0;
          };
          const count = (ats: readonly (number | null)[]): number[] => {
            const counts = Array.from({ length: width }, () => 0);
            for (const at of ats) counts[slice(at)] = (counts[slice(at)] ?? 0) + 1;
            return counts;
          };
          expect(slices.unit).toBe(times.length === 0 ? 'bytes' : 'ms');
          if (times.length > 0) {
            expect(slices.chunks).toEqual(count(times));
            expect(slices.events).toEqual(
              count(blocks.filter(({ kind }) => kind === 'event').map(({ at }) => at)),
            );
            expect(slices.others).toEqual(
              count(blocks.filter(({ kind }) => kind !== 'event' && kind !== 'blank').map(({ at }) => at)),
            );
            const ok = documents.filter(({ state }) => state === 'complete' || state === 'sentinel');
            expect(slices.documents.ok).toEqual(count(ok.map(({ at }) => at)));
            expect(slices.bytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(bodyOf(records).length);
          }
        } else {
          const slices = session.reader.density({ from: 0, to: 100, width });
          for (const counts of [slices.chunks, slices.events, slices.bytes]) {
            expect(counts.every((one) => one >= 0)).toBe(true);
          }
        }
        await library.delete(id);
      }),
      { numRuns: 150 },
    );
  });
});

test('a capture of JSON lines has its framing without a warning, also once stored, and marks a line that was cut off', async () => {
  const folder = await temporaryFolder();
  const library = await openLibrary(folder);
  const id = await importRecords(library, header, [
    { ...response, headers: [['content-type', 'application/x-ndjson']] },
    chunk('\ufeff{"n":1}\r\n\n{"n"', 2, 0),
    chunk(':"é"', 3, 1),
    { kind: 'end', at: 4, reason: 'premature-close' },
  ]);
  const session = await library.session(id);
  expect(session.summary()).toMatchObject({ framing: 'ndjson', dispatched: 2, warnings: [] });
  expect((await session.reader.diagnosis()).findings.map(({ code }) => code)).toEqual([
    'premature-close',
    'event-split-across-chunks',
    'json-truncated',
  ]);
  expect(await allRows<BlockRow>(session, 'blocks')).toMatchObject([
    { kind: 'event', seq: 0, type: 'message', range: { start: 0, end: 12 }, payload: 'complete' },
    { kind: 'blank', seq: null, range: { start: 12, end: 13 } },
    { kind: 'event', seq: 1, range: { start: 13, end: 22 }, chunks: [0, 1], at: 3, payload: 'partial' },
  ]);
  expect(await session.reader.detail({ lane: 'blocks', row: 0 })).toMatchObject({
    fields: [],
    text: '{"n":1}',
    sources: [{ from: 0, to: 7, range: { start: 3, end: 10 } }],
  });
  expect((await session.reader.detail({ lane: 'blocks', row: 2 })).block).toMatchObject({
    data: '{"n":"é"',
    unfinished: true,
  });
  const filter = { text: 'é' };
  expect((await session.reader.rows({ lane: 'blocks', from: 0, to: 9, filter })).rows).toMatchObject([
    { row: 2 },
  ]);
  await library.close();
  const reopened = await openLibrary(folder);
  expect(await reopened.list()).toMatchObject([{ id, phase: 'stored', framing: 'ndjson' }]);
});
