import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StoredCaptures } from '../../../src/main/captures/stored-captures.ts';
import { importRecords, openLibrary, temporaryFolder } from './capture-fixture.ts';
import { fewRecords, header } from './capture-records.ts';

test('the list reads eight captures at a time, however many there are', async () => {
  const folder = await temporaryFolder();
  const library = await openLibrary(folder);
  const id = await importRecords(library, header, fewRecords);
  for (let n = 0; n < 50; n += 1)
    await copyFile(join(folder, `${id}.capture`), join(folder, `copy-${n}.capture`));
  const waiting: (() => void)[] = [];
  const stored = new StoredCaptures(folder, {
    isHeldElsewhere: () => new Promise((resolve) => waiting.push(() => resolve(false))),
  });
  const most: number[] = [];
  let listed: readonly string[] | null = null;
  void stored.list().then((ids) => (listed = ids));
  while (listed === null) {
    await nextTurn();
    most.push(waiting.length);
    waiting.shift()?.();
  }
  expect(listed).toHaveLength(51);
  expect(Math.max(...most)).toBe(8);
});
