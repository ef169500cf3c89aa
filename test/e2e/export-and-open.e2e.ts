import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type App } from './fixture/app.ts';
import {
  captures,
  chooseExport,
  columnTexts,
  connectTo,
  dropFile,
  openFiles,
  rows,
  showTab,
  stateIs,
  tabCount,
  type ExportName,
} from './fixture/window.ts';
import { WrittenStream } from './fixture/written-stream.ts';

/** Things that an export can get wrong: line endings, ids, comments, multiple lines, UTF-8, long integers. */
const body = Buffer.from(
  [
    ': a comment\r\n\r\n',
    'id: 1\ndata: {"n":9007199254740993,"text":"né 世 🌍"}\n\n',
    'event: several\rdata: line one\rdata: line two\r\r',
    'data: =HYPERLINK("http://127.0.0.1","x")\n\n',
    'data: [DONE]\n\n',
    'data: never dispatched\n',
  ].join(''),
);
const data = [
  '{"n":9007199254740993,"text":"né 世 🌍"}',
  'line one\nline two',
  '=HYPERLINK("http://127.0.0.1","x")',
  '[DONE]',
];

let stream: WrittenStream;
test.beforeEach(async ({ page }) => {
  stream = await WrittenStream.start();
  await connectTo(page, stream.url);
  // Split inside a character and between CR and LF.
  for (const [from, to] of [
    [0, 14],
    [14, 59],
    [59, body.length],
  ]) {
    await stream.write(body.subarray(from, to));
    await expect.poll(() => page.getByTitle(/of the body$/).getAttribute('title')).toContain(`${to} bytes`);
  }
  await stream.end();
  await stateIs(page, 'Ended');
});
test.afterEach(() => stream.stop());

test('each format contains what was received', async ({ app }) => {
  const text = async (format: ExportName): Promise<string> => (await exported(app, format)).toString('utf8');

  expect((await exported(app, 'sse')).equals(body)).toBe(true);

  const events = (await text('ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { data: string });
  expect(events.map((event) => event.data)).toEqual(data);

  const har = JSON.parse(await text('har')) as {
    log: { entries: { _eventSourceMessages: { data: string }[] }[] };
  };
  expect(har.log.entries[0]?._eventSourceMessages.map((message) => message.data)).toEqual(data);

  // A spreadsheet must not evaluate content of a stream.
  expect(await text('csv')).toContain(`"'=HYPERLINK`);
  expect(await text('csv')).not.toMatch(/(?:^|,)"?=/m);

  expect(await text('curl')).toMatch(/^curl /);
  expect(await text('curl')).toContain(stream.url);

  const records = (await text('ssecap'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind?: string });
  expect(records.map((record) => record.kind ?? 'header')).toEqual(
    expect.arrayContaining(['header', 'response', 'chunk', 'end']),
  );
});

const ways = {
  'the dialog': (app: App, path: string) => openFiles(app.page, path),
  'a drop on the window': (app: App, path: string) => dropFile(app.page, path),
};
for (const [way, open] of Object.entries(ways)) {
  test(`a capture, a HAR and a raw body that were exported are the same when opened by ${way}`, async ({
    app,
    page,
  }) => {
    for (const format of ['ssecap', 'har', 'sse'] as const) {
      await test.step(format, async () => {
        const path = join(app.dataFolder, `again.${extensions[format]}`);
        await writeFile(path, await exported(app, format));
        const before = await captures(page).count();
        await open(app, path);
        await expect(captures(page)).toHaveCount(before + 1);
        await sameAsReceived(app);
      });
    }
  });
}

test('an exported capture is unchanged when it is opened from the command line', async ({ app }) => {
  const path = join(app.dataFolder, 'given.ssecap.ndjson');
  await writeFile(path, await exported(app, 'ssecap'));
  const chunks = await columnsOfChunks(app);
  await app.restart([path]);
  await stateIs(app.page, 'Ended');
  await sameAsReceived(app);
  // Not only the bytes, but also the time and the read of each chunk.
  expect(await columnsOfChunks(app)).toEqual(chunks);
});

test('a file that is not a capture is reported with its name and the problem, and adds no capture', async ({
  app,
  page,
}) => {
  const before = await captures(page).count();
  const bad = {
    'empty.har': '',
    'cut.har': '{"log":{"entries":[',
    'page.ssecap.ndjson': '<!doctype html><p>no capture</p>',
  };
  for (const [name, content] of Object.entries(bad)) {
    const path = join(app.dataFolder, name);
    await writeFile(path, content);
    await openFiles(page, path);
    await expect(page.getByRole('alert').filter({ hasText: name })).toBeVisible();
  }
  expect(await captures(page).count()).toBe(before);
});

const extensions = { ssecap: 'ssecap.ndjson', har: 'har', sse: 'sse' } as const;

async function exported(app: App, format: ExportName): Promise<Buffer> {
  return readFile(await app.save(() => chooseExport(app.page, format)));
}

/** Checks that the current capture has the events and bytes of `body`. */
async function sameAsReceived(app: App): Promise<void> {
  const { page } = app;
  await showTab(page, 'Events');
  await expect.poll(() => tabCount(page, 'Events')).toBe(data.length);
  await expect(rows(page)).toHaveCount(6);
  const types = await columnTexts(page, 'type');
  expect(types).toEqual(['comment', 'message', 'several', 'message', 'message', 'discarded']);
  await rows(page).nth(1).click();
  await expect(page.getByRole('treeitem').filter({ hasText: '9007199254740993' })).toBeVisible();
  expect((await exported(app, 'sse')).equals(body)).toBe(true);
}

async function columnsOfChunks({ page }: App): Promise<string[][]> {
  await showTab(page, 'Chunks');
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  return Promise.all(['#', 'at, s', 'read', 'bytes', 'events'].map((title) => columnTexts(page, title)));
}
