import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyKeptDraft } from '../../../src/contract/kept-draft.ts';
import { PreferencesFile } from '../../../src/main/host/preferences-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preferences-'));
  path = join(folder, 'deep', 'preferences.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('PreferencesFile', () => {
  test('remembers what was set, in a folder it makes', async () => {
    const file = await PreferencesFile.open(path);
    await file.set({ theme: 'dark' });
    await file.set({ draft: { ...emptyKeptDraft, url: 'http://127.0.0.1:1/' } });
    const again = await PreferencesFile.open(path);
    expect(again.get()).toMatchObject({ theme: 'dark', draft: { url: 'http://127.0.0.1:1/' } });
  });

  test('keeps the last of many changes made at once', async () => {
    const file = await PreferencesFile.open(path);
    for (const url of ['a', 'b', 'c']) void file.set({ draft: { ...emptyKeptDraft, url } });
    await file.flush();
    expect(JSON.parse(await readFile(path, 'utf8')).draft.url).toBe('c');
  });

  test.each([['{'], ['[]'], ['null'], ['"x"'], ['{"theme":"neon","panes":{"left":-1}}']])(
    'falls back to the defaults for the damaged file %s',
    async (content) => {
      path = join(folder, 'preferences.json');
      await writeFile(path, content);
      const file = await PreferencesFile.open(path);
      expect(file.get()).toMatchObject({ theme: 'system', panes: { left: 216 } });
    },
  );

  test('keeps working if the file cannot be written', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const file = await PreferencesFile.open(join(folder, 'a-file', 'preferences.json'));
    await file.set({ theme: 'light' });
    expect(file.get().theme).toBe('light');
  });
});
