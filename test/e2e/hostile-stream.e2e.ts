import type { Page } from '@playwright/test';
import { expect, test } from './fixture/app.ts';
import { columnTexts, connectTo, rows, showTab, stateIs } from './fixture/window.ts';
import { WrittenStream } from './fixture/written-stream.ts';

/** Content that a page, a terminal or a spreadsheet would execute. */
const hostile = [
  '<img src="http://127.0.0.1:9/pixel.png" onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
  '\u001b[31mred\u001b[0m \u001b]0;owned\u0007 \u001b[2J\u0008\u007f',
  '\u202Etxt.exe\u202C \u2066isolate\u2069',
  '[link](javascript:document.title="owned") ![pixel](http://127.0.0.1:9/pixel.png)',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{}},"<b>key</b>":"\\u202e<i>"}',
];
const characters = /[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

let stream: WrittenStream;
let asked: string[];
test.beforeEach(async ({ page }) => {
  stream = await WrittenStream.start({ 'x-hostile': '<script>document.title="owned"</script>' });
  asked = [];
  page.on('request', onRequest);
  page.on('dialog', onDialog);
});
test.afterEach(async ({ page }) => {
  page.off('request', onRequest);
  page.off('dialog', onDialog);
  await stream.stop();
  expect(await page.title()).not.toContain('owned');
  // The page requested nothing but files of its own host.
  const own = new URL(page.url());
  expect(asked.filter((url) => new URL(url).host !== own.host)).toEqual([]);
});
const onRequest = (request: { url(): string }): number => asked.push(request.url());
const onDialog = (dialog: { message(): string; dismiss(): Promise<void> }): void => {
  asked.push(`http://dialog/${dialog.message()}`);
  void dialog.dismiss();
};

test('hostile payloads, event types, ids and headers are shown as text in every pane', async ({ page }) => {
  await connectTo(page, stream.url);
  const event = 'event: <img src=x onerror=alert(1)>\u202E\nid: "><svg onload=alert(1)>\n';
  await stream.write(hostile.map((data) => `${event}data: ${data}\n\n`).join(''));
  await stream.end();
  await stateIs(page, 'Ended');

  await expect(rows(page)).toHaveCount(hostile.length);
  const shown = await columnTexts(page, 'data');
  expect(shown[0]).toContain('<img src="http://127.0.0.1:9/pixel.png" onerror=');
  expect(shown[1]).toContain('[31mred');
  expect((await columnTexts(page, 'type'))[0]).toContain('<img src=x onerror=alert(1)>');

  for (const lane of ['Events', 'JSON', 'Chunks']) {
    await showTab(page, lane);
    await expect(rows(page).first()).toBeVisible();
    for (let n = 0; n < (await rows(page).count()); n++) {
      await rows(page).nth(n).click();
      await expect(page.locator('.detail[aria-busy=false]')).toBeVisible();
      await expectOnlyText(page);
    }
  }
  await showTab(page, 'Exchange');
  await expect(page.getByText('<script>document.title="owned"</script>')).toBeVisible();
  await expectOnlyText(page);
  await showTab(page, 'Diagnose');
  await expectOnlyText(page);
  expect(await page.evaluate(() => Reflect.get({}, 'polluted'))).toBeUndefined();
  await showTab(page, 'Events');
});

test('a hostile message is shown as text, and as Markdown it loads nothing and has no working links', async ({
  page,
}) => {
  await connectTo(page, stream.url);
  const chunk = (delta: object, finish: string | null = null) => ({
    id: 'x',
    object: 'chat.completion.chunk',
    model: '<script>document.title="owned"</script>',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  await stream.send(
    chunk({ role: 'assistant', content: '' }),
    ...hostile.map((content) => chunk({ content: `${content}\n\n` })),
    chunk({
      content: '# Heading\n\n- <b>item</b>\n- [site](http://127.0.0.1:9/site)\n\nhttp://127.0.0.1:9/auto',
    }),
    chunk({
      tool_calls: [{ index: 0, id: '<i>', function: { name: '<img src=x>', arguments: '{"<b>":"\u202E"}' } }],
    }),
    chunk({}, 'stop'),
    '',
  );
  await stream.end();
  await stateIs(page, 'Ended');
  await showTab(page, 'Message');
  const text = page.getByRole('region', { name: 'Text' });
  await expect(text).toContainText('<img src="http://127.0.0.1:9/pixel.png"');
  await expectOnlyText(page);

  await page.getByRole('button', { name: 'Markdown' }).click();
  await expect(text.getByRole('heading', { name: 'Heading', exact: true })).toBeVisible();
  await expect(text.getByRole('listitem')).toHaveCount(2);
  await expect(text).toContainText('image: pixel');
  await expectOnlyText(page);
  const before = page.url();
  await text.getByText('site', { exact: true }).click();
  await text.getByText('link', { exact: true }).click();
  expect(page.url()).toBe(before);
  await showTab(page, 'Events');
});

/** Checks that no element comes from the stream, and that no character hides or reorders others. */
async function expectOnlyText(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    active: [...document.querySelectorAll('img, iframe, object, embed, a[href], b, i:not([class])')].map(
      (element) => element.outerHTML.slice(0, 200),
    ),
    scripts: [...document.scripts].map((script) => script.getAttribute('src') ?? 'inline'),
    text: document.body.innerText,
    titles: [...document.querySelectorAll('[title], [aria-label]')].map(
      (element) => `${element.getAttribute('title')} ${element.getAttribute('aria-label')}`,
    ),
  }));
  expect(found.active).toEqual([]);
  expect(found.scripts.filter((source) => !/^(?:\.?\/)?assets\//.test(source))).toEqual([]);
  const line = [...found.text.split('\n'), ...found.titles.flatMap((title) => title.split('\n'))].find(
    (one) => characters.test(one.replaceAll(/[\t\r]/g, '')),
  );
  expect(line).toBeUndefined();
}
