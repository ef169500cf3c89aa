import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';
import { chatEnd, deltas } from '../fixtures/capture-builder.ts';
import { heldCapture, pacedCapture } from '../fixtures/written-captures.ts';
import { expect, test, type App } from './fixture/app.ts';
import { captures, openFiles, pasteInto, rows, showTab } from './fixture/window.ts';

/** axe-core's rules for WCAG 2.2 A and AA and its best practices: all that it has, but for those that are experimental. */
const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

const themes = ['light', 'dark'] as const;

/** What breaks a rule of accessibility in the window as it is, in both themes. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's content security policy does not stop.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const found: string[] = [];
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    // Colours change with the next frame.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const results = await page.evaluate(
      (runOptions) =>
        (window as unknown as { axe: { run: (o: RunOptions) => Promise<AxeResults> } }).axe.run(runOptions),
      options,
    );
    for (const { id, nodes } of results.violations)
      for (const { html, failureSummary } of nodes)
        found.push(`${theme}: ${id}: ${html.slice(0, 200)}\n  ${failureSummary ?? ''}`);
  }
  return found;
}

/** Opens a chat stream that a proxy held back and the same stream without one, which is shown. */
async function openBoth({ page, dataFolder }: App): Promise<void> {
  const files = [
    { name: 'proxied', file: heldCapture(deltas(60).join('') + chatEnd, 3050), took: /\b3\.\d+ s/ },
    { name: 'direct', file: pacedCapture([...deltas(60), chatEnd], 60, 20), took: /\b1\.\d+ s/ },
  ];
  for (const { name, file, took } of files) {
    const path = join(dataFolder, `${name}.ssecap.ndjson`);
    await writeFile(path, file);
    await openFiles(page, path);
    // It is in the list before it is shown, and what is selected until then belongs to the capture before it.
    await expect(captures(page).and(page.locator('[aria-selected="true"]'))).toContainText(took);
  }
}

/** The views of the window, and how a user gets there. */
const views: Readonly<Record<string, (app: App) => Promise<void>>> = {
  'the first start': async () => {},
  'events with one selected': async (app) => {
    await openBoth(app);
    await rows(app.page).nth(3).click();
    await expect(app.page.getByRole('heading', { name: /^Event \d+$/ })).toBeVisible();
  },
  chunks: async (app) => {
    await openBoth(app);
    await showTab(app.page, 'Chunks');
    await rows(app.page).nth(3).click();
    await expect(app.page.getByRole('heading', { name: /^Chunk \d+$/ })).toBeVisible();
  },
  JSON: async (app) => {
    await openBoth(app);
    await showTab(app.page, 'JSON');
    await rows(app.page).nth(3).click();
  },
  'the message': async (app) => {
    await openBoth(app);
    await showTab(app.page, 'Message');
    await expect(app.page.getByRole('region', { name: 'Text', exact: true })).toBeVisible();
  },
  'the exchange': async (app) => {
    await openBoth(app);
    await showTab(app.page, 'Exchange');
  },
  'the diagnosis of a stream that was held back': async (app) => {
    await openBoth(app);
    await captures(app.page).filter({ hasText: 'with warnings' }).click();
    await showTab(app.page, 'Diagnose');
    await expect(app.page.getByRole('article').first()).toBeVisible();
  },
  'a comparison': async (app) => {
    await openBoth(app);
    await app.page.keyboard.press('Control+K');
    await app.page.getByRole('combobox', { name: /^Find a command/ }).fill('compare');
    await app.page.keyboard.press('Enter');
    await expect(app.page.getByRole('listbox', { name: 'Other captures' }).getByRole('option')).toHaveCount(
      1,
    );
    await app.page.keyboard.press('Enter');
    await expect(app.page.getByRole('grid', { name: 'Pairs of events' })).toBeVisible();
  },
  'the command palette': async ({ page }) => {
    await page.keyboard.press('Control+K');
    await expect(page.getByRole('combobox', { name: /^Find a command/ })).toBeVisible();
  },
  'the keyboard shortcuts': async ({ page }) => {
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: /^Find a command/ }).fill('keyboard');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'a rung of the ladder that passed': async ({ page }) => {
    await page.getByRole('button', { name: /^Rung 4, / }).click();
    await page.getByRole('button', { name: 'Run this rung' }).click();
    await expect(page.getByRole('button', { name: /^Rung 4, [^:]+: passed/ })).toBeVisible({
      timeout: 45_000,
    });
  },
  'a rung that was broken on purpose': async ({ page }) => {
    await page.getByRole('button', { name: /^Rung 4, / }).click();
    await page
      .getByRole('switch', { name: /buffer/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Run with / }).click();
    await expect(page.getByRole('button', { name: /^Rung 4, [^:]+: failed/ })).toBeVisible({
      timeout: 45_000,
    });
  },
  'the lab log': async ({ page }) => {
    await page.getByRole('button', { name: /^Lab log/ }).click();
    await expect(page.getByRole('main', { name: 'Lab log' })).toBeVisible();
  },
  'the request editor': async ({ page }) => {
    await page.getByRole('button', { name: /^Headers/ }).click();
    await expect(page.getByRole('heading', { name: 'Headers' })).toBeVisible();
  },
  'the request editor with a secret that is held back': async ({ page }) => {
    await pasteInto(
      page.getByLabel('URL of the stream'),
      `curl https://a.test -H 'Authorization: Bearer 1234567890' -H 'X-Trace: on' -H 'Content-Type: application/json' -d '{"password":"x"}'`,
    );
    await page.getByLabel('URL of the stream').fill('https://b.test');
    await page.getByRole('button', { name: /^Headers.*2 held back/ }).click();
    await expect(page.getByRole('button', { name: /^Send Authorization to b\.test/ })).toBeVisible();
  },
  'the menu of the draft': async ({ page }) => {
    await page.getByRole('button', { name: 'Draft', exact: true }).click();
    await expect(page.getByRole('menuitem', { name: 'New request' })).toBeVisible();
  },
  'the dialog of the own server': async ({ page }) => {
    await page.getByRole('button', { name: /Your server/ }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
};

for (const [name, show] of Object.entries(views)) {
  test(`${name} breaks no rule of accessibility, in light and dark`, async ({ app }) => {
    await show(app);
    expect(await violations(app.page)).toEqual([]);
  });
}
