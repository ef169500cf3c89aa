import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recordedStreams } from '../fixtures/recorded-streams.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { expect, test } from './fixture/app.ts';
import {
  captures,
  columnTexts,
  connectTo,
  filterRows,
  matches,
  rows,
  showTab,
  stateIs,
  tab,
  tabCount,
} from './fixture/window.ts';

const python = '/usr/bin/python3';
const fixtures = join(import.meta.dirname, '../fixtures');
const streams = recordedStreams();

test.describe('a Flask server', () => {
  test.skip(!existsSync(python), 'no /usr/bin/python3 (Debian: apt-get install python3-flask)');
  let flask: ServerProcess;
  let origin: string;
  test.beforeAll(async () => {
    flask = new ServerProcess(python, [join(fixtures, 'flask_sse.py')]);
    const [, port] = await flask.printed(/^port (\d+)/m);
    origin = `http://127.0.0.1:${port}`;
  });
  test.afterAll(() => flask.stop());

  test('its events appear while the stream is running', async ({ page }) => {
    await connectTo(page, `${origin}/steps?n=8`);
    for (let n = 0; n < 8; n++) {
      // The server sends nothing more until requested, so what is on screen did not wait for later events.
      await fetch(`${origin}/next`, { method: 'POST' });
      await expect(page.getByText(`step ${n}`)).toBeVisible();
      if (n < 7) await stateIs(page, 'Streaming');
    }
    await stateIs(page, 'Ended');
    expect(await tabCount(page, 'Events')).toBe(8);
  });

  test('a typed curl command sends its method and body', async ({ page }) => {
    await connectTo(page, `curl -X POST --data 'somebody' '${origin}/ticks?n=2&delay=0'`);
    await stateIs(page, 'Ended');
    await expect(page.getByText('somebody 1')).toBeVisible();
    await expect(page.getByLabel('Method')).toHaveValue('POST');
  });

  test('a stopped stream keeps what was received', async ({ page }) => {
    await connectTo(page, `${origin}/ticks?n=1000&delay=0.1`);
    await expect(page.getByText('nobody 2')).toBeVisible();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await stateIs(page, 'Stopped');
    expect(await tabCount(page, 'Events')).toBeGreaterThanOrEqual(3);
  });

  test('a cut connection is reported, and the event before it stays', async ({ page }) => {
    await connectTo(page, `${origin}/fails`);
    await stateIs(page, 'Cut off');
    expect(await tabCount(page, 'Events')).toBe(1);
    await showTab(page, 'Diagnose');
    await expect(page.getByText('premature-close').first()).toBeVisible();
    await showTab(page, 'Events');
  });
});

test('a refused connection is reported with its code', async ({ page }) => {
  await connectTo(page, 'http://127.0.0.1:1/');
  await stateIs(page, 'Failed');
  await expect(page.getByRole('alert').getByText('ECONNREFUSED').first()).toBeVisible();
});

test('an invalid URL is reported below the field, without a capture', async ({ page }) => {
  await expect(captures(page)).toHaveCount(0);
  await connectTo(page, 'ftp://127.0.0.1/x');
  await expect(page.getByRole('alert').filter({ hasText: 'http' })).toBeVisible();
  await expect(page.getByLabel('URL of the stream')).toHaveAttribute('aria-invalid', 'true');
  await expect(captures(page)).toHaveCount(0);
});

test.describe('recorded provider streams', () => {
  test.skip(streams.length === 0, 'the recorded streams are not on this machine');
  let replay: ServerProcess;
  let origin: string;
  test.beforeAll(async () => {
    replay = new ServerProcess(process.execPath, [join(fixtures, 'replay-server.ts')]);
    origin = (await replay.printed(/^http:\S+/m))[0];
  });
  test.afterAll(() => replay.stop());

  test('every event and every byte arrives', async ({ page }) => {
    for (const { name, payloads, body } of streams) {
      await test.step(name, async () => {
        const done = /-chat-|-completions-/.test(name) ? 1 : 0;
        await connectTo(page, `${origin}/${name}?pace=1`);
        await expect(captures(page).first()).toContainText(name);
        await stateIs(page, 'Ended');
        expect(await tabCount(page, 'Events')).toBe(payloads.length + done);
        const bytes = page.getByTitle(/bytes? of the body$/);
        expect((await bytes.getAttribute('title'))?.replaceAll(/\D/g, '')).toBe(String(body.length));
      });
    }
  });

  test('a stream at the pace of a model shows its events as they arrive', async ({ page }) => {
    // The stream does not end by itself, so Stop is always clicked while it runs.
    await connectTo(page, `${origin}/openai-chat-text?pace=40&hold=30`);
    await expect.poll(() => tabCount(page, 'Events')).toBe(30);
    await stateIs(page, 'Streaming');
    expect(Number((await columnTexts(page, '#')).at(-1))).toBeGreaterThan(15);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await stateIs(page, 'Stopped');
  });

  test('a selected event shows its bytes and JSON, and related rows are highlighted', async ({ page }) => {
    const stream = streams.find(({ name }) => name === 'openai-responses-mcp-tool');
    if (stream === undefined) throw new Error('not recorded');
    await connectTo(page, `${origin}/${stream.name}?pace=1`);
    await expect(captures(page).first()).toContainText(stream.name);
    await stateIs(page, 'Ended');

    const wanted = stream.payloads.flatMap((payload, n) => (/mamdani/i.test(payload) ? [n] : []));
    await page.keyboard.press('Control+F');
    await expect(page.getByLabel('Filter rows')).toBeFocused();
    expect(await filterRows(page, 'Mamdani')).toBe(wanted.length);
    expect((await columnTexts(page, '#')).map(Number)).toEqual(wanted.slice(0, 40));

    const [first = 0] = wanted;
    await rows(page).first().click();
    await expect(page.getByRole('heading', { name: `Event ${first}`, exact: true })).toBeVisible();
    const [start, end] = rangeOf(stream.body, first);
    await expect(page.locator('.detail-range')).toHaveText(`bytes ${start}–${end - 1}`);
    const hex = page.getByRole('group', { name: `Bytes ${start} to ${end - 1}` });
    await expect(hex).toContainText('6576656e'); // even(t)
    const { type } = JSON.parse(stream.payloads[first] ?? '') as { type: string };
    await expect(page.getByRole('treeitem').filter({ hasText: type }).first()).toBeVisible();

    await filterRows(page, '');
    await showTab(page, 'Chunks');
    await expect(rows(page).and(page.locator('.related')).first()).toBeVisible();
    await showTab(page, 'Events');
  });

  test('rows are filtered by text, by a regular expression and by event type, over the whole capture', async ({
    page,
  }) => {
    const stream = streams.find(({ name }) => name === 'openai-responses-web-search');
    if (stream === undefined) throw new Error('not recorded');
    await connectTo(page, `${origin}/${stream.name}?pace=0`);
    await expect(captures(page).first()).toContainText(stream.name);
    await stateIs(page, 'Ended');
    const fitting = (pattern: RegExp): number =>
      stream.payloads.filter((payload) => pattern.test(payload)).length;

    expect(await filterRows(page, 'SEQUENCE_NUMBER":1')).toBe(fitting(/sequence_number":1/i));
    await page.getByRole('button', { name: 'Match case' }).click();
    await expect.poll(() => matches(page)).toBe(0);
    await page.getByRole('button', { name: 'Match case' }).click();

    await page.getByRole('button', { name: 'Regular expression' }).click();
    expect(await filterRows(page, 'sequence_number":\\d*7\\b')).toBe(fitting(/sequence_number":\d*7\b/));
    await page.getByLabel('Filter rows').fill('(');
    await expect(page.getByRole('alert').filter({ hasText: /./ }).first()).toBeVisible();
    await filterRows(page, '');
    await page.getByRole('button', { name: 'Regular expression' }).click();

    const type = 'response.output_text.delta';
    await page.getByRole('button', { name: 'Choose event types and states' }).click();
    await page.getByRole('dialog', { name: 'Rows to show' }).getByLabel(type, { exact: false }).check();
    await page.keyboard.press('Escape');
    expect(await matches(page)).toBe(fitting(/"type":"response\.output_text\.delta"/));
    expect(new Set(await columnTexts(page, 'type'))).toEqual(new Set([type]));
    await expect(tab(page, 'Events').locator('.n')).toHaveText(String(stream.payloads.length));
  });
});

/** Bytes of the nth event of a body whose events are separated by LF LF. */
function rangeOf(body: Uint8Array, n: number): readonly [start: number, end: number] {
  const text = Buffer.from(body).toString('latin1');
  let start = 0;
  for (let before = 0; before < n; before++) start = text.indexOf('\n\n', start) + 2;
  return [start, text.indexOf('\n\n', start) + 2];
}
