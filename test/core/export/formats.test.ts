import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Capture, CaptureRecord } from '../../../src/core/capture/record.ts';
import { csvCell } from '../../../src/core/export/csv.ts';
import {
  exportCapture,
  exportFormatNames,
  suggestedFileName,
  type ExportFormatName,
} from '../../../src/core/export/formats.ts';
import { derive } from '../../../src/core/pipeline/pipeline.ts';
import { collect, readCaptures } from '../import/read-captures.ts';

const encoder = new TextEncoder();

const capture: Capture = {
  header: {
    format: 'ssecap',
    version: 1,
    request: {
      method: 'GET',
      url: 'https://user:s3cret@example.test:8443/v1/stream?key=s3cret',
      headers: [['Authorization', 'Bearer s3cret']],
      client: 'raw',
    },
    startedAt: '2026-01-02T03:04:05.678Z',
  },
  records: [
    { kind: 'response', at: 1, status: 200, headers: [['Set-Cookie', 'a=s3cret']], httpVersion: 'HTTP/1.1' },
    ...[
      'data: {"a":1}\r\n\r',
      '\n: ping\n\nevent: =cmd\ndata: +1,"x"\ndata: two\nid: -1\n\n',
      'data: lost',
    ].map((text, read): CaptureRecord => {
      const bytes = encoder.encode(text);
      return { kind: 'chunk', at: 10 * read + 0.5, read, wireBytes: bytes.length, bytes };
    }),
    { kind: 'end', at: 40, reason: 'complete' },
  ],
};

async function exported(format: ExportFormatName, withSecrets = false): Promise<string> {
  const source = { header: capture.header, records: () => capture.records };
  const creator = { name: 'SSE Inspector', version: '0.0.0' };
  return Buffer.from(await collect(exportCapture(source, format, { creator, withSecrets }))).toString();
}

describe('exports', () => {
  test('the body is the bytes', async () => {
    expect(await exported('sse')).toBe(
      'data: {"a":1}\r\n\r\n: ping\n\nevent: =cmd\ndata: +1,"x"\ndata: two\nid: -1\n\ndata: lost',
    );
  });

  test('event lines have the record shape of the command line, in the final form of each event', async () => {
    expect((await exported('ndjson')).split('\n')).toEqual([
      '{"seq":0,"type":"message","data":"{\\"a\\":1}","lastEventId":"","range":[0,17],"chunks":[0,1],"at":0.5}',
      '{"seq":1,"type":"=cmd","data":"+1,\\"x\\"\\ntwo","lastEventId":"-1","range":[25,68],"chunks":[1,1],"at":10.5}',
      '',
    ]);
  });

  test('CSV has a header row, quotes as RFC 4180 says, and starts no formula', async () => {
    expect(await exported('csv')).toBe(
      'seq,type,data,lastEventId,start,end,firstChunk,lastChunk,at\r\n' +
        '0,message,"{""a"":1}",,0,17,0,1,0.5\r\n' +
        `1,'=cmd,"'+1,""x""\ntwo",'-1,25,68,1,1,10.5\r\n`,
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '=cmd|"/c calc"!A1'])(
    'the cell %j begins with an apostrophe in CSV',
    (text) => {
      expect(csvCell(text)).toMatch(/^"?'/);
    },
  );

  test('any cell is read back by the rules of RFC 4180', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '=', "'") }), (text) => {
        const cell = csvCell(text);
        const inner = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/);
        expect([text, `'${text}`]).toContain(inner);
      }),
    );
  });

  test('no export has a secret unless asked for, and each says that something was there', async () => {
    for (const format of exportFormatNames) {
      expect(await exported(format)).not.toContain('s3cret');
      if (format === 'har' || format === 'ssecap') expect(await exported(format)).toContain('[redacted]');
    }
    expect(await exported('ssecap', true)).toContain('Bearer s3cret');
  });

  test('body, HAR and ssecap open again with the same events', async () => {
    const events = derive(capture.records).blocks.map(({ type, data, kind, range }) => ({
      type,
      data,
      kind,
      range,
    }));
    for (const format of ['sse', 'har', 'ssecap'] as const) {
      const { captures } = readCaptures(await exported(format), 7);
      const blocks = derive(captures[0]?.records ?? []).blocks;
      expect(blocks.map(({ type, data, kind, range }) => ({ type, data, kind, range }))).toEqual(events);
    }
  });

  test('JSON lines open again with the same events from body, HAR and ssecap; the body is a file of JSON lines', async () => {
    const bytes = encoder.encode('{"a":"é"}\n\n{"b":2}\r\n{"c"');
    const lines: Capture = {
      header: capture.header,
      records: [
        {
          kind: 'response',
          at: 1,
          status: 200,
          headers: [['Content-Type', 'application/x-ndjson']],
          httpVersion: 'HTTP/1.1',
        },
        { kind: 'chunk', at: 2, read: 0, wireBytes: 7, bytes: bytes.subarray(0, 7) },
        { kind: 'chunk', at: 3, read: 1, wireBytes: bytes.length - 7, bytes: bytes.subarray(7) },
        { kind: 'end', at: 4, reason: 'premature-close' },
      ],
    };
    const source = { header: lines.header, records: () => lines.records };
    const write = async (format: ExportFormatName): Promise<string> => {
      const creator = { name: 'SSE Inspector', version: '0.0.0' };
      const options = { creator, withSecrets: true };
      return Buffer.from(await collect(exportCapture(source, format, options))).toString();
    };
    const derived = derive(lines.records);
    expect(derived.blocks.map(({ kind, data }) => [kind, data])).toEqual([
      ['event', '{"a":"é"}'],
      ['blank', ''],
      ['event', '{"b":2}'],
      ['event', '{"c"'],
    ]);
    for (const format of ['har', 'ssecap'] as const) {
      const { captures, problems } = readCaptures(await write(format), 7);
      expect(problems).toEqual([]);
      expect(captures).toEqual([lines]);
      expect(derive(captures[0]?.records ?? [])).toEqual(derived);
    }
    const [body] = readCaptures(await write('sse'), 7).captures;
    expect(derive(body?.records ?? []).blocks.map(({ framing, data }) => [framing, data])).toEqual(
      derived.blocks.map(({ data }) => ['ndjson', data]),
    );
    expect(await write('ndjson')).toBe(
      '{"seq":0,"type":"message","data":"{\\"a\\":\\"é\\"}","lastEventId":"","range":[0,11],"chunks":[0,1],"at":3}\n' +
        '{"seq":1,"type":"message","data":"{\\"b\\":2}","lastEventId":"","range":[12,21],"chunks":[1,1],"at":3}\n' +
        '{"seq":2,"type":"message","data":"{\\"c\\"","lastEventId":"","range":[21,25],"chunks":[1,1],"at":3}\n',
    );
    expect(await write('csv')).toContain('\r\n1,message,"{""b"":2}",,12,21,1,1,3\r\n');
    expect(await write('har')).not.toContain('_eventSourceMessages');
    expect(suggestedFileName(lines.header, 'sse', 'ndjson')).toMatch(/\.jsonl$/);
    expect(suggestedFileName(lines.header, 'har', 'ndjson')).toMatch(/\.har$/);
  });

  test('file names are safe on every system, for any URL', () => {
    const name = (url: string, given?: string): string =>
      suggestedFileName(
        {
          ...capture.header,
          request: { ...capture.header.request, url },
          ...(given === undefined ? {} : { name: given }),
        },
        'har',
      );
    expect(name(capture.header.request.url)).toBe('example.test-stream-2026-01-02T030405.har');
    expect(name('http://127.0.0.1:80/../..%2F..%2Fetc/pass\u202Ewd?x#y')).toBe(
      '127.0.0.1-pass-wd-2026-01-02T030405.har',
    );
    expect(name('x', '../../.bashrc')).toBe('bashrc.har');
    expect(name('x', 'CON')).toBe('capture-CON.har');
    expect(name('x', '…')).toBe('capture-.har');
    expect(name('x', 'y'.repeat(500)).length).toBeLessThan(120);
  });
});
