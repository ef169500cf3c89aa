import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureProblem } from '../../../src/core/capture/capture-problem.ts';
import type { Capture, CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import { SsecapReader } from '../../../src/core/capture/ssecap-reader.ts';
import { ssecapHeaderLine, ssecapRecordLine } from '../../../src/core/capture/ssecap-writer.ts';
import { arbitraryCapture } from './arbitrary-capture.ts';
import { cpuTime } from '../../fixtures/cpu-time.ts';

const encoder = new TextEncoder();

const header: CaptureHeader = {
  format: 'ssecap',
  version: 1,
  request: {
    method: 'GET',
    url: 'http://127.0.0.1/',
    headers: [['accept', 'text/event-stream']],
    client: 'raw',
  },
  startedAt: '2026-01-02T03:04:05.678Z',
};
const chunk = (text: string, at = 1.5): CaptureRecord => ({
  kind: 'chunk',
  at,
  read: 0,
  wireBytes: text.length,
  bytes: encoder.encode(text),
});

function write(capture: Capture): string {
  return ssecapHeaderLine(capture.header) + capture.records.map(ssecapRecordLine).join('');
}

interface Read {
  readonly captures: readonly {
    readonly header: CaptureHeader;
    readonly records: readonly CaptureRecord[];
  }[];
  readonly problems: readonly CaptureProblem[];
}

function read(pieces: readonly (Uint8Array | string)[], options?: { maxLine: number }): Read {
  const captures: { header: CaptureHeader; records: CaptureRecord[] }[] = [];
  const problems: CaptureProblem[] = [];
  const reader = new SsecapReader(
    {
      header: (value) => captures.push({ header: value, records: [] }),
      record: (value) => captures.at(-1)?.records.push(value),
      problem: (value) => problems.push(value),
    },
    options,
  );
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return { captures, problems };
}

function chunkLine(bytes: Uint8Array): object {
  return JSON.parse(ssecapRecordLine({ kind: 'chunk', at: 0, read: 0, wireBytes: 9, bytes })) as object;
}

/** ms of processor time to read a capture whose one chunk has `length` characters, byte by byte. */
function timeToRead(length: number): number {
  const bytes = encoder.encode(
    `${ssecapHeaderLine(header)}{"kind":"chunk","text":"${'x'.repeat(length)}"}\n`,
  );
  const pieces = cut(bytes, 1);
  return cpuTime(() => expect(read(pieces).problems).toEqual([]));
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

describe('ssecap', () => {
  test('writing then reading gives the same header and records, for any capture cut anywhere', () => {
    fc.assert(
      fc.property(arbitraryCapture, fc.integer({ min: 1, max: 50 }), (capture, size) => {
        const { captures, problems } = read(cut(encoder.encode(write(capture)), size));
        expect(problems).toEqual([]);
        expect(captures).toEqual([capture]);
      }),
      { numRuns: 300 },
    );
  });

  test('a chunk is text if it is complete UTF-8, else base64', () => {
    const euro = encoder.encode('data: €');
    expect(chunkLine(euro)).toEqual({ kind: 'chunk', at: 0, read: 0, wireBytes: 9, text: 'data: €' });
    expect(chunkLine(euro.subarray(0, 8))).toEqual({
      kind: 'chunk',
      at: 0,
      read: 0,
      wireBytes: 9,
      base64: 'ZGF0YTog4oI=',
    });
  });

  test('records of a kind that this version does not know are written back as they were', () => {
    const line = '{"kind":"checkpoint","at":3,"__proto__":{"x":1},"deep":[1,{"a":null}]}\n';
    const { captures, problems } = read([ssecapHeaderLine(header) + line]);
    expect(problems).toEqual([]);
    expect(ssecapRecordLine(captures[0]?.records[0] ?? chunk(''))).toBe(line);
  });

  test('a file torn at any byte gives all complete records and reports the rest with its byte count', () => {
    const lines = [
      ssecapHeaderLine(header),
      ssecapRecordLine(chunk('data: ä\n\n')),
      ssecapRecordLine(chunk('€')),
    ];
    const bytes = encoder.encode(lines.join(''));
    const ends = lines.map((_, index) => encoder.encode(lines.slice(0, index + 1).join('')).length);
    for (let length = 0; length <= bytes.length; length++) {
      const { captures, problems } = read([bytes.subarray(0, length)]);
      // A line that lacks nothing but its line feed is whole.
      const whole = ends.filter((end) => end - 1 <= length).length;
      const lineStart = whole === 0 ? 0 : (ends[whole - 1] ?? 0);
      const rest = Math.max(0, length - lineStart);
      if (whole === 0) {
        expect(problems).toMatchObject([{ fatal: true, code: length === 0 ? 'empty' : 'unknown-format' }]);
        continue;
      }
      expect(captures[0]?.records.length).toBe(whole - 1);
      expect(problems.map((problem) => [problem.code, problem.bytes, problem.line])).toEqual(
        rest === 0 ? [] : [['torn-tail', rest, whole + 1]],
      );
    }
  });

  test('a damaged line in the middle is reported with its number and the rest is kept', () => {
    const damagedLines = [
      '{"kind":"chunk"',
      '[]',
      '{"at":1}',
      '{"kind":"chunk","at":"soon","text":""}',
      '{"kind":"chunk","at":1}',
      '{"kind":"chunk","at":1,"text":"a","base64":"YQ=="}',
      '{"kind":"chunk","at":1,"base64":"Y*=="}',
      '{"kind":"chunk","at":1,"text":"\\ud800"}',
      '{"kind":"response","at":1,"headers":[]}',
      '{"kind":"response","at":1,"status":200,"headers":{"a":"b"}}',
      '{"kind":"note","at":1}',
      '{"kind":"end","at":1,"reason":"tired"}',
      new Uint8Array([0x7b, 0xff, 0x7d]),
    ];
    for (const line of damagedLines) {
      const { captures, problems } = read([
        ssecapHeaderLine(header),
        ssecapRecordLine(chunk('a')),
        line,
        '\n',
        ssecapRecordLine(chunk('b')),
      ]);
      expect(captures[0]?.records).toEqual([chunk('a'), chunk('b')]);
      expect(problems).toMatchObject([{ code: 'damaged-line', line: 3, fatal: false, bytes: line.length }]);
    }
  });

  test('a file that is not a capture, or from a later version, gives one problem and nothing else', () => {
    const cases: [string, string][] = [
      ['', 'empty'],
      [' \r\n\n', 'empty'],
      ['data: hello\n\ndata: x\n\n', 'unknown-format'],
      [ssecapRecordLine(chunk('a')) + ssecapRecordLine(chunk('b')), 'unknown-format'],
      ['{"format":"ssecap","version":2}\n{"kind":"new"}\n', 'future-version'],
      ['{"format":"ssecap","version":1}\n', 'unknown-format'],
    ];
    for (const [text, code] of cases) {
      const { captures, problems } = read([text]);
      expect([text, captures]).toEqual([text, []]);
      expect(problems).toMatchObject([{ code, fatal: true }]);
    }
  });

  test('what other programs may do is read: CRLF, a byte order mark, blank lines, absent times and counts', () => {
    const text = `\uFEFF${ssecapHeaderLine(header)}\n{"kind":"chunk","text":"a"}\n{"kind":"chunk","text":"é"}\n`;
    const { captures, problems } = read([text.replaceAll('\n', '\r\n')]);
    expect(problems).toEqual([]);
    expect(captures[0]?.records).toEqual([
      { kind: 'chunk', at: null, read: 0, wireBytes: 1, bytes: encoder.encode('a') },
      { kind: 'chunk', at: null, read: 1, wireBytes: 2, bytes: encoder.encode('é') },
    ]);
  });

  test('a second header begins a second capture, so that files put together open', () => {
    const one = { header, records: [chunk('a')] };
    const two = { header: { ...header, name: 'two' }, records: [chunk('b')] };
    expect(read([write(one) + write(two)]).captures).toEqual([one, two]);
  });

  test('a line over the limit is skipped and not kept, and the rest is read', () => {
    const long = 'x'.repeat(1000);
    const lines = [
      ssecapHeaderLine(header),
      `{"kind":"chunk","text":"${long}"}\n`,
      ssecapRecordLine(chunk('b')),
    ];
    const { captures, problems } = read(cut(encoder.encode(lines.join('')), 7), { maxLine: 500 });
    expect(captures[0]?.records).toEqual([chunk('b')]);
    expect(problems).toMatchObject([{ code: 'damaged-line', line: 2, bytes: (lines[1]?.length ?? 0) - 1 }]);
  });

  test('a long line that arrives byte by byte is read in linear time', () => {
    timeToRead(50_000);
    const small = Math.min(timeToRead(100_000), timeToRead(100_000));
    const large = Math.min(timeToRead(800_000), timeToRead(800_000));
    // Quadratic growth would be 64 times.
    expect(large).toBeLessThan(24 * small + 50);
  });
});
