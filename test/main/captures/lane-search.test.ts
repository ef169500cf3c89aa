import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { isInside, type Bound } from '../../../src/contract/filter-words.ts';
import type { Filter, Lane } from '../../../src/contract/lane.ts';
import type { CaptureTime } from '../../../src/core/capture-time.ts';
import type { CaptureRecord, ChunkRecord } from '../../../src/core/capture/record.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { BodyReader } from '../../../src/main/captures/body-reader.ts';
import type { CaptureSession } from '../../../src/main/captures/library.ts';
import { openLibrary, temporaryFolder, until, importRecords } from './capture-fixture.ts';
import { chunk, complete, header, response } from './capture-records.ts';

async function found(session: CaptureSession, lane: Lane, filter: Filter): Promise<number[]> {
  for (;;) {
    const { searched, total, rows } = await session.reader.rows({ lane, from: 0, to: 1000, filter });
    if (!searched) continue;
    expect(rows).toHaveLength(Math.min(total, 1000));
    return rows.map(({ row }) => row);
  }
}

const words = ['alpha', 'Beta', 'gamma', 'É', 'é', 'k', '\u212a', '😀', '1', '"n":1'];
const event = fc
  .record({
    type: fc.constantFrom('', '', 'Ping', 'alpha', 'pong'),
    lines: fc.array(
      fc.oneof(
        fc.array(fc.constantFrom(...words), { maxLength: 3 }).map((some) => `data: ${some.join(' ')}`),
        fc.constantFrom(
          'data: {"n":1}',
          'data: {"al',
          'data: pha":2}',
          ': comment alpha',
          'id: alpha',
          'gamma: alpha',
          'data: [DONE]',
          'data: {"n":1,}',
        ),
      ),
      { maxLength: 3 },
    ),
  })
  .map(
    ({ type, lines }) =>
      `${type === '' ? '' : `event: ${type}\n`}${lines.map((line) => `${line}\n`).join('')}\n`,
  );
const records = fc
  .tuple(fc.array(event, { maxLength: 25 }), fc.array(fc.nat(300), { maxLength: 10 }))
  .map(([events, cuts]): CaptureRecord[] => {
    const bytes = new TextEncoder().encode(events.join(''));
    const points = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
    const pieces = points.slice(1).map((end, n) => bytes.slice(points[n], end));
    // Not at even times, so that there are gaps of several sizes.
    return [response, ...pieces.map((piece, n) => chunk(piece, n * n, n)), complete];
  });
const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]), { nil: undefined });
const bound = fc.record({
  of: fc.constantFrom<Bound['of']>('gap', 'size', 'at'),
  is: fc.constantFrom<Bound['is']>('>', '>=', '<', '<='),
  value: fc.nat(40),
});
const filter = fc
  .record({
    text: fc.option(
      fc.constantFrom(
        'alpha',
        'ALPHA',
        'é',
        'É',
        'k',
        'K',
        'a b',
        'Ping',
        '😀',
        '\ndata',
        'a\nb',
        '.',
        '"n":',
        '(',
        'ph',
      ),
      { nil: undefined },
    ),
    pattern: fc.constantFrom(undefined, undefined, false),
    caseSensitive: fc.constantFrom(undefined, true, false),
    types: some(['message', 'Ping', 'alpha', 'none']),
    kinds: some(['event', 'comment', 'no-data', 'discarded', 'blank'] as const),
    states: some(['complete', 'partial', 'malformed', 'sentinel', 'text', 'empty'] as const),
    bounds: fc.option(fc.array(bound, { maxLength: 2 }), { nil: undefined }),
  })
  .map((all): Filter => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

/** What the contract says, row by row. */
function expected(of: readonly CaptureRecord[], lane: Lane, wanted: Filter): number[] {
  const { blocks, payloads, documents } = derive(of);
  const holds = (text: string): boolean => {
    if (wanted.text === undefined || wanted.text === '') return true;
    if (wanted.pattern === true)
      return new RegExp(wanted.text, wanted.caseSensitive === true ? '' : 'i').test(text);
    if (wanted.caseSensitive === true) return text.includes(wanted.text);
    return new RegExp(wanted.text.replaceAll(/[.(]/g, String.raw`\$&`), 'i').test(text);
  };
  const keeps = <T>(list: readonly T[] | undefined, value: T | null): boolean =>
    list === undefined || list.length === 0 || (value !== null && list.includes(value));
  const isKept = (size: number, at: CaptureTime, before: CaptureTime | undefined): boolean =>
    (wanted.bounds ?? []).every((limit) => {
      const gap = at === null || before === null || before === undefined ? null : at - before;
      const value = { size, at, gap }[limit.of];
      return value !== null && isInside(limit, value);
    });
  if (lane === 'chunks') {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const chunks = of.filter((record): record is ChunkRecord => record.kind === 'chunk');
    return chunks.flatMap(({ bytes, at }, row) =>
      holds(decoder.decode(bytes)) && isKept(bytes.length, at, chunks[row - 1]?.at) ? [row] : [],
    );
  }
  if (lane === 'blocks') {
    return blocks.flatMap(({ kind, type, data, range, at }, row) =>
      isKept(range.end - range.start, at, blocks[row - 1]?.at) &&
      keeps(wanted.kinds, kind) &&
      keeps(wanted.types, type) &&
      keeps(wanted.states, payloads[row]?.state ?? null) &&
      (holds(data) || holds(type))
        ? [row]
        : [],
    );
  }
  return documents.flatMap(({ state, text, blocks: [first, last] }, row) =>
    isKept(
      (blocks[last]?.range.end ?? 0) - (blocks[first]?.range.start ?? 0),
      blocks[last]?.at ?? null,
      row === 0 ? undefined : blocks[documents[row - 1]?.blocks[1] ?? 0]?.at,
    ) &&
    keeps(wanted.states, state) &&
    keeps(wanted.types, blocks[first]?.type ?? null) &&
    holds(text)
      ? [row]
      : [],
  );
}

describe('a filter', () => {
  test('finds exactly the rows that the contract defines', async () => {
    const library = await openLibrary(await temporaryFolder());
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.constantFrom<Lane>('chunks', 'blocks', 'documents'),
        filter,
        async (of, lane, wanted) => {
          const id = await importRecords(library, header, of);
          expect(await found(await library.session(id), lane, wanted)).toEqual(expected(of, lane, wanted));
          await library.delete(id);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('takes regular expressions, and refuses what is none', async () => {
    const library = await openLibrary(await temporaryFolder());
    const of = [response, chunk('event: ping\ndata: a1\n\ndata: b22\n\ndata: {"c":333}\n\n'), complete];
    const session = await library.session(await importRecords(library, header, of));
    for (const [lane, text] of [
      ['blocks', String.raw`\d\d`],
      ['blocks', '^PING$'],
      ['documents', 'c.:3+[}]$'],
      ['documents', String.raw`^{\"c`],
      ['chunks', 'b2{2}'],
    ] as const) {
      const wanted = { text, pattern: true };
      expect(await found(session, lane, wanted)).toEqual(expected(of, lane, wanted));
    }
    await expect(
      session.reader.rows({ lane: 'blocks', from: 0, to: 10, filter: { text: '(', pattern: true } }),
    ).rejects.toMatchObject({
      code: 'bad-pattern',
    });
  });

  test('that would take for ever is given up, and holds nothing else up meanwhile', {
    timeout: 60_000,
  }, async () => {
    const library = await openLibrary(await temporaryFolder());
    const session = await library.session(
      await importRecords(library, header, [response, chunk(`data: ${'a'.repeat(40)}!\n\n`), complete]),
    );
    const endless = { lane: 'blocks', from: 0, to: 10, filter: { text: '^(a+)+$', pattern: true } } as const;
    let turns = 0;
    const ticks = setInterval(() => (turns += 1), 1);
    const refusal = (async () => {
      for (;;) await session.reader.rows(endless);
    })();
    await expect(refusal).rejects.toMatchObject({ code: 'bad-pattern' });
    clearInterval(ticks);
    // The machine may be busy, but the two seconds of matching were not on this thread.
    expect(turns).toBeGreaterThan(100);
    expect(await found(session, 'blocks', { text: 'a!', pattern: true })).toEqual([0]);
  });

  test('by gap, size and time reads no byte of the body', async () => {
    const library = await openLibrary(await temporaryFolder());
    const chunks = Array.from({ length: 50 }, (_, n) => chunk(`data: ${'x'.repeat(n)}\n\n`, n * n, n));
    const session = await library.session(
      await importRecords(library, header, [response, ...chunks, complete]),
    );
    const read = vi.spyOn(BodyReader.prototype, 'read');
    const bounds: Filter['bounds'] = [
      { of: 'gap', is: '>', value: 20 },
      { of: 'size', is: '<', value: 48 },
      { of: 'at', is: '>=', value: 400 },
    ];
    const { position } = await session.reader.position({ lane: 'blocks', row: 49, filter: { bounds } });
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
    // Row n comes 2n - 1 ms after the one before, and has n + 8 bytes.
    expect(await found(session, 'blocks', { bounds })).toEqual(Array.from({ length: 20 }, (_, n) => n + 20));
    expect(position).toBe(19);
  });

  test('by gap or time lets nothing through where times are unknown', async () => {
    const library = await openLibrary(await temporaryFolder());
    const session = await library.session(
      await importRecords(library, header, [response, chunk('data: a\n\ndata: b\n\n', null, 0), complete]),
    );
    expect(await found(session, 'blocks', { bounds: [{ of: 'gap', is: '>=', value: 0 }] })).toEqual([]);
    expect(await found(session, 'blocks', { bounds: [{ of: 'at', is: '>=', value: 0 }] })).toEqual([]);
    expect(await found(session, 'blocks', { bounds: [{ of: 'size', is: '>=', value: 9 }] })).toEqual([0, 1]);
  });

  test('continues where it stopped when the capture grows', async () => {
    const library = await openLibrary(await temporaryFolder());
    const live = await library.create(header, { origin: 'connection', keepSecrets: false });
    const wanted = { text: 'x' };
    for (let n = 0; n < 20; n += 1) {
      await live.sink(chunk(`data: ${n % 2 === 0 ? 'x' : 'y'}\n\n`, n, n));
      await until(library, () => live.session.summary().rows.blocks === n + 1);
      expect(await found(live.session, 'blocks', wanted)).toHaveLength(1 + Math.floor(n / 2));
    }
    await live.close();
  });

  test('tells the position of a row among those that match, or of the nearest before it', async () => {
    const library = await openLibrary(await temporaryFolder());
    const body = Array.from({ length: 30 }, (_, n) => `data: ${n % 3 === 1 ? 'hit' : 'miss'}\n\n`).join('');
    const session = await library.session(
      await importRecords(library, header, [response, chunk(body), complete]),
    );
    const wanted = { text: 'hit' };
    const position = async (row: number) =>
      (await session.reader.position({ lane: 'blocks', row, filter: wanted })).position;
    expect(await position(0)).toBe(0);
    expect(await position(4)).toBe(1);
    expect(await position(6)).toBe(1);
    expect(await position(29)).toBe(9);
    expect(await session.reader.position({ lane: 'blocks', row: 17 })).toEqual({ position: 17 });
    expect(await session.reader.position({ lane: 'blocks', row: 99 })).toEqual({ position: 29 });
  });

  test('previews what a row changes beside the matching row before it', async () => {
    const library = await openLibrary(await temporaryFolder());
    const body = Array.from(
      { length: 20 },
      (_, n) => `event: ${n % 2 === 0 ? 'a' : 'b'}\ndata: {"same":"same","n":{"text":"word ${n}"}}\n\n`,
    ).join('');
    const session = await library.session(
      await importRecords(library, header, [response, chunk(body), complete]),
    );
    const { rows } = await session.reader.rows({ lane: 'blocks', from: 4, to: 5, filter: { types: ['b'] } });
    expect(rows[0]).toMatchObject({ row: 9, preview: { path: 'n.text' } });
  });
});

test('a line without an end is searched as far as it is shown, in bounded memory', async () => {
  const library = await openLibrary(await temporaryFolder());
  const piece = new Uint8Array(8 * 1024 * 1024).fill(0x78);
  const pieces = Array.from({ length: 9 }, (_, n) => chunk(piece, n, n));
  const records = [response, chunk('data: one\n\ndata: needle'), ...pieces, complete];
  const id = await importRecords(library, header, records);
  const session = await library.session(id);
  const read = vi.spyOn(BodyReader.prototype, 'read');
  expect(await found(session, 'blocks', { text: 'needle' })).toEqual([1]);
  expect(await found(session, 'blocks', { text: 'n[e]edle', pattern: true })).toEqual([1]);
  const largest = Math.max(...read.mock.calls.map(([{ start, end }]) => end - start));
  read.mockRestore();
  expect(largest).toBeLessThanOrEqual(64 * 1024 * 1024);
});
