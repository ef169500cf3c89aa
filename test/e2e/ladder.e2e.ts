import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { ladderBreakNames, ladderBreaks, type LadderBreak } from '../../src/contract/ladder.ts';
import { type RungNumber, rungNumbers } from '../../src/core/rungs.ts';
import { expect, test } from './fixture/app.ts';
import { showTab, stateIs } from './fixture/window.ts';

/** Long enough for a whole ladder on a busy machine, ms. */
const climbTime = 45_000;

/** A rung in the left pane, optionally in a state: `passed`, `failed`, `skipped`, `running`, … */
function rung(page: Page, number: RungNumber, state = ''): Locator {
  return page.getByRole('button', { name: new RegExp(`^Rung ${number}, [^:]+: ${state}`) });
}

async function runLadder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run the ladder', exact: true }).click();
}

async function ladderHasEnded(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Run the ladder', exact: true })).toBeEnabled({
    timeout: climbTime,
  });
}

test('one click runs all seven rungs, and all of them pass', async ({ app, page }) => {
  await runLadder(page);
  await expect(page.getByRole('button', { name: 'Stop the ladder' })).toBeVisible();
  await ladderHasEnded(page);
  for (const number of rungNumbers) await expect(rung(page, number, 'passed')).toBeVisible();

  await rung(page, 2).click();
  const panel = page.getByRole('main', { name: 'Rung 2, Browser' });
  // The application uses its own page; browser mode uses a Chromium of the machine.
  await expect(panel).toContainText(app.electron === null ? 'headless' : '(this application)');
  await rung(page, 6).click();
  await expect(page.getByRole('main')).toContainText('no real model is called');
  // Captures of the ladder are not listed among the user's.
  await expect(page.getByText('Your captures appear here.')).toBeVisible();
});

test('a rung shows its yields and arrivals, and its stream is a capture like any other', async ({
  app,
  page,
}) => {
  await rung(page, 4).click();
  await page.getByRole('button', { name: 'Run this rung' }).click();
  await expect(rung(page, 4, 'passed')).toBeVisible({ timeout: climbTime });
  await expect(rung(page, 1, 'not run yet')).toBeVisible();
  await expect(
    page.getByRole('img', { name: /^5 yields and their arrivals: the slowest took/ }),
  ).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Yields and arrivals as a table' }).locator('tbody tr'),
  ).toHaveCount(5);

  const saved = await app.save(async () => {
    await page.getByRole('button', { name: /^Export Five events/ }).click();
    await page
      .getByRole('menuitem', { name: /\.sse|event stream/i })
      .first()
      .click();
  });
  expect(await readFile(saved, 'utf8')).toContain('data: event 5 of 5');

  await page.getByRole('button', { name: /^Five events, \d+ ms apart$/ }).click();
  await stateIs(page, 'Ended');
  await expect(page.getByRole('tab', { name: /^Events/ })).toContainText('5');
  await showTab(page, 'Exchange');
  await expect(page.getByRole('cell', { name: 'yield' })).toHaveCount(5);
  await page.getByRole('button', { name: 'Rung 4, Async', exact: true }).click();
  await expect(page.getByRole('main', { name: 'Rung 4, Async' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tab', { name: /^Exchange/ })).toBeVisible();
});

test('a stopped ladder is shown as stopped, and can run again', async ({ page }) => {
  await runLadder(page);
  await expect(rung(page, 3, 'running')).toBeVisible({ timeout: climbTime });
  await page.getByRole('button', { name: 'Stop the ladder' }).click();
  await ladderHasEnded(page);
  await expect(rung(page, 1, 'passed')).toBeVisible();
  await expect(rung(page, 7, 'skipped, the ladder was stopped')).toBeVisible();
  await rung(page, 1).click();
  await page.getByRole('button', { name: 'Run this rung' }).click();
  await expect(rung(page, 1, 'passed')).toBeVisible({ timeout: climbTime });
});

test('evidence opens the record that it points at', async ({ page }) => {
  await breakRung(page, 'wrong-content-type');
  await page.getByRole('button', { name: 'Run with wrong-content-type' }).click();
  await expect(rung(page, 1, 'failed')).toBeVisible({ timeout: climbTime });
  await page.getByRole('button', { name: 'header content-type' }).click();
  await expect(page.locator('.exchange .marked')).toContainText('text/plain');
  await expect(page.getByText('broken on purpose: wrong-content-type')).toBeVisible();
  await rung(page, 1).click();
  await page.getByRole('button', { name: 'event 2', exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'Event 2' })).toBeVisible();
});

test('the host keeps the settings of the model form, and never returns the key', async ({ page }) => {
  await rung(page, 6).click();
  await page.getByLabel('Base URL').fill('not a url');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('not an http or https URL');
  // A port without a listener.
  await page.getByLabel('Base URL').fill('http://127.0.0.1:9/v1');
  await page.getByLabel('Key', { exact: true }).fill('sk-typed-in-the-window');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('A key is stored')).toBeVisible();
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue('');
  await page.getByRole('button', { name: 'Run this rung' }).click();
  await expect(rung(page, 6, 'failed')).toBeVisible({ timeout: climbTime });
  await expect(page.getByRole('main')).toContainText('127.0.0.1:9');
  expect(await page.content()).not.toContain('sk-typed-in-the-window');
});

test('a second page cannot start the ladder while it runs, but watches it', async ({ app, page }) => {
  await runLadder(page);
  await expect(page.getByRole('button', { name: 'Stop the ladder' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Stop the ladder' })).toBeVisible();
  const refused = await page.evaluate(async () => {
    const bridge = Reflect.get(globalThis, 'sseInspector') as
      | { call(name: string, params: unknown): Promise<{ refusal?: { code: string } }> }
      | undefined;
    return (await bridge?.call('ladder.run', {}))?.refusal?.code ?? 'no bridge';
  });
  // Browser mode has no bridge, but the host refuses with the same code.
  expect(refused).toBe(app.electron === null ? 'no bridge' : 'busy');
  await ladderHasEnded(page);
  await expect(rung(page, 7, 'passed')).toBeVisible();
});

/** Opens the rung of a break and turns the break on. */
async function breakRung(page: Page, fault: LadderBreak): Promise<void> {
  await rung(page, ladderBreaks[fault].rung).click();
  await page.getByRole('switch', { name: fault }).click();
}

/** Checks the panel of a broken rung. */
async function saysWhy(page: Page, fault: LadderBreak): Promise<void> {
  const panel = page.getByRole('main');
  await expect(panel).toContainText(`Broken on purpose with ${fault}`);
  await expect(panel.getByRole('listitem').filter({ hasText: 'Failed: ' }).first()).toBeVisible();
}

for (const number of rungNumbers) {
  const faults = ladderBreakNames.filter((name) => ladderBreaks[name].rung === number);
  test(`rung ${number} fails with each of its breaks, and passes without`, async ({ page }) => {
    await rung(page, number).click();
    for (const fault of faults) {
      await test.step(fault, async () => {
        await page.getByRole('switch', { name: fault }).click();
        await page.getByRole('button', { name: `Run with ${fault}` }).click();
        await saysWhy(page, fault);
        await ladderHasEnded(page);
        await expect(rung(page, number, 'failed')).toBeVisible();
        for (const other of rungNumbers) {
          if (other !== number) await expect(rung(page, other, 'not run yet')).toBeVisible();
        }
        await page.getByRole('switch', { name: fault }).click();
      });
    }
    await page.getByRole('button', { name: 'Run this rung' }).click();
    await expect(rung(page, number, 'passed')).toBeVisible({ timeout: climbTime });
  });
}

test('below a broken rung the rungs pass, and above it they are skipped', async ({ page }) => {
  await breakRung(page, 'one-event-late');
  await runLadder(page);
  await expect(rung(page, 4, 'failed')).toBeVisible({ timeout: climbTime });
  await ladderHasEnded(page);
  for (const number of [1, 2, 3] as const) await expect(rung(page, number, 'passed')).toBeVisible();
  for (const number of [5, 6, 7] as const) {
    await expect(rung(page, number, 'skipped, not reached')).toBeVisible();
  }
  await saysWhy(page, 'one-event-late');
});
