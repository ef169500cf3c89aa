import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServeOptions, type Serving, startServe } from '../../../src/main/serve/serve.ts';

/** A server with a page of one file, and its data folder. */
export interface ServeUnderTest {
  readonly folder: string;
  readonly serving: Serving;
  /** Ends the server and removes the folder. */
  close(): Promise<void>;
}

export async function startServeUnderTest(options: Partial<ServeOptions> = {}): Promise<ServeUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'serve-'));
  const pageFolder = join(folder, 'page');
  await mkdir(pageFolder);
  await writeFile(join(pageFolder, 'index.html'), '<!doctype html>the page');
  const serving = await startServe({
    capturesFolder: join(folder, 'captures'),
    preferencesFile: join(folder, 'preferences.json'),
    version: '0',
    pageFolder,
    ...options,
  });
  return {
    folder,
    serving,
    close: async () => {
      await serving.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
