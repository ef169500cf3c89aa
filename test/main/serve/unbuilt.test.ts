import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServe } from '../../../src/main/serve/serve.ts';

test('reports a user interface that is not built, and leaves nothing open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'serve-'));
  const options = {
    version: '0.0.0',
    pageFolder: join(folder, 'nothing'),
    capturesFolder: join(folder, 'captures'),
    preferencesFile: join(folder, 'preferences.json'),
  };
  await expect(startServe(options)).rejects.toMatchObject({ code: 'storage', message: /not built/ });
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
