import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { recordedStreams } from '../fixtures/recorded-streams.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { expect, test } from './fixture/app.ts';
import { connectTo, showTab, stateIs, tabCount } from './fixture/window.ts';
import { WrittenStream } from './fixture/written-stream.ts';

const streams = recordedStreams();

/** The message of a chat stream, assembled in the simplest way. */
function chatOf(name: string): {
  content: string;
  reasoning: string;
  calls: { name: string; arguments: string }[];
} {
  const sum = { content: '', reasoning: '', calls: [] as { name: string; arguments: string }[] };
  for (const payload of payloadsOf(name)) {
    const { choices } = payload as {
      choices: {
        delta: {
          content?: string | null;
          reasoning_content?: string | null;
          tool_calls?: { index: number; function: { name?: string; arguments?: string } }[];
        };
      }[];
    };
    const delta = choices[0]?.delta;
    sum.content += delta?.content ?? '';
    sum.reasoning += delta?.reasoning_content ?? '';
    for (const { index, function: part } of delta?.tool_calls ?? []) {
      const call = (sum.calls[index] ??= { name: '', arguments: '' });
      call.name += part.name ?? '';
      call.arguments += part.arguments ?? '';
    }
  }
  return sum;
}

function payloadsOf(name: string): unknown[] {
  const stream = streams.find((one) => one.name === name);
  if (stream === undefined) throw new Error(`${name} is not recorded`);
  // One of the recorded payloads is not JSON.
  return stream.payloads.flatMap((payload) => {
    try {
      return [JSON.parse(payload) as unknown];
    } catch {
      return [];
    }
  });
}

const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

/** Position of the nth character of a text in the window. */
function middleOf(text: Locator, index: number): Promise<{ x: number; y: number }> {
  return text.evaluate((element, index) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let before = 0; walker.nextNode() !== null; ) {
      const node = walker.currentNode as Text;
      if (index < before + node.length) {
        const range = document.createRange();
        range.setStart(node, index - before);
        range.setEnd(node, index - before + 1);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
      before += node.length;
    }
    throw new Error('no such character');
  }, index);
}
const textOf = (region: Locator): Promise<string> => region.locator('.plain-text').innerText();

test.describe('the message of a recorded stream', () => {
  test.skip(streams.length === 0, 'the recorded streams are not on this machine');
  let replay: ServerProcess;
  let origin: string;
  test.beforeAll(async () => {
    replay = new ServerProcess(process.execPath, [join(import.meta.dirname, '../fixtures/replay-server.ts')]);
    origin = (await replay.printed(/^http:\S+/m))[0];
  });
  test.afterAll(() => replay.stop());

  const open = async (page: Page, name: string): Promise<void> => {
    await connectTo(page, `${origin}/${name}?pace=1`);
    await expect(page.getByRole('option', { selected: true }).filter({ hasText: name })).toBeVisible();
    await stateIs(page, 'Ended');
    await showTab(page, 'Message');
  };

  test('has the text and the reasoning of all deltas of a chat', async ({ page }) => {
    const expected = chatOf('deepseek-chat-reasoning');
    await open(page, 'deepseek-chat-reasoning');
    await expect.poll(() => textOf(part(page, 'Text'))).toBe(expected.content);
    expect(await textOf(part(page, 'Reasoning'))).toBe(expected.reasoning);
    const message = page.getByRole('article', { name: 'Message' });
    await expect(message).toContainText('stop');
    await expect(message).toContainText('deepseek-reasoner');
    await expect(page.getByLabel('Usage')).toContainText('219');
  });

  test('has the tool call of a chat with its arguments, as a tree and as received', async ({ page }) => {
    const [call] = chatOf('deepseek-chat-tool-call').calls;
    if (call === undefined) throw new Error('no call recorded');
    await open(page, 'deepseek-chat-tool-call');
    const shown = part(page, `Tool call ${call.name}`);
    for (const [key, value] of Object.entries(JSON.parse(call.arguments) as Record<string, string>)) {
      await expect(shown.getByRole('treeitem').filter({ hasText: key })).toContainText(value);
    }
    await shown.getByRole('button', { name: 'text', exact: true }).click();
    expect(await textOf(shown)).toBe(call.arguments);
    await expect(page.getByRole('article', { name: 'Message' })).toContainText('tool_calls');
  });

  test('has the final output of a Responses stream', async ({ page }) => {
    const last = payloadsOf('openai-responses-web-search').at(-1) as {
      response: { output: { type: string; content?: { text: string }[] }[] };
    };
    const text = last.response.output.flatMap((item) => item.content?.map((one) => one.text) ?? []).join('');
    await open(page, 'openai-responses-web-search');
    await expect.poll(() => textOf(part(page, 'Text').last())).toBe(text);
    const searches = last.response.output.filter((item) => item.type === 'web_search_call').length;
    await expect(part(page, 'web_search_call')).toHaveCount(searches);
    await expect(page.getByRole('article', { name: 'Message' })).toContainText('completed');
  });

  test('has the arguments of a Responses function call', async ({ page }) => {
    const item = payloadsOf('openai-responses-parallel-tool-call')
      .map((payload) => (payload as { item?: { name: string; arguments: string; status: string } }).item)
      .find((one) => one?.status === 'completed');
    await open(page, 'openai-responses-parallel-tool-call');
    const shown = part(page, 'Tool call parallel');
    await shown.getByRole('button', { name: 'text', exact: true }).click();
    expect(await textOf(shown)).toBe(item?.arguments);
  });

  test('has the text and the tool input of Anthropic streams', async ({ page }) => {
    const deltas = (name: string): string =>
      payloadsOf(name)
        .map((payload) => (payload as { delta?: { text?: string; partial_json?: string } }).delta)
        .map((delta) => delta?.text ?? delta?.partial_json ?? '')
        .join('');
    await open(page, 'anthropic-text');
    await expect.poll(() => textOf(part(page, 'Text'))).toBe(deltas('anthropic-text'));
    await expect(page.getByRole('article', { name: 'Message' })).toContainText('end_turn');
    await open(page, 'anthropic-tool-use');
    const shown = part(page, 'Tool call json');
    await shown.getByRole('button', { name: 'text', exact: true }).click();
    expect(await textOf(shown)).toBe(deltas('anthropic-tool-use'));
  });

  test('links from a word to its event, and from an event to its words', async ({ page }) => {
    const expected = chatOf('openai-chat-text').content;
    // A word in the first lines that is from a single event.
    const pieces = payloadsOf('openai-chat-text').map(
      (payload) =>
        (payload as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content ?? '',
    );
    const seq = pieces.findIndex((piece, n) => n > 5 && /^ [a-z]{5,}$/.test(piece));
    const from = pieces.slice(0, seq).join('').length;
    await open(page, 'openai-chat-text');
    await expect.poll(() => textOf(part(page, 'Text'))).toBe(expected);

    // The metrics above may still move the text before the click.
    await expect(async () => {
      const at = await middleOf(part(page, 'Text').locator('.plain-text'), from + 2);
      await page.mouse.click(at.x, at.y);
      const heading = page.getByRole('heading', { name: `Event ${seq}`, exact: true });
      await expect(heading).toBeVisible({ timeout: 2000 });
    }).toPass({ timeout: 20_000 });
    await expect(part(page, 'Text').locator('.lit')).toHaveText(pieces[seq] ?? '');
    const inMessage = page.locator('.detail').getByText('In the message').locator('xpath=ancestor::section');
    await expect(inMessage.locator('mark')).toHaveText((pieces[seq] ?? '').trim());

    // And back: the next event highlights the next words.
    await page.getByRole('button', { name: 'Next row' }).click();
    await expect(part(page, 'Text').locator('.lit')).toHaveText(pieces[seq + 1] ?? '');
  });
});

test('arguments of a tool call grow in the tree as they arrive, and incomplete values are marked', async ({
  page,
}) => {
  const stream = await WrittenStream.start();
  const delta = (fields: object, finish: string | null = null) => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: fields, finish_reason: finish }],
  });
  const more = (text: string) => delta({ tool_calls: [{ index: 0, function: { arguments: text } }] });
  await connectTo(page, stream.url);
  await showTab(page, 'Message');
  await stream.send(
    delta({
      role: 'assistant',
      tool_calls: [{ index: 0, id: 'call_1', function: { name: 'book', arguments: '' } }],
    }),
    more('{"city":"Zür'),
  );
  const shown = part(page, 'Tool call book');
  await expect(shown).toContainText('arguments incomplete');
  await expect(shown.getByRole('treeitem').filter({ hasText: 'city' })).toContainText('Zür');
  await stream.send(more('ich","nights":1'));
  await expect(shown.getByRole('treeitem').filter({ hasText: 'city' })).toContainText('Zürich');
  await expect(shown.getByRole('treeitem').filter({ hasText: 'nights' })).toContainText('1');
  await stream.send(more('2,"guests":[{"name":"A"'));
  await expect(shown.getByRole('treeitem').filter({ hasText: 'nights' })).toContainText('12');
  await expect(shown.getByRole('treeitem').filter({ hasText: 'guests' })).toBeVisible();
  await stream.send(more('}]}'), delta({}, 'tool_calls'), '');
  await expect(shown).not.toContainText('still open');
  await stream.end();
  await stateIs(page, 'Ended');
  await stream.stop();
});

test('a stream that is cut in a tool call has a finding that links to its evidence', async ({ page }) => {
  const stream = await WrittenStream.start();
  const delta = (fields: object) => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: fields, finish_reason: null }],
  });
  await connectTo(page, stream.url);
  await stream.send(
    delta({ role: 'assistant', content: null }),
    delta({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'book', arguments: '{"city":' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: '"Zür' } }] }),
  );
  // The server ends the response normally.
  await stream.end();
  await stateIs(page, 'Ended');
  await showTab(page, 'Message');
  await expect(page.getByText('cut off')).toBeVisible();
  await showTab(page, 'Diagnose');
  const finding = page.getByRole('article', { name: /missing-terminal-event/ });
  await expect(finding).toBeVisible();
  await finding
    .getByRole('button', { name: /^event \d+$/ })
    .last()
    .click();
  await expect(page.getByRole('heading', { name: 'Event 2', exact: true })).toBeVisible();
  await expect(page.locator('.row.selected')).toBeVisible();
  await stream.stop();
});

test('several choices of a message are shown side by side', async ({ page }) => {
  const stream = await WrittenStream.start();
  const delta = (index: number, content: string, finish: string | null = null) => ({
    object: 'chat.completion.chunk',
    choices: [{ index, delta: { content }, finish_reason: finish }],
  });
  await connectTo(page, stream.url);
  await stream.send(
    delta(0, 'one '),
    delta(1, 'uno '),
    delta(1, 'due', 'stop'),
    delta(0, 'two', 'length'),
    '',
  );
  await stream.end();
  await stateIs(page, 'Ended');
  await showTab(page, 'Message');
  const message = (n: number): Locator => page.getByRole('article', { name: `Message ${n} of 2` });
  await expect(message(1)).toContainText('one two');
  await expect(message(2)).toContainText('uno due');
  const boxes = await Promise.all([message(1).boundingBox(), message(2).boundingBox()]);
  expect(boxes[0]?.y).toBe(boxes[1]?.y);
  expect(boxes[1]?.x).toBeGreaterThan(boxes[0]?.x ?? 0);
  await stream.stop();
});

test('keep-alives do not end the silence of a model in any figure', async ({ page }) => {
  const stream = await WrittenStream.start();
  const delta = (content: string): object => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  });
  await connectTo(page, stream.url);
  for (let n = 1; n <= 12; n++) {
    await stream.send(delta(`word${n} `));
    // Each is on screen before the next is sent, so that no two arrive at the same time.
    await expect.poll(() => tabCount(page, 'Events'), { intervals: [20] }).toBe(n);
  }
  await showTab(page, 'Message');
  const status = page.getByRole('contentinfo');
  await expect(async () => {
    await stream.send({ type: 'ping' });
    await expect(status).toContainText(/max [1-9](\.\d+)? s/, { timeout: 200 });
  }).toPass();
  await expect(page.locator('.metrics').getByText('stalls')).toBeVisible();

  await page.getByRole('button', { name: 'Stop' }).click();
  await stateIs(page, 'Stopped');
  await showTab(page, 'Diagnose');
  await expect(page.getByRole('article', { name: /stalled/ })).toBeVisible();
  await expect(page.getByRole('article', { name: /missing-terminal-event/ })).toHaveCount(0);
  await stream.stop();
});
