import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { inProject } from '../../scripts/setup/project.mjs';
import { launchChromium } from '../e2e/fixture/browser-host.ts';

/** Pixels a side: what desktops and packages scale down from. */
const size = 512;

test('the icon as a picture, for windows and packages', async () => {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<body style="margin:0">${readFileSync(inProject('resources', 'icon.svg'), 'utf8')}`);
  await page.screenshot({ path: inProject('resources', 'icon.png'), omitBackground: true });
  await browser.close();
  expect(readFileSync(inProject('resources', 'icon.png')).length).toBeGreaterThan(0);
});
