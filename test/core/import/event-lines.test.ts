import { describe, expect, test } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import { exportCapture } from '../../../src/core/export/formats.ts';
import { blockRecord, eventRecord } from '../../../src/core/export/records.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { collect, readCaptures } from './read-captures.ts';

const encoder = new TextEncoder();
const header = {
  format: 'ssecap',
  version: 1,
  request: { method: 'GET', url: 'http://h/', headers: [], client: 'raw' },
  startedAt: '2026-01-02T03:04:05.678Z',
} as const;

const chunk = (text: string, at: number | null, read: number): CaptureRecord => {
  const bytes = encoder.encode(text);
  return { kind: 'chunk', at, read, wireBytes: bytes.length, bytes };
};

const records: readonly CaptureRecord[] = [
  chunk(': hello\n\nretry: 5\n\nid: 1\nevent: tick\ndata: {"a":1}\n\ndata:  two\ndata: lines\n\n', 2.5, 0),
  chunk('id:\ndata\n\nid: é\ndata: [DONE]\n\n', 40.125, 1),
  chunk('data: lost', 50, 2),
  { kind: 'end', at: 60, reason: 'complete' },
];

const eventsOf = (of: readonly CaptureRecord[]) =>
  derive(of).blocks.flatMap(({ seq, type, data, lastEventId, at }) =>
    seq === null ? [] : [{ type, data, lastEventId, at }],
  );

async function exported(of: readonly CaptureRecord[]): Promise<Uint8Array> {
  const options = { creator: { name: 'test', version: '1' }, withSecrets: false };
  return collect(exportCapture({ header, records: () => of }, 'ndjson', options));
}

describe('an export of events', () => {
  test('opens with its events and their times, for any cut', async () => {
    const file = await exported(records);
    for (const size of [1, 13, 4096]) {
      const { captures, problems } = readCaptures(file, size);
      expect(problems).toMatchObject([{ code: 'rebuilt-body', fatal: false }]);
      expect(captures).toHaveLength(1);
      const back = captures[0]?.records ?? [];
      expect(eventsOf(back)).toEqual(eventsOf(records));
      expect(back.at(-1)).toEqual({ kind: 'end', at: null, reason: 'complete' });
    }
  });

  test('keeps what came in one chunk together, and JSON lines as events', async () => {
    const [first, second, third] = (readCaptures(await exported(records)).captures[0]?.records ?? []).filter(
      ({ kind }) => kind === 'chunk',
    );
    expect([first, second, third]).toMatchObject([
      { at: 2.5, read: 0 },
      { at: 2.5, read: 0 },
      { at: 40.125, read: 1 },
    ]);
    const lines = [chunk('{"n":1}\n{"n":2}\n', 7, 0), ...records.slice(-1)];
    expect(eventsOf(readCaptures(await exported(lines)).captures[0]?.records ?? [])).toEqual(eventsOf(lines));
  });

  test('opens with a first event of any length', async () => {
    const long = [chunk(`data: ${'x'.repeat(100_000)}\n\ndata: y\n\n`, 1, 0), ...records.slice(-1)];
    expect(eventsOf(readCaptures(await exported(long), 1000).captures[0]?.records ?? [])).toEqual(
      eventsOf(long),
    );
  });

  test('opens as the command line writes it: with every block, and several captures', () => {
    const { blocks } = derive(records);
    const every = blocks.map((block) => JSON.stringify(blockRecord(block))).join('\n');
    expect(eventsOf(readCaptures(every).captures[0]?.records ?? [])).toEqual(eventsOf(records));
    const events = blocks.flatMap((block) => eventRecord(block) ?? []);
    const two = [...events, ...events.map((event) => ({ ...event, capture: 1 }))];
    const { captures } = readCaptures(two.map((event) => JSON.stringify(event)).join('\n'));
    expect(captures.map((capture) => eventsOf(capture.records))).toEqual([
      eventsOf(records),
      eventsOf(records),
    ]);
  });

  test('that is damaged or torn gives the complete events', async () => {
    const lines = new TextDecoder().decode(await exported(records)).split('\n');
    lines[1] = '{"seq":1,';
    const { captures, problems } = readCaptures(lines.join('\n').slice(0, -10));
    expect(eventsOf(captures[0]?.records ?? [])).toHaveLength(2);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['rebuilt-body', null],
      ['damaged-line', 2],
      ['torn-tail', 4],
    ]);
  });

  test('is not confused with JSON lines that only look like it', async () => {
    for (const line of ['{"seq":0,"type":"delta","data":"x"}', '{"seq":0,"type":"a","data":{"b":1}}']) {
      const { blocks } = derive(readCaptures(`${line}\n${line}\n`).captures[0]?.records ?? []);
      expect(blocks.map(({ data }) => data)).toEqual([line, line]);
    }
    // The user can ask for its lines.
    const { captures } = readCaptures(await exported(records), 4096, { format: 'ndjson' });
    expect(eventsOf(captures[0]?.records ?? [])[0]?.data).toMatch(/^\{"seq":0,/);
  });

  test('cannot change the event stream by its content', () => {
    const event = (more: object) =>
      JSON.stringify({
        seq: 0,
        type: 'a',
        data: 'b',
        lastEventId: '',
        range: [0, 1],
        chunks: [0, 0],
        at: 1,
        ...more,
      });
    const file = [
      event({ type: 'x\ndata: forged' }),
      event({ lastEventId: 'i\n\ndata: forged' }),
      event({ data: 'one\r\n\r\ntwo \ud800' }),
      event({ at: 'soon' }),
    ].join('\n');
    const events = eventsOf(readCaptures(file).captures[0]?.records ?? []);
    expect(events.map(({ data, at }) => [data, at])).toEqual([
      ['b', 1],
      ['b', 1],
      ['one\n\ntwo \ufffd', 1],
      ['b', null],
    ]);
  });
});
