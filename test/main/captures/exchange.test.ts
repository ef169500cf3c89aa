import { expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { openLibrary, temporaryFolder, importRecords } from './capture-fixture.ts';
import { chunk, complete, fewRecords, header, response } from './capture-records.ts';

const options = { origin: 'file', keepSecrets: true } as const;

test('the exchange has the request, every response, the notes in order and the end', async () => {
  const library = await openLibrary(await temporaryFolder());
  const request = { ...header.request, method: 'POST', body: 'b'.repeat(100_000) };
  const session = await library.session(
    await importRecords(library, { ...header, request }, fewRecords, options),
  );
  const exchange = await session.reader.exchange();
  expect(exchange.request).toEqual(request);
  expect(exchange.responses).toEqual([
    {
      at: 1,
      status: 200,
      headers: [['content-type', 'text/event-stream']],
      httpVersion: 'HTTP/1.1',
      url: null,
    },
  ]);
  expect(exchange.notes).toEqual(fewRecords.filter(({ kind }) => kind === 'note'));
  expect(exchange.end).toEqual({ reason: 'complete', at: 99, error: null });
  // The summary is pushed every frame: a long body is not in it.
  expect(session.summary().request).toEqual({ ...header.request, method: 'POST' });
});

test('notes between all chunks leave every byte in its place', async () => {
  const library = await openLibrary(await temporaryFolder());
  const records: CaptureRecord[] = [response];
  for (let n = 0; n < 50; n += 1) {
    records.push({ kind: 'note', at: n, note: 'yield', fields: { n, text: 'x'.repeat(n) } });
    records.push(chunk(`data: ${n}\n\n`, n, n));
  }
  const session = await library.session(
    await importRecords(library, header, [...records, complete], options),
  );
  const { rows } = await session.reader.rows({ lane: 'blocks', from: 0, to: 50 });
  expect(rows.map(({ preview }) => preview.text)).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  expect((await session.reader.exchange()).notes).toHaveLength(50);
});

test('a chunk leads to its events and its documents, and an empty one to none', async () => {
  const library = await openLibrary(await temporaryFolder());
  const body = ['data: {"a":1}\n\nda', 'ta: {"b":', '', '2}\n\n: c\n\ndata: x\n\n'];
  const records = [response, ...body.map((text, n) => chunk(text, n, n)), complete];
  const session = await library.session(await importRecords(library, header, records, options));
  const related = await Promise.all(
    body.map(async (_, row) => (await session.reader.detail({ lane: 'chunks', row })).related),
  );
  expect(related).toEqual([
    { chunks: [0, 0], blocks: [0, 1], documents: [0, 1] },
    { chunks: [1, 1], blocks: [1, 1], documents: [1, 1] },
    { chunks: [2, 2], blocks: null, documents: null },
    { chunks: [3, 3], blocks: [1, 3], documents: [1, 2] },
  ]);
});

test('a request above the limits or for a row that does not exist is refused', async () => {
  const library = await openLibrary(await temporaryFolder());
  const session = await library.session(await importRecords(library, header, fewRecords, options));
  await expect(session.reader.rows({ lane: 'blocks', from: 0, to: 1001 })).rejects.toMatchObject({
    code: 'bad-params',
  });
  await expect(session.reader.bytes({ start: 0, end: 256 * 1024 + 1 })).rejects.toMatchObject({
    code: 'bad-params',
  });
  await expect(session.reader.detail({ lane: 'documents', row: 99 })).rejects.toMatchObject({
    code: 'bad-params',
  });
  expect(await session.reader.rows({ lane: 'blocks', from: 500, to: 600 })).toMatchObject({
    total: 5,
    rows: [],
  });
  expect(await session.reader.bytes({ start: 10_000, end: 10_010 })).toMatchObject({ base64: '' });
});

test('event types are counted, the most frequent first', async () => {
  const library = await openLibrary(await temporaryFolder());
  const text = 'event: a\ndata: 1\n\ndata: 2\n\ndata: 3\n\nevent: never\n\n';
  const session = await library.session(
    await importRecords(library, header, [response, chunk(text), complete], options),
  );
  expect(session.reader.types()).toEqual([
    { type: 'message', count: 2 },
    { type: 'a', count: 1 },
  ]);
});
