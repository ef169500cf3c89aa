import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaptureId } from '../../../src/contract/capture-id.ts';
import type { CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { Comparisons } from '../../../src/main/compare/comparisons.ts';
import { openLibrary, temporaryFolder, until, importRecords } from '../captures/capture-fixture.ts';
import { chunk, header, response } from '../captures/capture-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'sse-inspector-comparisons-'));
let library: CaptureLibrary;
let comparisons: Comparisons;
beforeAll(async () => {
  library = await CaptureLibrary.open(folder);
  comparisons = new Comparisons(library);
});
afterAll(async () => {
  await comparisons.close();
  await library.close();
  rmSync(folder, { recursive: true, force: true });
});

const encoder = new TextEncoder();

/** Stores a capture whose events came at these times, one chunk each. */
async function store(events: Iterable<readonly [at: number | null, data: string]>): Promise<CaptureId> {
  const header: CaptureHeader = {
    format: 'ssecap',
    version: 1,
    request: { method: 'GET', url: 'http://127.0.0.1/events', headers: [], client: 'raw' },
    startedAt: '2026-11-24T09:00:00.000Z',
  };
  function* records(): Generator<CaptureRecord> {
    yield {
      kind: 'response',
      at: 5,
      status: 200,
      headers: [['Content-Type', 'text/event-stream']],
      httpVersion: 'HTTP/1.1',
    };
    let read = 0;
    for (const [at, data] of events) {
      const bytes = encoder.encode(`: comment\n\ndata: ${data}\n\n`);
      yield { kind: 'chunk', at, read: read++, wireBytes: bytes.length, bytes };
    }
    yield { kind: 'end', at: null, reason: 'complete' };
  }
  return importRecords(library, header, records());
}

function* numbered(
  count: number,
  at: (n: number) => number | null,
  skip = -1,
): Generator<[number | null, string]> {
  for (let n = 0; n < count; n++) if (n !== skip) yield [at(n), `{"n":${n}}`];
}

describe('the comparison of two stored captures', () => {
  it('pairs common events, reports missing ones, and gives rows with the events of both', async () => {
    const a = await store(numbered(40, (n) => 100 + n * 50));
    const b = await store(numbered(40, () => 3000, 7));
    const view = await comparisons.compare(a, b);
    expect(view.result).toMatchObject({ pairs: 39, onlyInA: 1, onlyInB: 0, equal: false });
    expect(view.rows).toBe(40);
    expect(view.differences).toEqual([7]);
    expect(view.a).toMatchObject({
      capture: a,
      events: 40,
      firstEventAt: 100,
      chunks: 40,
      comments: 40,
      end: 'complete',
    });
    expect(view.b).toMatchObject({ capture: b, events: 39, firstEventAt: 3000 });

    const rows = await comparisons.rows(view.comparison, 6, 9);
    expect(rows).toMatchObject([
      { row: 6, a: { seq: 6, at: 400 }, b: { seq: 6, at: 3000 }, delay: 2600, level: 'exact' },
      { row: 7, a: { seq: 7, at: 450 }, b: null, delay: null, level: null },
      { row: 8, a: { seq: 8 }, b: { seq: 7 }, level: 'exact' },
    ]);
    expect(rows[0]?.a?.preview.text).toBe('6');
    expect(await comparisons.rows(view.comparison, 39, 200)).toHaveLength(1);

    const links = comparisons.links(view.comparison, 0, 3100, 1000);
    expect(links.pairs.reduce((sum, pairs) => sum + pairs, 0)).toBe(39);
    expect(links.onlyA).toEqual([{ at: 450, row: 7 }]);
    // Only what crosses the span: all of B came later, and the first ten of A are before it.
    const later = comparisons.links(view.comparison, 595, 700, 1000);
    const earlier = later.pairs.filter((_, line) => (later.a[line] as number) < 595);
    expect(earlier.reduce((sum, pairs) => sum + pairs, 0)).toBe(9);
  });

  it('pairs captures without times, and draws no line', async () => {
    const a = await store(numbered(5, () => null));
    const b = await store(numbered(5, (n) => n * 10));
    const view = await comparisons.compare(a, b);
    expect(view.result).toMatchObject({ pairs: 5, equal: true, delay: null });
    expect(comparisons.links(view.comparison, 0, 100, 500).row).toEqual([]);
    const [first] = await comparisons.rows(view.comparison, 0, 1);
    expect(first).toMatchObject({ delay: null, a: { at: null }, level: 'exact' });
  });

  it('refuses a capture with itself, a deleted one, too many rows, and a comparison that is no longer kept', async () => {
    const a = await store(numbered(2, (n) => n));
    const b = await store(numbered(2, (n) => n));
    await expect(comparisons.compare(a, a)).rejects.toMatchObject({ code: 'bad-params' });
    const first = await comparisons.compare(a, b);
    await expect(comparisons.rows(first.comparison, 0, 501)).rejects.toMatchObject({ code: 'bad-params' });
    for (let n = 0; n < 4; n++) await comparisons.compare(a, b);
    await expect(comparisons.rows(first.comparison, 0, 1)).rejects.toMatchObject({
      code: 'no-such-comparison',
    });
    await library.delete(b);
    await expect(comparisons.compare(a, b)).rejects.toMatchObject({ code: 'no-such-capture' });
    // One that failed does not hold up the next.
    const c = await store(numbered(2, (n) => n));
    expect((await comparisons.compare(a, c)).result.pairs).toBe(2);
  });

  it('compares 100,000 events with 100,000 others while the host still answers, and merges the lines', async () => {
    const a = await store(numbered(100_000, (n) => n / 10));
    const b = await store(numbered(100_000, (n) => 50 + n / 10, 500));
    await library.whole(a);
    await library.whole(b);
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const started = performance.now();
    const view = await comparisons.compare(a, b);
    const took = performance.now() - started;
    delays.disable();
    console.log(
      `compared in ${took.toFixed(0)} ms; p99 of the loop's delay ${(delays.percentile(99) / 1e6).toFixed(1)} ms, most ${(delays.max / 1e6).toFixed(1)} ms`,
    );
    expect(view.result).toMatchObject({ pairs: 99_999, onlyInA: 1 });
    // Whatever the machine is busy with: most of the time nothing waits.
    expect(delays.percentile(95) / 1e6).toBeLessThan(took / 10);
    const links = comparisons.links(view.comparison, 0, 10_050, 800);
    expect(links.row.length).toBeLessThanOrEqual(3000);
    expect(links.pairs.reduce((sum, pairs) => sum + pairs, 0)).toBe(99_999);
    expect(JSON.stringify(view).length).toBeLessThan(100_000);
  });
});

describe('the comparison of a capture that another process records', () => {
  it('covers the events so far, without waiting for the end', async () => {
    const shared = await temporaryFolder();
    const [recorder, reader] = [await openLibrary(shared), await openLibrary(shared, { lookEvery: 10 })];
    const begin = async () => {
      const live = await recorder.create(header, { origin: 'connection', keepSecrets: false });
      await live.sink(response);
      await live.sink(chunk('data: 1\n\n', 2));
      await until(recorder, () => recorder.summary(live.id)?.dispatched === 1);
      await until(reader, () => reader.summary(live.id) !== null);
      return live.id;
    };
    const [a, b] = [await begin(), await begin()];
    const others = new Comparisons(reader);
    const view = await others.compare(a, b);
    expect(view.result).toMatchObject({ pairs: 1, equal: true });
    expect(view.a).toMatchObject({ events: 1, end: null });
    await others.close();
  });
});
