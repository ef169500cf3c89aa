import { writeFile } from 'node:fs/promises';
import { captureFile } from '../fixtures/written-captures.ts';
import { expect, test } from './fixture/app.ts';
import { columnTexts, filterRows, openFiles, rows, showTab } from './fixture/window.ts';

const eventOf = (word: string): string => `data: {"word":"${word}"}\n\n`;

test('rows are filtered by gap, size and time together with text, and a mistyped limit says why', async ({
  page,
}, info) => {
  const path = info.outputPath('gaps.ssecap.ndjson');
  await writeFile(
    path,
    captureFile([
      { at: 100, text: eventOf('first') },
      { at: 900, text: eventOf('late') },
      { at: 920, text: eventOf('x'.repeat(5000)) },
      { at: 2000, text: eventOf('last') },
    ]),
  );
  await openFiles(page, path);
  await showTab(page, 'Events');
  await expect(rows(page)).toHaveCount(4);

  expect(await filterRows(page, 'gap>500ms')).toBe(2);
  await expect.poll(() => columnTexts(page, '#')).toEqual(['1', '3']);
  expect(await filterRows(page, 'late gap>500ms')).toBe(1);
  await expect(rows(page).first()).toContainText('late');
  expect(await filterRows(page, 'first gap>500ms')).toBe(0);
  expect(await filterRows(page, 'size>4k')).toBe(1);
  await expect.poll(() => columnTexts(page, '#')).toEqual(['2']);
  expect(await filterRows(page, 'word at<0.9s')).toBe(1);
  await expect.poll(() => columnTexts(page, '#')).toEqual(['0']);

  const field = page.getByLabel('Filter rows');
  await field.fill('gap>600xs');
  const problem = page.getByRole('alert').filter({ hasText: '“xs” is not a unit of gap' });
  await expect(problem).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  // What the table showed before stays until the word is right.
  await expect(rows(page)).toHaveCount(1);
  expect(await filterRows(page, 'gap>1s')).toBe(1);
  await expect(problem).toHaveCount(0);
});
