import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importCaptureFile, type ImportOptions } from '../../../src/main/host/imports.ts';
import { all, openLibrary, temporaryFolder } from '../captures/capture-fixture.ts';

async function importOf(name: string, content: string | Uint8Array, options: ImportOptions = {}) {
  const folder = await temporaryFolder();
  const library = await openLibrary(join(folder, 'captures'));
  const path = join(folder, name);
  await writeFile(path, content);
  return { library, imported: importCaptureFile(library, path, options) };
}

const line = (record: object): string => `${JSON.stringify(record)}\n`;
const header = {
  format: 'ssecap',
  version: 1,
  request: { method: 'GET', url: 'http://x.test/', headers: [], client: 'raw' },
  startedAt: '2026-01-02T03:04:05.678Z',
};
const capture = [
  header,
  { kind: 'chunk', at: 1, read: 0, wireBytes: 9, text: 'data: a\n\n' },
  { kind: 'end', at: 2, reason: 'complete' },
];

describe('importing a file', () => {
  test('of bytes alone keeps them, under the file’s name', async () => {
    const body = Buffer.from('data: é\r\n\r\ndata: \xff\n\n', 'latin1');
    const { library, imported } = await importOf('upload', body, { fileName: 'my stream.sse' });
    const { captures, problems } = await imported;
    expect(problems).toEqual([]);
    const [summary] = await library.list();
    expect(summary).toMatchObject({
      id: captures[0],
      name: 'my stream.sse',
      origin: 'file',
      bytes: body.length,
    });
    const records = await all(library.records(summary?.id ?? captures[0] ?? ('' as never)));
    const bytes = records.flatMap((record) => (record.kind === 'chunk' ? [record.bytes] : []));
    expect(Buffer.concat(bytes).equals(body)).toBe(true);
  });

  test('of a capture keeps request, times and name', async () => {
    const named = [{ ...header, name: 'first try' }, ...capture.slice(1)];
    const { library, imported } = await importOf('a.ssecap.ndjson', named.map(line).join(''));
    await imported;
    expect(await library.list()).toMatchObject([
      { name: 'first try', startedAt: header.startedAt, end: { reason: 'complete', at: 2 } },
    ]);
  });

  test('of a HAR with several streams gives a capture for each', async () => {
    const entry = (url: string) => ({
      startedDateTime: header.startedAt,
      time: 1,
      request: { method: 'GET', url, headers: [] },
      response: {
        status: 200,
        headers: [],
        content: { size: 9, mimeType: 'text/event-stream', text: 'data: a\n\n' },
      },
    });
    const har = { log: { version: '1.2', entries: [entry('http://x.test/1'), entry('http://x.test/2')] } };
    const { library, imported } = await importOf('two.har', JSON.stringify(har));
    expect((await imported).captures).toHaveLength(2);
    const urls = (await library.list()).map(({ request }) => request.url);
    expect(urls.toSorted()).toEqual(['http://x.test/1', 'http://x.test/2']);
  });

  test('as the format that the user names reads what would be refused', async () => {
    const { library, imported } = await importOf('log.txt', '{"a":1}', { format: 'ndjson' });
    await imported;
    expect(await library.list()).toMatchObject([{ framing: 'ndjson', dispatched: 1 }]);
    const { library: other, imported: otherImported } = await importOf('log.txt', '[data]\ndata: 1\n\n', {
      format: 'event-stream',
    });
    await otherImported;
    expect(await other.list()).toMatchObject([{ framing: 'event-stream', dispatched: 1 }]);
  });

  test('of a torn capture keeps the complete records and reports the rest', async () => {
    const { library, imported } = await importOf(
      'torn.ssecap.ndjson',
      `${capture.slice(0, 2).map(line).join('')}{"kind":"chunk","at":`,
    );
    const { captures, problems } = await imported;
    expect(captures).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/\d/);
    expect(await library.list()).toMatchObject([{ bytes: 9 }]);
  });

  test('redacts the secrets that it brings', async () => {
    const request = { ...header.request, headers: [['Authorization', 'Bearer hunter2']] };
    const text = [{ ...header, request }, ...capture.slice(1)].map(line).join('');
    const { library, imported } = await importOf('a.ssecap.ndjson', text);
    await imported;
    expect(JSON.stringify(await library.list())).not.toContain('hunter2');
  });

  test.each([
    ['empty', '', /empty/],
    ['of something else', '<!doctype html><p>', /HTML/],
    ['of bytes that are no text', Uint8Array.of(0, 1, 2, 3), /binary/],
  ] as const)('%s is refused by its name, and leaves no capture', async (_what, content, why) => {
    const { library, imported } = await importOf('upload', content, { fileName: 'bad.har' });
    await expect(imported).rejects.toMatchObject({ code: 'bad-file', message: expect.stringMatching(why) });
    await expect(imported).rejects.toThrow(/^bad\.har/);
    expect(await library.list()).toEqual([]);
  });

  test('that does not exist or is a folder is refused with the reason', async () => {
    const folder = await temporaryFolder();
    const library = await openLibrary(join(folder, 'captures'));
    await mkdir(join(folder, 'folder.har'));
    await expect(importCaptureFile(library, join(folder, 'none.har'))).rejects.toMatchObject({
      code: 'bad-file',
      message: 'none.har cannot be read: the file does not exist.',
    });
    await expect(importCaptureFile(library, join(folder, 'folder.har'))).rejects.toMatchObject({
      code: 'bad-file',
      message: 'folder.har cannot be read: it is not a file.',
    });
  });
});
